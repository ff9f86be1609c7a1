"""Scores the results of many organisations by one plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

from scorecards.scoring.plans.across import found_across, found_in_groups, group_names, is_early
from scorecards.scoring.plans.methods import Combined
from scorecards.scoring.plans.numbers import Input, Inputs, ResultsError, known
from scorecards.scoring.plans.paying import pay_parts
from scorecards.scoring.plans.plan import Across, DeclaredInput, Limits, PlanIndicator, ScoringPlan
from scorecards.scoring.plans.pointing import score_points
from scorecards.scoring.plans.results import (
    NO_RESULT,
    Compared,
    Organization,
    Result,
    compared,
    limited,
)
from scorecards.scoring.plans.scored import Points, Scored, ScoredIndicator, ScoredTotal
from scorecards.scoring.plans.trail import Trail
from scorecards.scoring.plans.weighing import Weighers

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
    found = _across(plan, works, problems, early=True)
    _stop_at(problems)
    weighers = Weighers(plan)
    for work in works:
        with _noting(problems, work):
            _keep_within_late_limits(plan, work)
            seen = {slug for slug, each in work.results.items() if each.value is not None}
            weigher = weighers.of(work.inputs, seen)
            work.points = score_points(weigher, work.results, work.inputs, work.trail)
    _stop_at(problems)
    found |= _across(plan, works, problems, early=False)
    _stop_at(problems)
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
            if plan.refuses_absent and not isinstance(each.method, Combined):
                problems.append(
                    f"{place}: there is no result for “{each.slug}”. Give it, or a reason in "
                    f"`not_scored`; or let the plan say `absent_results`: `not_scored`."
                )
                continue
            result = _ABSENT
        work.trail.about = each.slug
        with _noting(problems, work, result.place or place):
            work.inputs[each.slug] = _row_inputs(plan.inputs, own, result)
            inputs = work.inputs[each.slug]
            seen = compared(each, result, work.trail)
            if each.limits and not _are_late(plan, each.limits):
                seen = limited(each.limits, seen, inputs, work.trail)
            work.results[each.slug] = seen
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


def _are_late(plan: ScoringPlan, limits: Limits) -> bool:
    """Say whether limits are found over all organisations, and so after their values."""
    across = {each.name for each in plan.across}
    return any(isinstance(end, Input) and end.name in across for end in (limits.low, limits.high))


def _keep_within_late_limits(plan: ScoringPlan, work: _Work) -> None:
    for each in plan.indicators if plan.across else ():
        if each.limits and _are_late(plan, each.limits):
            work.trail.about = each.slug
            seen, inputs = work.results[each.slug], work.inputs[each.slug]
            work.results[each.slug] = limited(each.limits, seen, inputs, work.trail)
            work.trail.about = ""


def _across(
    plan: ScoringPlan, works: Sequence[_Work], problems: list[str], *, early: bool
) -> dict[str, Fraction]:
    """Find numbers over all organisations, or in groups, and give them to each like an input."""
    found: dict[str, Fraction] = {}
    for each in plan.across:
        if is_early(each) != early:
            continue
        scored = [(work.points, work.inputs[""]) for work in works]
        try:
            if each.by:
                groups = found_in_groups(each, scored)
                found |= group_names(each, groups)
                _give_by_group(each, works, groups, problems)
            else:
                found[each.name] = found_across(each, scored)
                _give(works, each.name, found[each.name])
        except ResultsError as wrong:
            raise ScoringError([str(wrong)]) from None
    return found


def _give(works: Sequence[_Work], name: str, value: Fraction) -> None:
    for work in works:
        for inputs in work.inputs.values():
            inputs[name] = value


def _give_by_group(
    across: Across,
    works: Sequence[_Work],
    groups: Mapping[Fraction, Fraction],
    problems: list[str],
) -> None:
    """Give each its group's number; a group without any figure has none to be given."""
    for work in works:
        with _noting(problems, work):
            key = known(Input(across.by), work.inputs[""])
            if key in groups:
                _give([work], across.name, groups[key])


def _paid(plan: ScoringPlan, work: _Work) -> Scored:
    pay, total = pay_parts(plan, work.points, work.inputs[""], work.trail)
    about, steps = zip(*work.trail.steps, strict=True) if work.trail.steps else ((), ())
    return Scored(work.organization.name, work.points, pay, total, steps, about)
