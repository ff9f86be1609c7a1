"""Spans of months: labels, ends, fiscal years, roll-up."""

from datetime import date

import pytest

from indicators.measure.calendar import Grain, Span, add_up, roll_up, spans
from indicators.measure.tally import Tally


def labels(grain, first, last, year_starts=1):
    return [span.label for span in spans(first, last, [grain], year_starts)]


@pytest.mark.parametrize(
    ("grain", "expected"),
    [
        (Grain.MONTH, ["2025-11", "2025-12", "2026-01"]),
        (Grain.QUARTER, ["2025-Q4", "2026-Q1"]),
        (Grain.YEAR, ["2025", "2026"]),
        (Grain.YEAR_TO_DATE, ["2025 to 2025-11", "2025 to 2025-12", "2026 to 2026-01"]),
        (Grain.ROLLING_12, []),
    ],
)
def test_three_months_lie_in_these_spans(grain, expected):
    assert labels(grain, (2025, 11), (2026, 1)) == expected


def test_a_rolling_year_is_listed_once_all_its_months_are_there():
    assert labels(Grain.ROLLING_12, (2025, 3), (2026, 3)) == [
        "2025-03 to 2026-02",
        "2025-04 to 2026-03",
    ]


def test_a_fiscal_year_is_named_by_the_year_in_which_it_ends():
    assert labels(Grain.YEAR, (2025, 9), (2025, 10), 10) == ["FY2025", "FY2026"]
    assert labels(Grain.QUARTER, (2025, 9), (2025, 10), 10) == ["FY2025-Q4", "FY2026-Q1"]
    assert labels(Grain.YEAR_TO_DATE, (2025, 10), (2025, 11), 10) == [
        "FY2026 to 2025-10",
        "FY2026 to 2025-11",
    ]


def test_a_span_runs_to_the_day_after_its_last_month():
    span = Span(Grain.QUARTER, (2025, 10), (2025, 12))

    assert (span.start, span.end) == (date(2025, 10, 1), date(2026, 1, 1))


def test_a_year_is_the_ratio_of_sums_and_not_the_mean_of_its_months():
    monthly = {
        (2025, 1): Tally(10, 10, numerator=9, not_met=1),
        (2025, 2): Tally(990, 990, numerator=99, not_met=891),
    }

    year = roll_up(monthly, spans((2025, 1), (2025, 2), [Grain.YEAR])[0])

    assert (year.numerator, year.eligible) == (9 + 99, 10 + 990)
    assert add_up(monthly.values()) == year
