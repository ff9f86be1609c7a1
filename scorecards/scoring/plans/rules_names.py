"""Names in a plan: inputs that are declared, figures that exist, nothing read too early."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from scorecards.scoring.plans.across import is_early
from scorecards.scoring.plans.follows import Reading, readings_in
from scorecards.scoring.plans.node import PlanProblem
from scorecards.scoring.plans.numbers import Input
from scorecards.scoring.plans.plan import ScoringPlan
from scorecards.scoring.plans.results import KEYS, NOT_SCORED, NUMBERS

Found = Iterator[PlanProblem]

_ORDER = {"indicators": 0, "domains": 1, "total": 2, "pay": 3}
_READ_AT = {"input": 0, "indicator": 0, "domain": 1, "total": 2}


def name_problems(plan: ScoringPlan) -> Found:
    """Find names that nothing bears, and figures that are read before they are found."""
    across = {each.name for each in plan.across}
    for name in sorted(across & {each.name for each in plan.inputs}):
        yield PlanProblem("across", f"“{name}” is an input too. Name them apart.")
    for declared in plan.inputs:
        if declared.name in (*KEYS, *NUMBERS, NOT_SCORED):
            yield PlanProblem(
                "inputs", f"“{declared.name}” is a column of results. Name the input otherwise."
            )
    for holder in _holders(plan):
        for name in sorted(set(inputs_used(holder.thing))):
            yield from _input(plan, holder, name)
        for reading in readings_in(holder.thing):
            yield from _reading(plan, holder.place, reading)
    yield from _across_order(plan)
    yield from _adjustments(plan)


@dataclass(frozen=True, slots=True)
class _Holder:
    """A part of the plan that asks for numbers.

    Attributes:
        has_row: whether it is asked with a row of its own.
        is_late: whether the totals are found before it.
    """

    place: str
    thing: object
    has_row: bool = False
    is_late: bool = False


def _holders(plan: ScoringPlan) -> Iterator[_Holder]:
    for each in plan.indicators:
        yield _Holder(f"indicators “{each.slug}”", each, has_row=True)
        weight = _as_input(each.weight_input)
        yield _Holder(f"indicators “{each.slug}”", weight, has_row=True)
    for domain in plan.domains:
        yield _Holder(f"domains “{domain.slug}”", domain)
        yield _Holder(f"domains “{domain.slug}”", _as_input(domain.weight_input))
    for adjustment in plan.adjustments:
        place = f"adjustments “{adjustment.name}”"
        is_row = adjustment.level == "indicators"
        yield _Holder(place, adjustment, has_row=is_row, is_late=adjustment.level == "pay")
    for across in plan.across:
        is_late = not is_early(across)
        yield _Holder(f"across “{across.name}”", (across.base, across.of), is_late=is_late)
        yield _Holder(f"across “{across.name}”", _as_input(across.by))
    for part in plan.pay:
        yield _Holder(f"pay “{part.name}”", part, is_late=True)
    yield _Holder("pay_limit", plan.pay_limit, is_late=True)


def _as_input(name: str) -> Input | None:
    return Input(name) if name else None


def _across_order(plan: ScoringPlan) -> Found:
    """Find numbers over all organisations that are asked for before they are found."""
    names = [each.name for each in plan.across]
    for at, each in enumerate(plan.across):
        asked = {*inputs_used((each.of, each.base)), each.by}
        for name in names[at:]:
            if name in asked:
                yield PlanProblem(
                    f"across “{each.name}”", f"“{name}” is found only afterwards. Move it before."
                )


def _input(plan: ScoringPlan, holder: _Holder, name: str) -> Found:
    declared = {each.name: each.of for each in plan.inputs}
    across = {each.name: each for each in plan.across}
    if name in across:
        if not holder.is_late and not is_early(across[name]):
            yield PlanProblem(holder.place, f"“{name}” is found only after the totals.")
    elif name not in declared:
        yield PlanProblem(holder.place, f"There is no input “{name}”. Declare it under `inputs`.")
    elif declared[name] == "indicator" and not holder.has_row:
        yield PlanProblem(
            holder.place,
            f"“{name}” comes with each indicator; only one of the organization fits here.",
        )


def inputs_used(thing: object) -> Iterator[str]:
    """Name every input that a part of a plan asks for."""
    if isinstance(thing, Input):
        yield thing.name
    elif isinstance(thing, Reading):
        if thing.kind == "input":
            yield thing.name
    elif isinstance(thing, tuple):
        for each in thing:
            yield from inputs_used(each)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from inputs_used(getattr(thing, field.name))


def _reading(plan: ScoringPlan, place: str, reading: Reading) -> Found:
    domains = {each.slug for each in plan.domains} if plan.has_domains else set()
    known = {"indicator": {each.slug for each in plan.indicators}, "domain": domains}
    if reading.kind in known and reading.name not in known[reading.kind]:
        yield PlanProblem(place, f"There is no {reading.kind} “{reading.name}”.")


def _adjustments(plan: ScoringPlan) -> Found:
    known = {
        "indicators": {each.slug for each in plan.indicators},
        "domains": {each.slug for each in plan.domains} if plan.has_domains else set(),
        "pay": {each.name for each in plan.pay},
        "total": set(),
    }
    for each in plan.adjustments:
        place = f"adjustments “{each.name}”"
        for name in each.names:
            if name not in known[each.level]:
                yield PlanProblem(place, f"There is nothing named “{name}” among the {each.level}.")
        for reading in readings_in(each.deed):
            if _READ_AT[reading.kind] > _ORDER[each.level]:
                yield PlanProblem(
                    place, f"It follows the {reading.kind}, which is found only afterwards."
                )
