"""Scores the results of many organisations by one plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

from scorecards.scoring.plans.across import found_across, is_early
from scorecards.scoring.plans.numbers import Inputs, ResultsError
from scorecards.scoring.plans.paying import pay_parts
from scorecards.scoring.plans.plan import DeclaredInput, PlanIndicator, ScoringPlan
from scorecards.scoring.plans.pointing import score_points
from scorecards.scoring.plans.results import (
    NO_RESULT,
    Compared,
    Organization,
    Result,
    compared,
)
from scorecards.scoring.plans.scored import Points, Scored, ScoredIndicator, ScoredTotal
from scorecards.scoring.plans.trail import Trail
from scorecards.scoring.plans.weighing import Weigher

_NO_TOTAL = ScoredTotal(None, None, "")
_ABSENT = Result(reason=NO_RESULT)


class ScoringError(ValueError):
    """Results that cannot be scored, with everything that is wrong with them."""

    def __init__(self, messages: Sequence[str]) -> None:
        """Keep the sentences apart."""
        super().__init__("\n".join(messages))
        self.messages = tuple(messages)


@dataclass(frozen=True, slots=True)
class Scores:
    """Every organisation's score, in the order given, and the numbers found over all of them."""

    organizations: tuple[Scored, ...]
    across: Mapping[str, Fraction]


@dataclass
class _Work:
    """One organisation on its way.

    Attributes:
        inputs: by slug, those of the organisation and its row; under "" its own alone.
    """

    organization: Organization
    inputs: dict[str, dict[str, Fraction]]
    results: dict[str, Compared]
    trail: Trail
    points: Points


def score_all(
    plan: ScoringPlan, organizations: Sequence[Organization], *, keep_steps: bool = False
) -> Scores:
    """Score every organisation.

    Args:
        plan: as it was read.
        organizations: each with its results by slug.
        keep_steps: whether every step is taken down.

    Raises:
        ScoringError: everything that is wrong with the results; then nothing is scored.
    """
    works = [_begun(each, keep_steps=keep_steps) for each in organizations]
    problems: list[str] = []
    for work in works:
        _compare(plan, work, problems)
    _stop_at(problems)
    found = _across(plan, works, early=True)
    weigher = Weigher(plan)
    for work in works:
        with _noting(problems, work):
            work.points = score_points(weigher, work.results, work.inputs, work.trail)
    _stop_at(problems)
    found |= _across(plan, works, early=False)
    scored = []
    for work in works:
        with _noting(problems, work):
            scored.append(_paid(plan, work))
    _stop_at(problems)
    return Scores(tuple(scored), found)


def _begun(organization: Organization, *, keep_steps: bool) -> _Work:
    nothing = Points((), (), _NO_TOTAL)
    return _Work(organization, {}, {}, Trail(is_kept=keep_steps), nothing)


def _stop_at(problems: list[str]) -> None:
    if problems:
        raise ScoringError(problems)


@contextmanager
def _noting(problems: list[str], work: _Work, place: str = "") -> Iterator[None]:
    """Note what is wrong with one organisation, and go on with the others."""
    try:
        yield
    except ResultsError as wrong:
        place = place or work.organization.place or work.organization.name
        problems.append(f"{place}: {wrong}")


def _compare(plan: ScoringPlan, work: _Work, problems: list[str]) -> None:
    """Find what is judged of each result; indicators nobody knows and absent ones are wrong."""
    given = work.organization
    place = given.place or given.name
    known = {each.slug for each in plan.indicators}
    problems += [
        f"{result.place or place}: the plan has no indicator “{slug}”. Leave the row out, or mend "
        f"its name."
        for slug, result in given.results.items()
        if slug not in known
    ]
    with _noting(problems, work):
        work.inputs[""] = _own_inputs(plan.inputs, given.inputs)
    own = work.inputs.get("", {})
    found = []
    for each in plan.indicators:
        result = given.results.get(each.slug)
        if result is None:
            if plan.refuses_absent:
                problems.append(
                    f"{place}: there is no result for “{each.slug}”. Give it, or a reason in "
                    f"`not_scored`."
                )
                continue
            result = _ABSENT
        work.trail.about = each.slug
        with _noting(problems, work, result.place or place):
            work.inputs[each.slug] = _row_inputs(plan.inputs, own, result)
            work.results[each.slug] = compared(each, result, work.inputs[each.slug], work.trail)
            found.append(_unscored(each, work.results[each.slug]))
    work.trail.about = ""
    work.points = Points(tuple(found), (), _NO_TOTAL)


def _own_inputs(declared: Sequence[DeclaredInput], given: Inputs) -> dict[str, Fraction]:
    found = dict(given)
    for each in declared:
        if each.of == "organization" and each.default is not None:
            found.setdefault(each.name, each.default)
    return found


def _row_inputs(
    declared: Sequence[DeclaredInput], own: dict[str, Fraction], result: Result
) -> dict[str, Fraction]:
    defaults = {
        each.name: each.default
        for each in declared
        if each.of == "indicator" and each.default is not None and each.name not in result.inputs
    }
    if not defaults and not result.inputs:
        return own
    return {**own, **defaults, **result.inputs}


def _unscored(indicator: PlanIndicator, found: Compared) -> ScoredIndicator:
    """Hold a compared value, before it earns anything."""
    return ScoredIndicator(
        indicator.slug, found.value, None, indicator.points, "", Fraction(0), found.reason
    )


def _across(plan: ScoringPlan, works: Sequence[_Work], *, early: bool) -> dict[str, Fraction]:
    """Find numbers over all organisations, and give them to each like an input."""
    found: dict[str, Fraction] = {}
    for each in plan.across:
        if is_early(each) != early:
            continue
        try:
            value = found_across(each, [(work.points, work.inputs[""]) for work in works])
        except ResultsError as wrong:
            raise ScoringError([str(wrong)]) from None
        found[each.name] = value
        for work in works:
            for inputs in work.inputs.values():
                inputs[each.name] = value
    return found


def _paid(plan: ScoringPlan, work: _Work) -> Scored:
    pay, total = pay_parts(plan, work.points, work.inputs[""], work.trail)
    about, steps = zip(*work.trail.steps, strict=True) if work.trail.steps else ((), ())
    return Scored(work.organization.name, work.points, pay, total, steps, about)
