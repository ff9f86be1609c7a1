"""What a scoring plan may say in the terms of a year. Pure: terms and plan, as documents.

A plan that fits can always be scored, whatever the year brings: everything that could be
wrong with it is found here, before anybody signs.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from agreements.terms.scoring_plans import differences
from indicators.measure.definition import Definition
from scorecards.plans.supplies import SUPPLIED, trial
from scorecards.scoring.plans.adjustments import Adjustment, Becomes, Multiplier
from scorecards.scoring.plans.engine import ScoringError, score_all
from scorecards.scoring.plans.follows import Factor, Follows, Several
from scorecards.scoring.plans.methods import Combined, Milestone
from scorecards.scoring.plans.node import PlanDocumentError, PlanProblem
from scorecards.scoring.plans.pay_parts import Pool
from scorecards.scoring.plans.plan import ScoringPlan
from scorecards.scoring.plans.reading import read_plan

# Of these a numerator and a denominator, added up over two years, make the result of both.
_ADDS_UP = ("proportion", "mean", "ratio", "observed_over_expected")

Found = Iterator[PlanProblem]


def fit_problems(terms: Mapping[str, Any], document: Mapping[str, Any]) -> list[PlanProblem]:
    """Find everything that keeps a plan out of these terms.

    Args:
        terms: as `agreements.terms.document` writes them; a plan that is in them is left aside.
        document: the plan.
    """
    try:
        plan = read_plan(document)
    except PlanDocumentError as wrong:
        return list(wrong.problems)
    found = [
        *(PlanProblem("", gap) for gap in differences({**terms, "scoring_plan": document})),
        *_unknown_numbers(plan),
        *_weights(plan),
        *_pay(plan),
        *_indicators(terms, plan),
        *(problem for each in plan.adjustments for problem in _follows_nothing(each)),
    ]
    return found or list(_unscorable(terms, plan))


def fit_sentences(terms: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
    """Say everything that keeps a plan out of these terms, each in a sentence."""
    return [f"The scoring plan, {problem}" for problem in fit_problems(terms, document)]


def _unknown_numbers(plan: ScoringPlan) -> Found:
    supplied = ", ".join(f"“{name}”" for name in SUPPLIED)
    for each in plan.inputs:
        if each.name not in SUPPLIED:
            yield PlanProblem(
                "inputs",
                f"A year cannot supply “{each.name}”. Write the number itself, or use one of: "
                f"{supplied}.",
            )
        elif each.of != SUPPLIED[each.name]:
            yield PlanProblem(
                "inputs", f"“{each.name}” is a number of the {SUPPLIED[each.name]}. Say so in `of`."
            )
    for across in plan.across:
        yield PlanProblem(
            "across",
            f"“{across.name}” is found over many organizations, and a year has one. Write the "
            f"published number itself.",
        )


def _weights(plan: ScoringPlan) -> Found:
    brought = [each.title for each in plan.indicators if each.weight_input]
    brought += [each.title for each in plan.domains if each.weight_input]
    for title in brought:
        yield PlanProblem(
            "", f"The weight of “{title}” comes with the results. Write the number itself."
        )


def _pay(plan: ScoringPlan) -> Found:
    """Only pools: what they pay lies between nothing and the incentive pool of the terms."""
    for part in plan.pay:
        if not isinstance(part.kind, Pool):
            yield PlanProblem(
                f"pay “{part.name}”",
                "The terms of a year pay out of pools: other parts could owe money, or pass the "
                "incentive pool. Make it a pool, with a share that follows a score.",
            )


def _indicators(terms: Mapping[str, Any], plan: ScoringPlan) -> Found:
    definitions = {
        each["slug"]: Definition.from_document(each["definition"]) for each in terms["indicators"]
    }
    for each in plan.indicators:
        definition = definitions.get(each.slug)
        if definition is None:
            continue  # which is said already
        place = f"indicators “{each.slug}”"
        if isinstance(each.method, Combined):
            yield PlanProblem(
                place, "Each indicator of a year has a result of its own. Choose another method."
            )
        if isinstance(each.method, Milestone) and definition.scoring != "milestone":
            yield PlanProblem(
                place,
                f"A milestone is reached or not, and this is a {_word(definition)}. Choose "
                f"another method.",
            )
        if each.small_numbers.rule == "pool" and definition.scoring not in _ADDS_UP:
            yield PlanProblem(
                place,
                f"The counts of two years do not make one {_word(definition)}. Choose another rule "
                f"for small numbers.",
            )


def _word(definition: Definition) -> str:
    return definition.scoring.replace("_", " ")


def _follows_nothing(adjustment: Adjustment) -> Found:
    """Find a factor of which nobody says what it is where the figure it follows is not scored."""
    deed = adjustment.deed
    if not (isinstance(deed, Multiplier | Becomes) and isinstance(deed.factor, Follows)):
        return
    if _may_be_missing(deed.factor, adjustment.level):
        yield PlanProblem(
            f"adjustments “{adjustment.name}”",
            "It follows a figure that may not be scored. Say what it is then (if_missing).",
        )


def _may_be_missing(factor: Factor | None, level: str) -> bool:
    """Say whether a factor has no value where a figure is not scored, or its unit is zero."""
    if not isinstance(factor, Follows):
        return False
    if factor.if_missing is not None:
        return _may_be_missing(factor.if_missing, level)
    reads, is_divided = factor.reads, isinstance(factor.unit, Follows)
    if isinstance(reads, Several):
        is_there = not all(_may_be_missing(each, level) for each in reads.of)
    else:
        is_there = reads.kind == "input" or level == reads.kind == "total"
    return (
        not is_there or is_divided or any(_may_be_missing(each, level) for each in factor.factors)
    )


def _unscorable(terms: Mapping[str, Any], plan: ScoringPlan) -> Found:
    """Score the plan once with every result at its baseline, and once without any."""
    for is_scored in (True, False):
        try:
            score_all(plan, [trial(terms, plan, is_scored=is_scored)])
        except ScoringError as wrong:
            yield from (PlanProblem("", message) for message in wrong.messages)
            return
