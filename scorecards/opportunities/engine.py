"""From cases to an assessment: one document, the same for the same cases. Pure."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from comanage.values.period import Period
from comanage.values.rounding import decimal_text, exact_text, fraction_from_text
from indicators.measure.criteria import CriteriaError, parse
from indicators.measure.definition import Definition
from indicators.measure.figures import typed_result
from indicators.measure.kernel import measure_groups
from indicators.measure.rate import NotScored, exact_parts, performance_rate
from indicators.measure.tally import Tally
from scorecards.opportunities.asking import Asked, AskedIndicator
from scorecards.opportunities.proposals import NoProposal, propose
from scorecards.opportunities.sizing import (
    NotSized,
    ReferenceKind,
    Sizing,
    Unit,
    average_reference,
    best_reference,
    in_days,
    in_dollars,
    judged_units,
    size,
    why_not_sized,
)
from scorecards.strata.counting import MOST_STRATA, TooManyStrata, count_strata

SCHEMA = "comanage.opportunities/1"
CHANCE_PLACES = 1
Document = dict[str, Any]


class NotAssessedError(Exception):
    """An indicator cannot be assessed on these cases. The text is for people."""


def assess_indicator(
    definition: Definition,
    asked: Asked,
    one: AskedIndicator,
    cases: pa.Table,
    months: Sequence[Period] = (),
    date_column: str = "",
) -> Document:
    """Assess one indicator.

    Args:
        definition: of the indicator.
        asked: column, scope and minimum.
        one: reference and costs.
        cases: with every column that is asked for.
        months: of the days that are assessed; none where cases are not dated.
        date_column: of type date; empty without months.

    Raises:
        NotAssessedError: the scope does not fit, or the column tells too many apart.
        CasesError: the cases do not fit the definition.
    """
    try:
        scope = parse(asked.scope, definition.columns_by_name) if asked.scope else None
    except CriteriaError as wrong:
        raise NotAssessedError(f"The scope does not fit “{definition.title}”: {wrong}") from wrong
    strata = count_strata(definition, cases, asked.column, scope)
    if isinstance(strata, TooManyStrata):
        raise NotAssessedError(
            f"{asked.label} tells {strata.found:,} values apart; at most {MOST_STRATA:,} are "
            "assessed. Choose a column with fewer."
        )
    document: Document = {
        "asked": one.to_document(),
        "definition": definition.to_document(),
        "total": strata.total.to_document(),
        "units": [{"name": each.name, "tally": each.tally.to_document()} for each in strata.listed],
        "months": [],
    }
    if months and date_column:
        groups = _month_of_each(cases.column(date_column), months)
        tallies = measure_groups(definition, cases, groups, len(months) + 1, scope)
        document["months"] = [
            {"start": month.start.isoformat(), "end": month.end.isoformat(), "tally": each}
            for month, each in zip(months, map(Tally.to_document, tallies), strict=False)
        ]
    units = [Unit(each.name, each.tally) for each in strata.listed if each.name]
    return document | _sized(definition, asked, one, units, strata.total)


def reference_of(
    definition: Definition, one: AskedIndicator, units: Sequence[Unit]
) -> Fraction | NotSized:
    """Return what the units are held against, or why there is nothing."""
    match one.reference:
        case ReferenceKind.PEER if one.peer is not None:
            return one.peer
        case ReferenceKind.BENCHMARK:
            found = benchmark_of(definition)
            return (
                NotSized("The catalogue has no benchmark in figures.") if found is None else found
            )
    refusal = why_not_sized(definition, units)
    if refusal is not None:
        return refusal
    is_best = one.reference is ReferenceKind.BEST
    return (best_reference if is_best else average_reference)(definition, units)


def benchmark_of(definition: Definition) -> Fraction | None:
    """Return the published benchmark in the unit of the rate; None where it is no one number."""
    try:
        value = fraction_from_text(definition.benchmark.get("value", ""))
    except ValueError:
        return None
    if definition.benchmark.get("unit", "") == "%":
        return value / 100
    return typed_result(definition, value)


def _sized(
    definition: Definition,
    asked: Asked,
    one: AskedIndicator,
    units: Sequence[Unit],
    total: Tally,
) -> Document:
    judged = judged_units(definition, units, asked.minimum_cases)
    reference = reference_of(definition, one, judged)
    if isinstance(reference, NotSized):
        return {"reference": None, "not_sized": reference.reason, "sizing": None, "goals": []}
    sizing = size(definition, judged, reference)
    found: Document = {"reference": exact_text(reference), "not_sized": "", "sizing": None}
    if isinstance(sizing, NotSized):
        found["not_sized"] = sizing.reason
    else:
        found["sizing"] = _sizing_document(definition, one, sizing)
    return found | _proposal(definition, total, reference)


def _sizing_document(definition: Definition, one: AskedIndicator, sizing: Sizing) -> Document:
    days = in_days(sizing.quantity, definition, one.days)
    dollars = in_dollars(sizing.quantity, definition, one.cost)
    chance = sizing.chance
    return {
        "units": sizing.units,
        "gaps": [
            {
                "name": gap.name,
                "above": exact_text(gap.above),
                "below": exact_text(gap.below),
                "at_reference": exact_text(gap.at_reference),
                "quantity": exact_text(gap.quantity),
                "is_clear": gap.is_clear,
            }
            for gap in sizing.gaps
        ],
        "quantity": exact_text(sizing.quantity),
        "clear": exact_text(sizing.clear),
        "chance": None if chance is None else decimal_text(Fraction(chance), CHANCE_PLACES),
        "days": None if days is None else exact_text(days),
        "dollars": None if dollars is None else dollars.dollars_text,
    }


def _proposal(definition: Definition, total: Tally, reference: Fraction) -> Document:
    baseline = performance_rate(total, definition)
    if isinstance(baseline, NotScored):
        return {"goals": [], "no_goals": str(baseline)}
    goals = propose(definition, baseline, reference)
    if isinstance(goals, NoProposal):
        return {"goals": [], "no_goals": goals.reason}
    above, below = exact_parts(total, definition)
    return {
        "baseline": {"numerator": exact_text(above), "denominator": exact_text(below)},
        "goals": [
            {"name": goal.name, "goal": exact_text(goal.goal), "share": exact_text(goal.share)}
            for goal in goals
        ],
        "no_goals": "",
    }


def _month_of_each(days: pa.ChunkedArray, months: Sequence[Period]) -> "np.ndarray[Any, Any]":
    """Number the month of each case; those of no month come after the last."""
    numbers = days.cast(pa.int32()).fill_null(-(2**31)).to_numpy().astype(np.int64)
    edges = list(_edges(months))
    place = np.searchsorted(np.array(edges, np.int64), numbers, side="right") - 1
    outside = (place < 0) | (place >= len(months))
    return np.where(outside, len(months), place)


def _edges(months: Sequence[Period]) -> Iterator[int]:
    """Give the first day of each month, and the day after the last, counted from 1970."""
    epoch = 719163  # the ordinal of 1 Jan 1970
    for month in months:
        yield month.start.toordinal() - epoch
    yield months[-1].end.toordinal() - epoch
