"""A settled year never passes the opinion of value."""

from datetime import date
from fractions import Fraction

import pytest

from adjudication.compensation.settle import settle
from adjudication.compensation.terms import CompensationError, OpinionCaps, PayTerms
from comanage.values import Money, Period
from scorecards.scoring.plan import IndicatorTerms, Plan, Tier
from scorecards.scoring.score import score

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))


def terms(fixed=60_000, pool=40_000, caps=(60_000, 40_000, 100_000), valid=YEAR):
    opinion = OpinionCaps(*map(Money, caps), valid)
    return PayTerms(YEAR, Money(fixed), Money(pool), opinion)


def half_of(pool):
    tiers = (Tier("target", Fraction(0), Fraction(1, 2)),)
    indicator = IndicatorTerms("a", "A", "increase", "proportion", 1, 0, 1, tiers)
    return score(Plan((indicator,), Money(pool), "unpaid"), {"a": Fraction(1)})


@pytest.mark.parametrize(
    ("caps", "fixed", "incentive"),
    [
        ((60_000, 40_000, 100_000), 60_000, 20_000),
        ((50_000, 40_000, 100_000), 50_000, 20_000),
        ((60_000, 15_000, 100_000), 60_000, 15_000),
        ((60_000, 40_000, 70_000), 60_000, 10_000),
        ((60_000, 40_000, 55_000), 55_000, 0),
    ],
)
def test_each_part_and_the_whole_stay_under_their_caps(caps, fixed, incentive):
    statement = settle(terms(caps=caps), half_of(40_000))

    assert [line.amount.cents for line in statement.lines] == [fixed, incentive]
    assert statement.total == Money(fixed + incentive)


def test_a_line_says_what_was_not_paid_and_why():
    statement = settle(terms(caps=(60_000, 15_000, 100_000)), half_of(40_000))

    assert statement.lines[0].basis == "Fixed fee for 1 Jan 2026 to 31 Dec 2026: $600.00."
    assert statement.lines[1].basis == (
        "50.00 of 100 points of a pool of $400.00: $200.00, limited to $150.00 by the "
        "fair-market-value opinion; $50.00 not paid."
    )


@pytest.mark.parametrize(
    "valid",
    [
        Period(date(2026, 1, 2), date(2027, 1, 1)),
        Period(date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_an_opinion_that_does_not_cover_every_day_settles_nothing(valid):
    with pytest.raises(CompensationError, match="does not cover 1 Jan 2026 to 31 Dec 2026"):
        settle(terms(valid=valid), half_of(40_000))


def test_a_score_of_another_pool_settles_nothing():
    with pytest.raises(
        CompensationError, match=r"a pool of \$500.00, the pay terms about \$400.00"
    ):
        settle(terms(), half_of(50_000))


@pytest.mark.parametrize("amounts", [{"fixed": -1}, {"pool": -1}, {"caps": (-1, 0, 0)}])
def test_negative_terms_are_refused(amounts):
    with pytest.raises(CompensationError, match="is negative"):
        terms(**amounts)


def test_a_statement_is_written_in_plain_values():
    document = settle(terms(), half_of(40_000)).to_document()

    assert document["total"] == "800.00"
    assert [line["component"] for line in document["lines"]] == ["fixed_fee", "incentive"]
    assert document["steps"][-1]["output"] == "$800.00"
