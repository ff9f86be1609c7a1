"""Thousands of damaged plans: each is refused in sentences, or scores without a crash."""

import copy
import json
import random
from fractions import Fraction

import pytest

from scorecards.scoring.plans.engine import ScoringError, score_all
from scorecards.scoring.plans.node import PlanDocumentError
from scorecards.scoring.plans.reading import read_plan
from scorecards.scoring.plans.results import Counts, Organization, Result
from tests.worked_examples.test_plan_examples import EXAMPLES

pytestmark = pytest.mark.long
PLANS = [json.loads(example["plan"]) for example in EXAMPLES.values()]
JUNK = [
    *(None, True, False, 0, -1, 1, 10**30, "", "x", "0", "-1", "1e9", "50%", "1/0", "1/3", "none"),
    *("9" * 300, "\ud800", [], {}, [1], ["a", "a"], {"a": 1}, {"input": "base"}, {"to": "0"}),
    *({"input": "nobody"}, {"reads": {"total": True}}),
]
CASES = 20_000


def paths(document, before=()):
    """Name every place in a document."""
    if before:
        yield before
    pairs = ()
    if isinstance(document, dict | list):
        pairs = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in pairs:
        yield from paths(value, (*before, key))


def damaged(chance):
    document = copy.deepcopy(chance.choice(PLANS))
    for _ in range(chance.randint(1, 2)):
        *way, last = chance.choice(list(paths(document)))
        holder = document
        for key in way:
            holder = holder[key]
        if chance.random() < 0.25:
            del holder[last]
        else:
            holder[last] = copy.deepcopy(chance.choice(JUNK))
        if not document:
            break
    return document


def results_for(plan, chance):
    def value():
        return Fraction(chance.randint(-5, 40), chance.choice([1, 10, 20]))

    def inputs(of):
        return {each.name: value() for each in plan.inputs if each.of == of}

    def result():
        now = Counts(value(), cases=Fraction(chance.randint(0, 60)))
        baseline = Counts(value()) if chance.random() < 0.5 else Counts()
        prior = Counts(None, Fraction(3), Fraction(30))
        reason = "" if chance.random() < 0.8 else "Gone."
        return Result(now, baseline, prior, reason, inputs("indicator"))

    return [
        Organization(name, {i.slug: result() for i in plan.indicators}, inputs("organization"))
        for name in "AB"
    ]


def outcome(document, chance):
    """Say whether a plan was refused, or read; whatever is said has words."""
    try:
        plan = read_plan(document)
    except PlanDocumentError as refused:
        return "refused", [str(problem) for problem in refused.problems]
    try:
        score_all(plan, results_for(plan, chance), keep_steps=chance.random() < 0.5)
    except ScoringError as refused:
        return "read", refused.messages
    return "read", ["scored"]


def test_no_damaged_plan_crashes_the_program():
    chance = random.Random(412165)

    found = [outcome(damaged(chance), chance) for _ in range(CASES)]

    assert all(said and all(said) for _, said in found)
    assert CASES * 0.02 < sum(kind == "read" for kind, _ in found) < CASES * 0.5
