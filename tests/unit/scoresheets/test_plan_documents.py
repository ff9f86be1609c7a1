"""Plans that cannot be used are refused, each fault in one sentence; the schema agrees."""

import json
from pathlib import Path

import jsonschema
import pytest

import scorecards.scoresheets
import scorecards.scoring.plans
from scorecards.scoring.plans.node import PlanDocumentError
from scorecards.scoring.plans.reading import read_plan
from tests.unit.scoresheets.conftest import TIERS, indicator, planned
from tests.worked_examples.test_plan_examples import EXAMPLES

SCHEMA = json.loads(
    (Path(scorecards.scoring.plans.__file__).parent / "plan.schema.json").read_text("utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
ROOM = Path(scorecards.scoresheets.__file__).parent
POOL = {"name": "pool", "kind": "pool", "amount": "100.00", "by": "indicator"}
DOMAINS = [
    {"slug": "a", "title": "A", "weight": "60", "score": "weighted_mean"},
    {"slug": "b", "title": "B", "weight": "30", "score": "weighted_mean"},
]
RULES = {"indicators": "redistribute", "domains": "redistribute"}
IN_ONE = {
    "indicators": [indicator(domain="a")],
    "missing": RULES,
}
ONE_DOMAIN = {"slug": "a", "title": "A", "score": "earned_of_available"}


def steps(*tiers, **more):
    return indicator(method={"kind": "steps", "tiers": list(tiers), **more})


def without(name):
    return {key: value for key, value in planned().items() if key != name}


def in_domains(**changes):
    """A plan with two domains, changed."""
    held = [indicator(slug=slug, domain=slug) for slug in "ab"]
    plan = {"domains": DOMAINS, "indicators": held, "missing": RULES, "weights_add_up_to": "90"}
    return planned(**{**plan, **changes})


def adjusted(deed, to=None, **changes):
    adjustment = {"name": "x", "to": to or {"total": True}, **deed}
    return in_domains(adjustments=[adjustment], **changes)


def saved(*corridors):
    """A share of savings in corridors."""
    return {
        "name": "s", "kind": "savings", "benchmark": "1", "actual": "1",
        "corridors": list(corridors),
    }  # fmt: skip


CHANGE = {"kind": "change", "of": "difference", "tiers": TIERS}
BEST_OF = {"kind": "best_of", "methods": [CHANGE]}


def combined(*parts, **changes):
    """A plan whose indicator `both` is combined of parts."""
    both = indicator(slug="both", method={"kind": "combined", "of": list(parts)}, **changes)
    return planned(indicators=[both, indicator(slug="a"), indicator(slug="b")])


def when(*missing, **weights):
    """A plan with weights for one case of missing domains."""
    case = {"missing": list(missing), "weights": weights}
    return in_domains(missing={**RULES, "weights_when": [case]})


def across(*numbers, **changes):
    """A plan with numbers over all organizations."""
    return in_domains(across=list(numbers), inputs=[{"name": "group"}], **changes)


def scored_by(**method):
    """A plan whose indicator has a method."""
    return planned(indicators=[indicator(method=method)])


def with_bonus(**changes):
    """A plan of one domain with a bonus."""
    looks = [{"indicator": "on-time", "floor": "0", "threshold": "1"}]
    bonus = {"kind": "weakest_link", "points": "5", "positions": looks, **changes}
    return planned(**IN_ONE, domains=[{**ONE_DOMAIN, "bonus": bonus}])


ACHIEVEMENT = {"kind": "achievement_improvement", "threshold": "0.8", "benchmark": "0.9"}
MIDDLE = {"percentile": "50", "value": "0.8"}
LADDER = {
    "kind": "percentiles",
    "cutoffs": [MIDDLE, {"percentile": "90", "value": "0.9"}],
    "bands": {"tiers": [{"name": "half", "goal": "50", "earns": "1"}]},
}
FLAT = {"name": "flat", "kind": "rate", "base": "1", "rate": "1"}
BY_TOTAL = {**POOL, "by": "total"}
RESETS = {"benchmark": "1", "actual": "1", "cases": "1", "base_cases": "1"}
MEAN = {"name": "mean", "kind": "mean", "of": {"indicator": "a"}}
X = {"input": "x"}
COMES = {"goal": X, "earns": X}
WITH_INPUTS = planned(
    inputs=[{"name": "x"}],
    indicators=[
        steps(
            {**TIERS[0], "goal": X, "earns": X}, TIERS[1], {"name": "top", "goal": X, "earns": X}
        ),
        indicator(slug="b", method={**ACHIEVEMENT, "threshold": X, "benchmark": X}),
    ],
    total={"kind": "average"},
    pay=[
        {**BY_TOTAL, "amount": X, "share": {"reads": {"total": True}}},
        saved({"above": "0", "share": "0"}, {"above": X, "share": X}, {"above": "1", "share": "1"}),
    ],
    pay_limit={"amount": X, "source": "the opinion"},
)
GOOD = [
    planned(),
    in_domains(),
    planned(pay=[POOL]),
    planned(pay=[{**POOL, "amount": "0"}]),
    planned(indicators=[], pay=[FLAT]),
    WITH_INPUTS,
    adjusted({"cap": {"most": "50"}}),
    adjusted({"gate": {"reads": {"domain": "a"}, "at_least": 50}}),
    *(json.loads(example["plan"]) for example in EXAMPLES.values()),
    *(json.loads(path.read_text("utf-8")) for path in ROOM.glob("examples/*/plan.json")),
]
# What the shape alone tells; the schema refuses it too.
MISSHAPEN = [
    (
        planned(
            adjustments=[{"name": "s", "to": {"total": True}, "becomes": {"reads": {"sum": []}}}]
        ),
        "adjustments[0].becomes.reads.sum: There is nothing to make a figure of.",
    ),
    ({}, "title: This is needed."),
    (planned(pool="100"), "pool: There is no such field here."),
    (planned(schema="other/2"), "schema: This program reads plans of the schema"),
    (without("missing") | {"missing": {}}, "missing.indicators: This is needed."),
    (
        planned(small_numbers={"minimum_cases": 20}),
        "small_numbers.rule: This is needed.",
    ),
    (
        planned(small_numbers={"minimum_cases": -1, "rule": "pool"}),
        "small_numbers.minimum_cases: This field takes a whole number, zero or more.",
    ),
    (
        planned(indicators=[indicator(slug="On Time")]),
        "indicators[0].slug: A short name has small letters, digits and single hyphens.",
    ),
    (
        planned(indicators=[indicator(improvement="up")]),
        "indicators[0].improvement: This field takes one of: increase, decrease.",
    ),
    (
        planned(indicators=[steps({**TIERS[0], "goal": "1e3x"})]),
        "indicators[0].method.tiers[0].goal: This field takes an exact number, such as",
    ),
    (
        planned(indicators=[indicator(method={"kind": "magic"})]),
        "indicators[0].method.kind: This field takes one of: steps, line,",
    ),
    (planned(pay=[{**POOL, "by": "referrals"}]), "pay[0].by: This field takes one of:"),
    (
        planned(indicators=[indicator(method={"kind": "best_of", "methods": [BEST_OF]})]),
        "indicators[0].method.methods[0].kind: Methods are named side by side",
    ),
    (
        planned(indicators=[indicator(method={**CHANGE, "of": "gap"})]),
        "indicators[0].method.goal: This is needed.",
    ),
    (
        planned(indicators=[indicator(method={**CHANGE, "goal": "1"})]),
        "indicators[0].method.goal: There is no such field here.",
    ),
    (planned(pay=[saved()]), "pay[0].share_rate: This is needed."),
    (planned(inputs=[{"name": "x", "words": {"Yes": "y"}}]), "inputs[0].words.Yes: This field"),
    (adjusted({}), "adjustments[0]: An adjustment does exactly one thing"),
    (
        adjusted({"gate": {"reads": {"domain": "a"}, "at_least": 1, "below": 2}}),
        "adjustments[0].gate: A gate compares in exactly one way: at_least, at_most, above, below.",
    ),
    (
        adjusted({"cap": {"most": "1"}}, to={"total": True, "pay": ["x"]}),
        "adjustments[0].to: Name exactly one of: indicators, domains, total, pay.",
    ),
    (adjusted({"cap": {}}), "adjustments[0].cap: A cap has a most, a least, or both."),
    (
        planned(indicators=[steps({**TIERS[0], "beyond": "yes"})]),
        "indicators[0].method.tiers[0].beyond: This field takes true or false.",
    ),
    (combined() | {}, "indicators[0].method.of: This field takes a list of names."),
    (
        planned(
            pay=[
                {
                    "name": "s",
                    "kind": "savings",
                    "share_rate": "1",
                    "per_case": {**RESETS, "year": "1"},
                }
            ]
        ),
        "pay[0].per_case.base_year: A base that resets has both: year and base_year.",
    ),
    (
        adjusted({"gate": {"reads": {}, "at_least": 1}}),
        "adjustments[0].gate.reads: Name exactly one figure",
    ),
]
CONTRADICTORY = [
    (
        planned(**IN_ONE, domains=[{**ONE_DOMAIN, "best": 2}]),
        "domains “a”: The best 2 count, of 1 indicators, and 1 must be scored.",
    ),
    (
        planned(
            **{**IN_ONE, "missing": {"indicators": "unpaid", "domains": "unpaid"}},
            domains=[{**ONE_DOMAIN, "best": 1}],
        ),
        "domains “a”: The best count where the weight of the others goes to them",
    ),
    (
        planned(**IN_ONE, domains=[{**ONE_DOMAIN, "weight": "0"}]),
        "domains: No domain has a weight.",
    ),
    (
        planned(**IN_ONE, domains=[ONE_DOMAIN], total={"minimum_scored": 2}),
        "total: It needs 2 scored indicators, and has 1.",
    ),
    (
        without("small_numbers"),
        "indicators[0].small_numbers: There is no rule for small numbers. Say here or",
    ),
    (without("missing"), "missing: This is needed."),
    (
        planned(indicators=[steps(TIERS[1], {**TIERS[0], "earns": "1"})]),
        "indicators “on-time”: Tiers out of order: the goal of “threshold”, 0.8, is no better than",
    ),
    (
        planned(indicators=[steps({**TIERS[0], "earns": "1"}, {**TIERS[1], "earns": "0.5"})]),
        "indicators “on-time”: “target” earns 0.5, less than “threshold”.",
    ),
    (
        planned(indicators=[steps({**TIERS[0], "earns": "2"})]),
        "indicators “on-time”: Its method earns 2; that must be from 0 to its points, 1.",
    ),
    (
        in_domains(weights_add_up_to="100"),
        "domains: The weights add up to 90, not to 100. Mend them.",
    ),
    (
        planned(indicators=[indicator(weight="40"), indicator(slug="b", weight="50")])
        | {"weights_add_up_to": "100"},
        "indicators: The weights add up to 90, not to 100. Mend them.",
    ),
    (
        planned(indicators=[indicator(weight="40")]),
        "weights_add_up_to: Weights are given: say what they must add up to, such as 100.",
    ),
    (
        planned(indicators=[indicator(weight="40"), indicator(slug="b")]),
        "indicators: Some have a weight and some do not. Give each one, or none.",
    ),
    (
        planned(indicators=[indicator(), indicator()]),
        "indicators: “on-time” is there more than once. Keep one of them.",
    ),
    (
        planned(
            indicators=[
                indicator(method={**CHANGE, "tiers": [TIERS[1], {**TIERS[0], "earns": "1"}]})
            ]
        ),
        "indicators “on-time”: Tiers out of order: the goal of “threshold”, 0.8, is no better than",
    ),
    (
        planned(
            indicators=[
                indicator(method={**BEST_OF, "methods": [{**CHANGE, "without_baseline": "2"}]})
            ]
        ),
        "indicators “on-time”: Its method earns 2; that must be from 0 to its points, 1.",
    ),
    (combined("b", "c"), "indicators “both”: “c” is no indicator with a result of its own."),
    (combined("both"), "indicators “both”: “both” is no indicator with a result of its own."),
    (combined("a", "a"), "indicators “both”: “a” is combined more than once."),
    (combined("a", points="2"), "indicators “both”: “a” needs the points and the domain of what"),
    (
        in_domains(
            indicators=[
                *(indicator(slug=slug, domain="a") for slug in "ac"),
                indicator(slug="b", domain="b", method={"kind": "combined", "of": ["a"]}),
            ]
        ),
        "indicators “b”: “a” needs the points and the domain of what it is combined to.",
    ),
    (
        combined("a")
        | {"adjustments": [{"name": "x", "to": {"indicators": ["a"]}, "cap": {"most": "1"}}]},
        "indicators “both”: An adjustment of “a” would change nothing. Name the combined one.",
    ),
    (planned(indicators=[indicator(per="0")]), "indicators “on-time”: Per is 0; it must be above"),
    (
        planned(indicators=[indicator(weight={"input": "w"})]),
        "indicators “on-time”: There is no input “w”. Declare it under `inputs`.",
    ),
    (when("c", a="90", b="0"), "missing.weights_when[0]: There is no domain “c”."),
    (when("a", b="80"), "missing.weights_when[0]: The weights add up to 80, not to 90. Mend them."),
    (
        when("a", a="60", b="30"),
        "missing.weights_when[0]: Give a weight, zero too, to each domain that is left.",
    ),
    (
        across(
            {**MEAN, "of": {"reads": {"indicator": "a"}, "least": {"input": "late"}}},
            {**MEAN, "name": "late"},
        ),
        "across “mean”: “late” is found only afterwards. Move it before.",
    ),
    (across({**MEAN, "by": "peers"}), "across “mean”: There is no input “peers”. Declare it"),
    (
        planned(pay=[saved({"above": "5%", "share": "1"}, {"above": "5%", "share": "0.5"})]),
        "pay “s”: Corridors rise: one begins at 0.05, after 0.05.",
    ),
    (
        planned(pay=[saved({"above": "0", "share": "2"})]),
        "pay “s”: A corridor shares 2; that must be from 0 to 1.",
    ),
    (
        planned(pay=[{**POOL, "amount": "-1"}]),
        "pay “pool”: The pool is -$1.00; it cannot be negative.",
    ),
    (
        planned(pay=[POOL], pay_limit={"amount": "99.99", "source": "the opinion"}),
        "pay: The pools add up to $100.00, above the limit of $99.99 set by the opinion. Lower",
    ),
    (
        planned(pay=[{**POOL, "amount": {"input": "pool"}}]),
        "pay “pool”: There is no input “pool”. Declare it under `inputs`.",
    ),
    (planned(pay=[{**POOL, "amount": "0.005"}]), "pay “pool”: The pool is finer than a cent."),
    (
        planned(inputs=[{"name": "cases"}]),
        "inputs: “cases” is a column of results. Name the input otherwise.",
    ),
    (
        planned(indicators=[indicator(limits={"low": "2", "high": "1", "past": "clamp"})]),
        "indicators “on-time”: The limits end before they begin.",
    ),
    (
        planned(
            indicators=[
                indicator(
                    method={
                        "kind": "achievement_improvement",
                        "threshold": "0.9",
                        "benchmark": "0.8",
                    }
                )
            ]
        ),
        "indicators “on-time”: The benchmark 0.8 is no better than the threshold 0.9.",
    ),
    (
        in_domains(
            indicators=[
                *(indicator(slug=slug, domain=slug) for slug in "ab"),
                indicator(slug="c", domain="c"),
            ]
        ),
        "indicators “c”: There is no domain “c”.",
    ),
    (
        in_domains(
            across=[
                {
                    "name": "cutoff",
                    "kind": "percentile",
                    "of": {"total": True},
                    "share": "75",
                    "method": "linear",
                }
            ]
        ),
        "across “cutoff”: The share is 75; that of a percentile is from 0 to 1.",
    ),
    (
        adjusted({"multiplier": {"reads": {"total": True}}}, to={"domains": ["a"]}),
        "adjustments “x”: It follows the total, which is found only afterwards.",
    ),
    (
        adjusted({"cap": {"most": "1"}}, to={"pay": ["bonus"]}),
        "adjustments “x”: There is nothing named “bonus” among the pay.",
    ),
    (
        adjusted({"cap": {"most": "50"}}, pay=[{**POOL, "by": "domain"}]),
        "pay “pool”: It is paid by domain, so the adjustment “x” would change nothing.",
    ),
    (
        in_domains(
            across=[{"name": "mean", "kind": "mean", "of": {"total": True}}],
            indicators=[
                indicator(slug="a", domain="a"),
                indicator(
                    slug="b",
                    domain="b",
                    method={"kind": "excess", "reference": {"input": "mean"}},
                ),
            ],
        ),
        "indicators “b”: “mean” is found only after the totals.",
    ),
    (
        planned(indicators=[]),
        "indicators: The plan has neither an indicator nor a part of pay.",
    ),
    (
        planned(indicators=[], domains=[ONE_DOMAIN], missing=RULES, pay=[FLAT]),
        "domains “a”: No indicator is in this domain.",
    ),
    (
        planned(**IN_ONE, domains=[ONE_DOMAIN, {**ONE_DOMAIN, "slug": "b"}]),
        "domains “b”: No indicator is in this domain.",
    ),
    *(
        (
            planned(**IN_ONE, domains=[{**ONE_DOMAIN, **wrong}]),
            "domains “a”: Scale and times must be above zero, and the weight is zero or more.",
        )
        for wrong in ({"weight": "-1"}, {"scale": "0"}, {"times": "0"})
    ),
    (
        planned(**IN_ONE, domains=[{**ONE_DOMAIN, "minimum_scored": 2}]),
        "domains “a”: It needs 2 scored indicators, and has 1. The least is 1.",
    ),
    (
        planned(**IN_ONE, domains=[{**ONE_DOMAIN, "score": "weighted_mean", "times": "2"}]),
        "domains “a”: Only points earned of points available take a bonus, times or rounding.",
    ),
    *(
        (with_bonus(**wrong), "domains “a”: A bonus has points above zero, and positions.")
        for wrong in ({"points": "0"}, {"positions": []})
    ),
    (
        with_bonus(positions=[{"indicator": "other", "floor": "0", "threshold": "1"}]),
        "domains “a”: The bonus looks at “other”, which is not in this domain.",
    ),
    (
        in_domains(total={"minimum_domains": 3}),
        "total: It needs 3 scored domains, and there are 2. The least is 1.",
    ),
    (in_domains(total={"scale": "0"}), "total: The scale must be above zero."),
    (
        in_domains(
            domains=[*DOMAINS, {**DOMAINS[0], "slug": "c", "weight": "0"}],
            indicators=[indicator(slug=slug, domain=slug) for slug in "abc"],
            missing={
                **RULES,
                "weights_when": [{"missing": ["a"], "weights": {"b": "91", "c": "-1"}}],
            },
        ),
        "missing.weights_when[0]: A weight is negative; it must be zero or more.",
    ),
    (
        in_domains(
            missing={**RULES, "weights_when": [{"missing": ["a"], "weights": {"b": "90"}}] * 2}
        ),
        "missing.weights_when[1]: These missing domains are there more than once.",
    ),
    (planned(indicators=[steps()]), "indicators “on-time”: There is no tier."),
    (
        planned(indicators=[indicator(weight="0")], weights_add_up_to="0"),
        "indicators “on-time”: The weight is 0; it must be above zero.",
    ),
    (
        scored_by(kind="best_of", methods=[]),
        "indicators “on-time”: There is no method to choose from.",
    ),
    (
        scored_by(**ACHIEVEMENT, achievement={"slope": "0", "plus": "0", "most": "10"}),
        "indicators “on-time”: The slope of points must be above zero.",
    ),
    *(
        (
            scored_by(**ACHIEVEMENT, achievement={"slope": "9", "plus": "0", "most": most}),
            f"indicators “on-time”: The most is {most}, of 10 points.",
        )
        for most in ("0", "11")
    ),
    (
        scored_by(**LADDER | {"cutoffs": []}),
        "indicators “on-time”: A percentile ladder has cut-offs and bands.",
    ),
    (
        scored_by(**LADDER | {"cutoffs": [{"percentile": "101", "value": "1"}]}),
        "indicators “on-time”: Percentiles are from 0 to 100.",
    ),
    (
        scored_by(
            **LADDER | {"cutoffs": [LADDER["cutoffs"][0], {"percentile": "50", "value": "1"}]}
        ),
        "indicators “on-time”: P50 comes after P50.",
    ),
    (
        scored_by(
            **LADDER | {"cutoffs": [{"percentile": "5", "value": "1"}, LADDER["cutoffs"][1]]}
        ),
        "indicators “on-time”: The value at P90 is no better than the one before.",
    ),
    (
        adjusted(
            {"cap": {"most": {"input": "each"}}}, inputs=[{"name": "each", "of": "indicator"}]
        ),
        "adjustments “x”: “each” comes with each indicator; only one of the organization fits",
    ),
    (
        adjusted({"gate": {"reads": {"domain": "c"}, "at_least": 1}}),
        "adjustments “x”: There is no domain “c”.",
    ),
    (
        planned(indicators=[], pay=[BY_TOTAL]),
        "pay “pool”: A pool needs indicators to be paid by.",
    ),
    (
        planned(pay=[{**POOL, "most": {"other": "1"}}]),
        "pay “pool”: “other” has a cap, and no part of this pool.",
    ),
    (
        planned(pay=[{**POOL, "by": "domain"}]),
        "pay “pool”: A pool that is paid by domain needs domains.",
    ),
    (
        planned(pay=[POOL], total={"kind": "average"}),
        "pay “pool”: The scores it is paid by are sums or averages without a whole.",
    ),
    (
        adjusted({"cap": {"most": "1"}, "only": "paid"}),
        "adjustments[0].only: Only pay is paid or owed. Leave it out.",
    ),
    (
        planned(pay=[{**POOL, "share": {"reads": {"total": True}}}]),
        "pay[0].share: Only a pool that is paid by the total takes a share.",
    ),
    (
        planned(indicators=[indicator(round_result={"to": "0"})]),
        "indicators[0].round_result.to: A figure is rounded to a unit above zero",
    ),
    (planned(inputs=[{"name": "x", "words": {" ": "1"}}]), "inputs[0].words: A word is empty."),
]


def sentences(document):
    with pytest.raises(PlanDocumentError) as refused:
        read_plan(document)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize("document", GOOD, ids=lambda document: document["title"])
def test_a_good_plan_is_read_and_fits_the_schema(document):
    read_plan(document)
    VALIDATOR.validate(document)


@pytest.mark.parametrize(("document", "sentence"), MISSHAPEN)
def test_a_misshapen_plan_is_refused_by_program_and_schema(document, sentence):
    assert any(found.startswith(sentence) for found in sentences(document)), sentences(document)
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize(("document", "sentence"), CONTRADICTORY)
def test_a_plan_that_contradicts_itself_is_refused_with_one_sentence(document, sentence):
    found = sentences(document)

    assert len(found) == 1
    assert found[0].startswith(sentence)


def test_everything_that_is_wrong_is_said_at_once():
    wrong = planned(title="", indicators=[indicator(improvement="up", weight="x")])

    assert len(sentences(wrong)) == 3


@pytest.mark.parametrize("document", [None, [], "x", 1, {"indicators": 5}, {"pay": [[]]}])
def test_a_document_that_is_no_plan_is_refused(document):
    assert sentences(document)
