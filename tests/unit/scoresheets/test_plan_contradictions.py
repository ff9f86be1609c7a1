"""A plan that contradicts itself is refused, each fault in one sentence."""

import pytest

from tests.unit.scoresheets.conftest import TIERS, indicator, planned
from tests.unit.scoresheets.plans import (
    ACHIEVEMENT,
    BEST_OF,
    BY_TOTAL,
    CHANGE,
    DOMAINS,
    FLAT,
    IN_ONE,
    LADDER,
    MEAN,
    ONE_DOMAIN,
    POOL,
    RULES,
    across,
    adjusted,
    combined,
    in_domains,
    saved,
    scored_by,
    sentences,
    steps,
    when,
    with_bonus,
    without,
)

# Of an indicator: its tiers, points, limits and method.
INDICATORS = [
    (
        without("small_numbers"),
        "indicators[0].small_numbers: There is no rule for small numbers. Say here or",
    ),
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
        planned(indicators=[indicator(round_result={"to": "0"})]),
        "indicators[0].round_result.to: A figure is rounded to a unit above zero",
    ),
]
# Of domains, weights and the total.
WEIGHTS = [
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
    (without("missing"), "missing: This is needed."),
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
    (when("c", a="90", b="0"), "missing.weights_when[0]: There is no domain “c”."),
    (when("a", b="80"), "missing.weights_when[0]: The weights add up to 80, not to 90. Mend them."),
    (
        when("a", a="60", b="30"),
        "missing.weights_when[0]: Give a weight, zero too, to each domain that is left.",
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
]
# Of names, and of what is read before it is found.
NAMES = [
    (
        planned(indicators=[indicator(), indicator()]),
        "indicators: “on-time” is there more than once. Keep one of them.",
    ),
    (
        planned(indicators=[indicator(weight={"input": "w"})]),
        "indicators “on-time”: There is no input “w”. Declare it under `inputs`.",
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
        planned(pay=[{**POOL, "amount": {"input": "pool"}}]),
        "pay “pool”: There is no input “pool”. Declare it under `inputs`.",
    ),
    (
        planned(inputs=[{"name": "cases"}]),
        "inputs: “cases” is a column of results. Name the input otherwise.",
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
        adjusted({"cap": {"most": "1"}, "only": "paid"}),
        "adjustments[0].only: Only pay is paid or owed. Leave it out.",
    ),
    (planned(inputs=[{"name": "x", "words": {" ": "1"}}]), "inputs[0].words: A word is empty."),
]
# Of the pay.
PAY = [
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
    (planned(pay=[{**POOL, "amount": "0.005"}]), "pay “pool”: The pool is finer than a cent."),
    (
        adjusted({"cap": {"most": "50"}}, pay=[{**POOL, "by": "domain"}]),
        "pay “pool”: It is paid by domain, so the adjustment “x” would change nothing.",
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
        planned(pay=[{**POOL, "share": {"reads": {"total": True}}}]),
        "pay[0].share: Only a pool that is paid by the total takes a share.",
    ),
]


@pytest.mark.parametrize(("document", "sentence"), [*INDICATORS, *WEIGHTS, *NAMES, *PAY])
def test_a_plan_that_contradicts_itself_is_refused_with_one_sentence(document, sentence):
    found = sentences(document)

    assert len(found) == 1
    assert found[0].startswith(sentence)
