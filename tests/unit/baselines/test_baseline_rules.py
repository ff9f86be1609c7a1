"""What a baseline may be, and how it is written without rounding."""

from datetime import date
from fractions import Fraction
from uuid import uuid4

import pytest

from comanage.values.period import Period
from comanage.web.errors import PolicyError
from scorecards.baselines import policies
from scorecards.baselines.engine import as_decimals
from scorecards.intake.queries import SliceFacts

YEAR = Period(date(2024, 1, 1), date(2025, 1, 1))


def slice_of(period, rows=1):
    return SliceFacts(
        id=uuid4(),
        period=period,
        version=1,
        rows=rows,
        sha256="",
        logical_sha256="",
        storage_name="",
        filename="",
        file_sha256="",
        received_at="",
    )


def test_slices_that_follow_each_other_cover_their_period():
    policies.check_is_covered(YEAR, [slice_of(quarter) for quarter in YEAR.quarters()])


def test_one_day_that_was_not_sent_is_enough():
    part = Period(YEAR.start, date(2024, 12, 31))

    with pytest.raises(PolicyError, match=f"Received inside it: {part}"):
        policies.check_is_covered(YEAR, [slice_of(part)])


def test_history_ends_on_the_day_before_the_year():
    policies.check_is_history(YEAR, year_starts_on=YEAR.end)
    with pytest.raises(PolicyError, match="A baseline is history"):
        policies.check_is_history(YEAR, year_starts_on=date(2024, 12, 31))


def test_two_million_cases_are_counted_and_one_more_is_not():
    policies.check_can_be_counted(YEAR, [slice_of(YEAR, 1_000_000), slice_of(YEAR, 1_000_000)])
    with pytest.raises(PolicyError, match="more than 2,000,000 cases"):
        policies.check_can_be_counted(YEAR, [slice_of(YEAR, 1_000_000), slice_of(YEAR, 1_000_001)])


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 2), (0, 0), (1, -1)])
def test_a_baseline_below_zero_or_over_nothing_is_refused(numerator, denominator):
    with pytest.raises(PolicyError, match="below zero"):
        policies.check_can_be_kept(Fraction(numerator), Fraction(denominator))


def test_a_baseline_has_twelve_digits_at_most():
    most = Fraction(10**18 - 1, 10**6)
    policies.check_can_be_kept(most, most)
    with pytest.raises(PolicyError, match="twelve digits"):
        policies.check_can_be_kept(Fraction(10**12), Fraction(1))


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        ((Fraction(9), Fraction(100)), (9, 100, 1)),
        ((Fraction("19240.123456"), Fraction(5200)), (Fraction("19240.123456"), 5200, 1)),
        ((Fraction(7, 2), Fraction(1)), (Fraction("3.5"), 1, 1)),
        # 41 cases at a published rate of 53 in 660; 660 is 20 times 33.
        ((Fraction(3), Fraction(41 * 53, 660)), (3 * 33, Fraction(41 * 53, 20), 33)),
        ((Fraction(1, 3), Fraction(1, 7)), (7, 3, 21)),
        ((Fraction(1, 2**7), Fraction(1)), (Fraction(1, 2**6), 2, 2)),
    ],
)
def test_both_parts_are_multiplied_until_they_are_decimals(parts, written):
    numerator, denominator, times = as_decimals(*parts)

    assert (numerator, denominator, times) == written
    assert numerator / denominator == parts[0] / parts[1]
    assert (numerator * 10**6).denominator == (denominator * 10**6).denominator == 1
