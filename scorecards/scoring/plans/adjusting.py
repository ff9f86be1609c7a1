"""Gates, multipliers, caps and roundings: what is done to a figure after it is found."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import assert_never

from scorecards.scoring.plans.adjustments import Adjustment, Becomes, Cap, Gate, Multiplier
from scorecards.scoring.plans.curves import earned_on
from scorecards.scoring.plans.follows import Factor, Follows, Logistic, Reading, Several
from scorecards.scoring.plans.numbers import (
    ONE,
    ZERO,
    Inputs,
    ResultsError,
    Rounding,
    between,
    known,
    logistic,
    rounded,
)
from scorecards.scoring.plans.plan import ScoringPlan
from scorecards.scoring.plans.scored import Points, read_figure
from scorecards.scoring.plans.trail import Trail

Compare = Callable[[Fraction, Fraction], bool]
_COMPARES: Mapping[str, Compare] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "above": operator.gt,
    "below": operator.lt,
}


def factor_of(factor: Factor, points: Points, inputs: Inputs, trail: Trail) -> Fraction | None:
    """Find a factor; None where the figure it follows is not scored and nothing is said of that.

    Raises:
        ResultsError: an input is absent.
    """
    if not isinstance(factor, Follows):
        return known(factor, inputs)
    found = _followed(factor, points, inputs, trail)
    if found is None and factor.if_missing is not None:
        return factor_of(factor.if_missing, points, inputs, trail)
    return found


def _followed(factor: Follows, points: Points, inputs: Inputs, trail: Trail) -> Fraction | None:
    """Find what follows a figure; None where that, or one that its numbers follow, is absent."""
    figure = _figure(factor, points, inputs, trail)
    if figure is None:
        return None
    numbers = [
        None if number is None else factor_of(number, points, inputs, trail)
        for number in factor.factors
    ]
    are_absent = [
        given is not None and found is None
        for given, found in zip(factor.factors, numbers, strict=True)
    ]
    start, unit, times, plus, least, most = numbers
    if any(are_absent) or (unit == 0 and factor.if_missing is not None):
        return None
    value = _placed(factor, figure, (start or ZERO, unit or ZERO), inputs, trail)
    times, plus = times or ZERO, plus or ZERO
    found = rounded(between(value * times + plus, least, most), factor.rounding)
    trail.add(
        "Factor",
        "What is earned on the figure, times, plus, within its bounds."
        if factor.curve
        else "The figure, times, plus, within its bounds.",
        (
            *((reading_name(factor.reads), figure), ("Earned on it", value)),
            *(("Times", times), ("Plus", plus)),
        ),
        found,
    )
    return found


def _figure(factor: Follows, points: Points, inputs: Inputs, trail: Trail) -> Fraction | None:
    """Find the figure that a factor follows; None where it is not scored."""
    reads = factor.reads
    if isinstance(reads, Several):
        return _of_several(reads, points, inputs, trail)
    figure = read_figure(reads, points, inputs)
    if figure is None and reads.kind == "input" and factor.if_missing is None:
        raise ResultsError(f"The plan needs “{reads.name}”, and it is empty. Give it.")
    return figure


def _of_several(several: Several, points: Points, inputs: Inputs, trail: Trail) -> Fraction | None:
    found = [factor_of(each, points, inputs, trail) for each in several.of]
    there = [each for each in found if each is not None]
    if not there:
        return None
    match several.kind:
        case "sum":
            figure = sum(there, ZERO)
        case "mean":
            figure = sum(there, ZERO) / len(there)
        case "highest":
            figure = max(there)
        case "lowest":
            figure = min(there)
    trail.add(
        reading_name(several),
        "What is not scored is left aside.",
        [(str(place), each) for place, each in enumerate(found, 1)],
        figure,
    )
    return figure


def _placed(
    factor: Follows,
    figure: Fraction,
    scale: tuple[Fraction, Fraction],
    inputs: Inputs,
    trail: Trail,
) -> Fraction:
    """Count a figure from its start by its unit, and find its place on the curves."""
    if factor.is_counted:
        figure = _counted(factor.reads, figure, *scale, trail)
    if factor.logistic:
        figure = _on_the_logistic(factor.logistic, figure, inputs, trail)
    if factor.curve:
        figure, _ = earned_on(factor.curve, factor.improvement, figure, inputs, trail)
    return figure


def _counted(
    reads: Reading | Several, figure: Fraction, start: Fraction, unit: Fraction, trail: Trail
) -> Fraction:
    if not unit:
        raise ResultsError(
            f"“{reading_name(reads)}” is counted by a unit of zero. Mend the unit, or say in the "
            f"plan what it is then (if_missing)."
        )
    found = (figure - start) / unit
    trail.add(
        "Counted",
        "(figure - start) / unit.",
        (("Figure", figure), ("Start", start), ("Unit", unit)),
        found,
    )
    return found


def _on_the_logistic(curve: Logistic, figure: Fraction, inputs: Inputs, trail: Trail) -> Fraction:
    middle, steepness = known(curve.middle, inputs), known(curve.steepness, inputs)
    found = logistic(steepness * (figure - middle), curve.rounding)
    trail.add(
        "Logistic",
        f"1 / (1 + e ** (-steepness x (figure - middle))), rounded {curve.rounding}.",
        (("Figure", figure), ("Middle", middle), ("Steepness", steepness)),
        found,
    )
    return found


def reading_name(reading: Reading | Several) -> str:
    """Name a figure for a person."""
    if isinstance(reading, Several):
        return f"The {reading.kind} of several"
    if reading.kind == "total":
        return "Total" if reading.part != "share" else "Share of the total"
    return (
        reading.name if reading.part in ("value", "score") else f"{reading.part} of {reading.name}"
    )


def adjustments_of(plan: ScoringPlan, level: str, name: str) -> list[Adjustment]:
    """List what is done to a figure, in the order of the plan."""
    return [
        each
        for each in plan.adjustments
        if each.level == level and (level == "total" or name in each.names)
    ]


def adjusted(
    adjustment: Adjustment, figure: Fraction, points: Points, inputs: Inputs, trail: Trail
) -> Fraction:
    """Do to a figure what the adjustment says.

    Raises:
        ResultsError: an input or a figure it follows is absent.
    """
    deed = adjustment.deed
    match deed:
        case Gate():
            found = figure * _passage(deed, points, inputs, trail)
            rule = "Times 1 where the gate is open, else times what a closed one lets through."
        case Multiplier():
            factor = _needed(adjustment, deed.factor, points, inputs, trail)
            found, rule = figure * factor, f"Times {factor}."
        case Becomes():
            found = _needed(adjustment, deed.factor, points, inputs, trail)
            rule = "Another figure takes its place."
        case Cap():
            least, most = (
                None if bound is None else known(bound, inputs) for bound in (deed.least, deed.most)
            )
            found = between(figure, least, most)
            rule = (
                f"At least {least}, at most {most}."
                if least is not None and most is not None
                else (f"At most {most}." if least is None else f"At least {least}.")
            )
        case Rounding():
            found, rule = deed.of(figure), f"Rounded {deed}."
        case _:
            assert_never(deed)
    trail.add(adjustment.name, rule, (("Before", figure),), found)
    return found


def _needed(
    adjustment: Adjustment, factor: Factor, points: Points, inputs: Inputs, trail: Trail
) -> Fraction:
    found = factor_of(factor, points, inputs, trail)
    if found is None:
        raise ResultsError(
            f"“{adjustment.name}” follows a figure that is not scored. Say in the plan what it is "
            f"then (if_missing)."
        )
    return found


def _passage(gate: Gate, points: Points, inputs: Inputs, trail: Trail) -> Fraction:
    figure, limit = read_figure(gate.reads, points, inputs), known(gate.limit, inputs)
    is_open = gate.open_if_missing if figure is None else _COMPARES[gate.compare](figure, limit)
    passage = ONE if is_open else known(gate.closed, inputs)
    trail.add(
        "Gate open" if is_open else "Gate closed",
        f"Open where the figure is {gate.compare.replace('_', ' ')} the limit.",
        ((reading_name(gate.reads), figure), ("Limit", limit)),
        passage,
    )
    return passage
