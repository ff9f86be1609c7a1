"""How the values of real files are read: marks, forms, lost zeros, suppressed figures."""

from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from indicators.measure.columns import ColumnType
from scorecards.intake.conversion import convert, expected_shape
from scorecards.intake.spec import FeedColumn


def column(kind, **changes):
    return FeedColumn("a", "a", kind, **changes)


def values(kind, texts, *, has_own_types=False, **changes):
    cells = pa.array(texts, pa.string())
    return convert(column(kind, **changes), cells, has_own_types=has_own_types).values.to_pylist()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1931", 1931),
        ("1,931", 1931),
        ("-12,345,678", -12_345_678),
        ("19,31", None),
        ("1,93", None),
        ("0,931", None),
        (",931", None),
        ("1,931,", None),
        ("1 931", None),
        ("$5", None),
        ("1,931.0", None),
    ],
)
def test_thousands_are_read_where_they_are_declared(text, value):
    assert values(ColumnType.WHOLE, [text], marks=("thousands",)) == [value]


def test_marks_that_are_not_declared_are_no_numbers():
    assert values(ColumnType.DECIMAL, ["1,931", "$5", "85%", "5"]) == [None, None, None, Decimal(5)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$25,753.96", "25753.96"),
        ("25753.9", "25753.9"),
        ("-$5", "-5"),
        ("$-5", "-5"),
        ("$", None),
        ("5$", None),
        ("$ 5", None),
        ("($5.00)", None),
        ("$5.005", None),
        ("$1,0000", None),
    ],
)
def test_dollars_are_read_to_the_cent(text, value):
    read = values(ColumnType.DECIMAL, [text], marks=("dollar", "thousands"), places=2)

    assert read == [None if value is None else Decimal(value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("85.2%", "0.852"),
        ("85 %", "0.85"),
        ("100%", "1"),
        ("0.0%", "0"),
        ("-0.5%", "-0.005"),
        ("1,085.2%", "10.852"),
        ("85.20%", "0.852"),
        ("85.25%", None),
        ("85.2", None),
        ("85.2%%", None),
        ("%85", None),
        ("6 out of 10", None),
    ],
)
def test_percentages_are_divided_by_a_hundred_exactly_and_every_cell_carries_the_sign(text, value):
    read = values(ColumnType.DECIMAL, [text], marks=("percent", "thousands"), places=3)

    assert read == [None if value is None else Decimal(value)]


def test_a_day_is_read_in_any_declared_form_and_in_no_other():
    texts = ["07/01/2020", "7/1/19", "1-Jul-18", "2020-07-01", "13/01/2020", None, "07/01/2020"]

    read = values(ColumnType.DATE, texts, forms=("MM/DD/YYYY", "M/D/YY", "D-MON-YYYY", "D-MON-YY"))

    first = date(2020, 7, 1)
    assert read == [first, date(2019, 7, 1), date(2018, 7, 1), None, None, None, first]


def test_the_calendar_has_no_year_zero():
    read = [
        values(ColumnType.DATE, ["0000-01-01", "0001-01-01"], forms=forms)
        for forms in ((), ("YYYY-MM-DD", "M/D/YYYY"))
    ]

    assert read == [[None, date.min]] * 2


def test_a_day_with_a_time_is_a_day_only_at_midnight():
    texts = ["7/1/2019 12:00:00 AM", "7/1/2019 12:00:00 PM"]

    read = values(ColumnType.DATE, texts, forms=("M/D/YYYY H:MI:SS AM",))

    assert read == [date(2019, 7, 1), None]


def test_moments_are_read_in_declared_forms():
    texts = ["07/01/2020 9:05 PM", "07/01/2020 09:05", "20200701090507", "2020-07-01 09:05"]

    read = values(
        ColumnType.MOMENT, texts, forms=("MM/DD/YYYY H:MI AM", "MM/DD/YYYY HH:MI", "YYYYMMDDHHMISS")
    )

    assert read == [
        datetime.fromisoformat("2020-07-01 21:05"),
        datetime.fromisoformat("2020-07-01 09:05"),
        datetime.fromisoformat("2020-07-01 09:05:07"),
        None,
    ]


def test_a_file_with_types_of_its_own_gives_iso_beside_the_declared_forms():
    days = values(ColumnType.DATE, ["2020-07-01", "7/1/20"], has_own_types=True, forms=("M/D/YY",))
    moments = values(
        ColumnType.MOMENT,
        ["2020-07-01", "2020-07-01 10:00:00", "7/1/20 10:00"],
        has_own_types=True,
        forms=("M/D/YY H:MI",),
    )

    assert days == [date(2020, 7, 1)] * 2
    assert [str(moment) for moment in moments] == [
        "2020-07-01 00:00:00",
        "2020-07-01 10:00:00",
        "2020-07-01 10:00:00",
    ]


def test_lost_leading_zeros_are_given_back_to_the_declared_width_and_marked():
    cells = pa.array(["10001", "010001", "01013F", "1", "1234567", "", "99"])

    read = convert(column(ColumnType.CODE, width=6, missing=("99",)), cells)

    assert read.values.to_pylist() == [
        *("010001", "010001", "01013F", "000001", None, None, None),
    ]
    assert read.restored.tolist() == [True, False, False, True, False, False, False]
    assert read.bad.tolist() == [False] * 4 + [True, False, False]


def test_a_code_that_excel_was_made_to_keep_is_what_stands_inside():
    cells = pa.array(['="010001"', ' ="10001" ', '="99"', '=""', '="a"b"', "=A1"])

    read = convert(column(ColumnType.CODE, width=6, missing=("99",)), cells)

    assert read.values.to_pylist() == ["010001", "010001", None, None, '="a"b"', "=A1"]
    assert read.unwrapped.tolist() == [True] * 4 + [False] * 2
    assert read.restored.tolist() == [False, True] + [False] * 4
    assert read.missing.tolist() == [False, False, True, True, False, False]
    assert values(ColumnType.WHOLE, ['="5"']) == [None]


def test_suppressed_is_neither_missing_nor_zero_nor_bad():
    cells = pa.array(["5", "***", "Too Few to Report", "", "99/99", "Not Available"])

    read = convert(
        column(ColumnType.WHOLE, suppressed=("***", "Too Few to Report"), missing=("99/99",)), cells
    )

    assert read.values.to_pylist() == [5, None, None, None, None, None]
    assert read.suppressed.tolist() == [False, True, True, False, False, False]
    assert read.missing.tolist() == [False, False, False, True, True, False]
    assert read.bad.tolist() == [False] * 5 + [True]
    assert read.undeclared.tolist() == read.bad.tolist()


@pytest.mark.parametrize(
    "text",
    [
        *("N/A", "n/a", "Not Available", "Not Applicable", "N/A (5)", "Too Few to Report", "***"),
        *("#N/A", "Not Reported", "Too Few to Report (1, 7)"),
    ],
)
@pytest.mark.parametrize("kind", ColumnType)
def test_marks_of_public_files_are_never_values_unless_declared(kind, text):
    cells = pa.array([text])

    undeclared = convert(column(kind), cells)
    declared = convert(column(kind, missing=(text,)), cells)

    assert undeclared.undeclared.tolist() == undeclared.bad.tolist() == [True]
    assert declared.missing.tolist() == [True]
    assert not declared.bad.any()


def test_a_mark_on_the_code_list_is_a_code():
    assert values(ColumnType.CODE, ["N/A"], codes=("N/A", "X")) == ["N/A"]


@pytest.mark.parametrize("kind", ColumnType)
def test_distinct_texts_read_once_give_the_same_as_every_cell(kind):
    texts = [
        "A1",
        "1",
        "2026-01-31",
        "2026-01-31 14:05",
        "yes",
        "N/A",
        "***",
        "?",
        "",
        " 1 ",
        '="7"',
    ]
    cells = pa.array(texts * 3)
    asked = column(kind, suppressed=("***",), missing=("yes",))

    plain, distinct = convert(asked, cells), convert(asked, cells.dictionary_encode())

    assert distinct.values.equals(plain.values)
    assert distinct.texts.equals(plain.texts)
    for name in ("missing", "bad", "suppressed", "restored", "unwrapped", "undeclared"):
        assert getattr(distinct, name).tolist() == getattr(plain, name).tolist()


def test_what_was_expected_is_said_as_it_is_declared():
    said = [
        expected_shape(column(ColumnType.WHOLE, marks=("thousands",))),
        expected_shape(column(ColumnType.DECIMAL, marks=("dollar",), places=2)),
        expected_shape(column(ColumnType.DECIMAL, marks=("percent",), places=3)),
        expected_shape(column(ColumnType.DATE, forms=("MM/DD/YYYY", "M/D/YY"))),
        expected_shape(column(ColumnType.CODE, width=6)),
    ]

    assert said == [
        "a whole number, written like 1,234",
        "a number with at most 16 digits and 2 decimals, written like $1234.5",
        "a percentage with its sign, written like 85.2%, whose hundredth has at most 3 decimals",
        "a day, written like MM/DD/YYYY or M/D/YY",
        "a code of at most 6 digits, or one with letters",
    ]
