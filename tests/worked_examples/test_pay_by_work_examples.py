"""The worked examples of years that pay by work."""

import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from adjudication.compensation.components import Done, further_dues
from adjudication.compensation.settle import settle
from adjudication.compensation.terms import OpinionCaps, PayTerms
from comanage.values import Money, Period
from scorecards.scoring.plan import IndicatorTerms, Plan, Tier
from scorecards.scoring.score import score

EXAMPLES = tomllib.loads((Path(__file__).parent / "pay_by_work.toml").read_text("utf-8"))["example"]
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
WHOLE = {"start": "2026-01-01", "end": "2027-01-01", "payee": None}
NO_CAPS = {"month_cap": None, "quarter_cap": None, "year_cap": None}


def earning(pool):
    tiers = (Tier("target", Fraction(0), Fraction(1)),)
    indicator = IndicatorTerms("a", "A", "increase", "proportion", 1, 0, 1, tiers)
    return score(Plan((indicator,), pool, "unpaid"), {"a": Fraction(1)})


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_a_year_of_work_is_settled_as_the_pencil_says(example):
    dollars = Money.from_dollars
    fee, pool, total = (dollars(example[name]) for name in ("fixed_fee", "earned", "total"))
    further = {kind: dollars(cap) for kind, cap in example["caps"].items()}
    terms = PayTerms(YEAR, fee, pool, OpinionCaps(fee, pool, total, YEAR, further))
    components = [WHOLE | NO_CAPS | component for component in example["components"]]
    work = [{"npi": "1234567893", **total} for total in example["work"]]
    scored = earning(pool)
    done = Done(work, example.get("savings", []), Fraction(example.get("points", 0)))

    statement = settle(terms, scored, further_dues(components, done, YEAR))

    lines = [[line.component, line.amount.dollars_text] for line in statement.lines]
    assert lines == example["lines"]
