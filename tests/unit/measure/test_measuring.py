"""Tallies, rates and intervals."""

from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest

from indicators.measure.columns import Column, ColumnType
from indicators.measure.criteria import parse
from indicators.measure.definition import Definition
from indicators.measure.kernel import measure, measure_all
from indicators.measure.rate import NotScored, NotScoredReason, performance_rate
from indicators.measure.statistics.intervals import wilson_interval
from indicators.measure.tally import Tally, TallyError

COLUMNS = (
    Column("team", ColumnType.CODE, "Team"),
    Column("cost", ColumnType.DECIMAL, "Cost"),
)
MEAN_COST = Definition(
    "cost", "Cost", "mean", "decrease", "USD", COLUMNS, observation="cost",
    denominator_exclusion="team = 'research'",
)  # fmt: skip
CHEAP = Definition(
    "cheap", "Cheap", "proportion", "increase", "percent", COLUMNS, numerator="cost < 1"
)
CASES = pa.table(
    {
        "team": ["a", "a", "b", "research", None],
        "cost": pa.array(
            [Decimal("0.10"), Decimal("0.20"), None, Decimal("9.99"), Decimal("0.30")],
            pa.decimal128(18, 2),
        ),
    }
)


def test_a_mean_leaves_out_what_is_excluded_and_what_is_missing():
    tally = measure(MEAN_COST, CASES)

    assert tally == Tally(
        initial_population=5,
        denominator=5,
        denominator_exclusions=1,
        missing=2,  # no cost of team b; no team for the last, which is therefore not excluded
        numerator_sum=Fraction("0.10") + Fraction("0.20") + Fraction("0.30"),
        numerator=3,
        observations=3,
    )


def test_a_case_whose_scope_is_not_known_is_out_and_counted_missing():
    scope = parse("team = 'a'", CHEAP.columns_by_name)

    tally = measure(CHEAP, CASES, scope)

    assert tally == Tally(initial_population=2, denominator=2, numerator=2, missing=1)


def test_several_indicators_are_measured_at_once():
    together = measure_all([CHEAP, MEAN_COST], CASES)

    assert together == {"cheap": measure(CHEAP, CASES), "cost": measure(MEAN_COST, CASES)}


def test_a_table_without_cases_gives_an_empty_tally():
    assert measure(CHEAP, CASES.slice(0, 0)) == measure(MEAN_COST, CASES.slice(0, 0)) == Tally()


def test_eligible_cases_are_the_denominator_less_exclusions_and_exceptions():
    tally = Tally(
        initial_population=12,
        denominator=10,
        denominator_exclusions=3,
        denominator_exceptions=1,
        numerator=4,
        not_met=2,
    )

    assert tally.eligible == 10 - 3 - 1


@pytest.mark.parametrize(
    "counts",
    [
        {"numerator": -1},
        {"initial_population": True},
        {"initial_population": 1.0},
        {"initial_population": 1, "denominator": 2},
        {"initial_population": 1, "denominator": 1, "numerator": 1, "not_met": 1},
        {"numerator_sum": 0.5},
    ],
)
def test_counts_that_cannot_come_from_placing_cases_are_refused(counts):
    with pytest.raises(TallyError):
        Tally(**counts)


def test_a_tally_does_not_add_to_a_number():
    with pytest.raises(TypeError):
        Tally() + 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"numerator": "1"}, "whole numbers"),
        ({"numerator_sum": "1e5"}, "A sum or a value is not a number"),
        ({"rate": 1}, "do not match: rate"),
    ],
)
def test_a_document_that_is_not_a_tally_is_refused(changes, message):
    with pytest.raises(TallyError, match=message):
        Tally.from_document({**Tally().to_document(), **changes})


@pytest.mark.parametrize(
    ("tally", "definition", "minimum", "rate"),
    [
        (Tally(20, 20, numerator=5, not_met=15), CHEAP, 20, Fraction(5, 20)),
        (Tally(20, 20, not_met=20), CHEAP, 0, Fraction(0)),
        (Tally(4, 4, observations=3, numerator_sum=Fraction(7)), MEAN_COST, 3, Fraction(7, 3)),
        (Tally(), CHEAP, 0, NotScoredReason.NO_DATA),
        (Tally(5), CHEAP, 0, NotScoredReason.NO_ELIGIBLE_CASES),
        (
            Tally(2, 2, denominator_exclusions=1, denominator_exceptions=1),
            CHEAP,
            0,
            NotScoredReason.NO_ELIGIBLE_CASES,
        ),
        (Tally(19, 19, numerator=19), CHEAP, 20, NotScoredReason.TOO_FEW_CASES),
        (Tally(4, 4, missing=4), MEAN_COST, 0, NotScoredReason.NO_DATA),
        (Tally(4, 4, observations=3), MEAN_COST, 4, NotScoredReason.TOO_FEW_CASES),
    ],
)
def test_there_is_a_rate_or_the_reason_why_not(tally, definition, minimum, rate):
    expected = NotScored(rate) if isinstance(rate, NotScoredReason) else rate

    assert performance_rate(tally, definition, minimum) == expected


@pytest.mark.parametrize("reason", NotScoredReason)
def test_every_reason_is_said_in_words(reason):
    assert str(NotScored(reason)).endswith(".")


def test_the_interval_of_10_in_100_is_wilsons():
    low, high = wilson_interval(10, 100)

    # By hand: (0.1 + 0.0192) / 1.0384 +- 1.96 / 1.0384 * sqrt(0.0009 + 0.000096)
    assert low == pytest.approx(0.0552, abs=0.0001)
    assert high == pytest.approx(0.1744, abs=0.0001)


def test_the_interval_stays_within_0_and_1():
    assert wilson_interval(0, 5)[0] == 0
    assert wilson_interval(5, 5)[1] == 1


def test_without_cases_there_is_no_interval():
    assert wilson_interval(0, 0) is None


@pytest.mark.parametrize(("numerator", "eligible"), [(-1, 5), (6, 5)])
def test_more_met_than_judged_is_no_proportion(numerator, eligible):
    with pytest.raises(ValueError, match="is not a proportion"):
        wilson_interval(numerator, eligible)
