"""A file of work is read whole, or refused with everything that is wrong with it."""

from datetime import date
from decimal import Decimal

import pytest

from agreements.work.totals import MOST_ROWS, Total, TotalsError, month_of, read_totals
from comanage.values import Period

HEAD = "part,npi,month,minutes,wrvus\n"
ROW = "1,1234567893,2026-03,960,\n"


def refused(content):
    with pytest.raises(TotalsError) as wrong:
        read_totals(content.encode() if isinstance(content, str) else content)
    return list(wrong.value.reasons)


def test_totals_are_read_exactly():
    text = "\ufeffNPI,part,month,wrvus,minutes\r\n1234567893,2,2026-03,412.35,\r\n"

    assert read_totals((HEAD + ROW).encode()) == [
        Total(1, "1234567893", date(2026, 3, 1), minutes=960, where="Row 2")
    ]
    assert read_totals(text.encode()) == [
        Total(2, "1234567893", date(2026, 3, 1), wrvus=Decimal("412.35"), where="Row 2")
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe", "not text in UTF-8"),
        ("", "must name the columns part, npi, month, minutes, wrvus"),
        ("part,npi,month,minutes\n", "must name the columns"),
        ("part,npi,month,minutes,part\n", "must name the columns"),
        (HEAD + '1,"12\n', "quotes do not close"),
        (HEAD + ROW * (MOST_ROWS + 1), "more than 5,000 rows"),
        (HEAD + "1,1234567893\n", "Row 2 has another number of cells"),
        (HEAD + "1,1234567893,2026-03,1,,1\n", "Row 2 has another number of cells"),
        (HEAD + "x,1234567893,2026-03,1,\n", "Row 2: part is the number"),
        (HEAD + "1,1234567893,2026-13,1,\n", "Row 2: month is written"),
        (HEAD + "1,1234567893,0000-01,1,\n", "Row 2: month is written"),
        (HEAD + "1,1234567893,2026-03,1.5,\n", "Row 2: minutes is a whole number"),
        (HEAD + "1,1234567893,2026-03,,1e3\n", "Row 2: wrvus is a number"),
        (HEAD + "1,1234567893,2026-03,,-1\n", "Row 2: wrvus is a number"),
        (HEAD + ROW + ROW, "Row 3 is about the same part, physician and month as row 2"),
    ],
)
def test_a_file_that_is_wrong_is_refused(content, reason):
    (said,) = refused(content)

    assert reason in said


def test_every_reason_is_given():
    assert len(refused(HEAD + "x,1,y,z,-\n" + "y,1,2026-01,1,\n")) == 5


@pytest.mark.parametrize(
    ("starts_on", "day", "month"),
    [
        (date(2026, 1, 15), date(2026, 3, 1), Period(date(2026, 3, 15), date(2026, 4, 15))),
        (date(2026, 1, 15), date(2027, 1, 1), None),
    ],
)
def test_a_month_is_found_by_the_calendar_month_in_which_it_begins(starts_on, day, month):
    year = Period(starts_on, starts_on.replace(year=2027))

    assert month_of(year, day) == month
