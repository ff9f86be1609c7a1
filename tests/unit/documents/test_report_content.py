"""How old the frozen cases are, as the report says it from the snapshot alone."""

from datetime import date

import pytest

from adjudication.package.content import _freshness
from comanage.values.period import Period

YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))


def quarter(start, end, received_at):
    return {"start": start, "end": end, "received_at": f"{received_at}T23:30:00+00:00"}


FIRST = quarter("2025-01-01", "2025-04-01", "2026-02-01")  # restated after the others came
BEGINNING = "Data through 31 Mar 2025, received 1 Feb 2026, 23:30 UTC."
WHOLE = "Data through 31 Dec 2025, received 9 Jan 2026, 23:30 UTC."
OTHERS = quarter("2025-04-01", "2026-01-01", "2026-01-09")


@pytest.mark.parametrize(
    ("slices", "sentence"),
    [
        ([], "No data of this year was accepted."),
        ([OTHERS, FIRST], WHOLE),
        (
            [OTHERS],
            f"{WHOLE} No file covers 90 days of the year.",
        ),
        (
            [FIRST],
            f"{BEGINNING} No file covers 275 days of the year.",
        ),
    ],
)
def test_the_report_says_how_fresh_its_cases_are_and_what_they_lack(slices, sentence):
    assert _freshness(slices, YEAR) == sentence
