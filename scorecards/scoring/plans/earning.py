"""What one indicator's value earns by its method, with the steps taken down."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from scorecards.scoring.plans.curves import Curve, CurveTier, earned_on
from scorecards.scoring.plans.methods import (
    AchievementImprovement,
    Band,
    BestOf,
    Change,
    Combined,
    Excess,
    Method,
    Milestone,
    Percentiles,
    Scale,
    Single,
    Straight,
    Tiers,
)
from scorecards.scoring.plans.numbers import (
    ONE,
    ZERO,
    Improvement,
    Inputs,
    ResultsError,
    Rounding,
    between,
    is_better,
    known,
    rounded,
)
from scorecards.scoring.plans.trail import Trail

_QUIET = Trail(is_kept=False)


@dataclass(frozen=True, slots=True)
class Earned:
    """What a value earns.

    Attributes:
        reached: the name of what it reached; empty where it has none.
        figures: what was found on the way, by name.
    """

    points: Fraction
    reached: str = ""
    figures: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A value that is to be judged.

    Attributes:
        value: as it is compared.
        baseline: what it was before; None where nobody knows.
        available: points of the indicator.
    """

    value: Fraction
    baseline: Fraction | None
    improvement: Improvement
    available: Fraction
    inputs: Inputs


def points_of(method: Method, judged: Judged, trail: Trail) -> Earned:
    """Find what a value earns by a method.

    Raises:
        ResultsError: an input is absent, or makes no sense.
    """
    if isinstance(method, BestOf):
        return _best_of(method, judged, trail)
    if isinstance(method, Change):
        return _changed(method, judged, trail)
    if isinstance(method, Combined):
        raise ResultsError("What is combined of others has no result of its own. Leave it out.")
    return _points_of_one(method, judged, trail)


def _points_of_one(method: Single, judged: Judged, trail: Trail) -> Earned:
    match method:
        case Tiers():
            curve, improvement = method.curve, judged.improvement
            return Earned(*earned_on(curve, improvement, judged.value, judged.inputs, trail))
        case AchievementImprovement():
            return _achieved_or_improved(method, judged, trail)
        case Percentiles():
            return _on_the_ladder(method, judged, trail)
        case Band():
            return Earned(_in_the_band(method, judged, trail))
        case Milestone():
            return Earned(_reached(method, judged, trail))
        case Scale():
            return Earned(_scaled(method, judged, trail))
        case Excess():
            return Earned(_excess(method, judged, trail))
    assert_never(method)


class NoBaselineError(ResultsError):
    """There is no baseline that a change could be found from."""


def _changed(method: Change, judged: Judged, trail: Trail) -> Earned:
    """Find what a change earns.

    Raises:
        NoBaselineError: there is none to find it from, and nothing is said of that.
    """
    change = _change(method, judged)
    if change is None:
        if method.without_baseline is None:
            raise NoBaselineError(
                "There is no baseline to change from, or it is zero. Give one, or a reason, or say "
                "in the plan what is earned then (without_baseline)."
            )
        return Earned(known(method.without_baseline, judged.inputs))
    trail.add(
        "Change",
        {
            "difference": "How much better the value is than the baseline.",
            "relative": "How much better the value is than the baseline, of the baseline.",
            "gap": "How much better the value is than the baseline, of the way to the goal.",
        }[method.measure],
        (("Value", judged.value), ("Baseline", judged.baseline)),
        change,
    )
    points, name = earned_on(method.curve, "increase", change, judged.inputs, trail)
    return Earned(points, name, (("change", change),))


def _change(method: Change, judged: Judged) -> Fraction | None:
    """Return the change; None where there is no baseline, or none to divide by."""
    if judged.baseline is None:
        return None
    sign = 1 if judged.improvement == "increase" else -1
    better = sign * (judged.value - judged.baseline)
    if method.measure == "difference":
        return better
    if method.measure == "relative":
        return better / abs(judged.baseline) if judged.baseline else None
    goal = known(ZERO if method.goal is None else method.goal, judged.inputs)
    way = sign * (goal - judged.baseline)
    if way > 0:
        return better / way
    return ZERO if is_better(judged.improvement, goal, judged.value) else ONE


def _best_of(method: BestOf, judged: Judged, trail: Trail) -> Earned:
    found: list[tuple[int, Earned]] = []
    missing: NoBaselineError | None = None
    for number, each in enumerate(method.methods, 1):
        try:
            found.append((number, points_of(each, judged, trail)))
        except NoBaselineError as wrong:
            missing = wrong
    if not found:
        raise missing or ResultsError("No method earns anything. Name one in the plan.")
    figures = tuple((f"method_{number}", each.points) for number, each in found)
    best = max((each for _, each in found), key=lambda each: each.points)
    points = best.points
    if method.is_sum:
        points = min(sum((each.points for _, each in found), ZERO), judged.available)
    rule = (
        "All together, up to the points of the indicator." if method.is_sum else "The best of all."
    )
    trail.add("Several methods", rule, figures, points)
    return Earned(points, best.reached, figures)


def _achieved_or_improved(method: AchievementImprovement, judged: Judged, trail: Trail) -> Earned:
    threshold = known(method.threshold, judged.inputs)
    benchmark = known(method.benchmark, judged.inputs)
    if not is_better(judged.improvement, benchmark, threshold):
        raise ResultsError("The benchmark is no better than the threshold. Mend them.")
    found: dict[str, Fraction] = {}
    if method.counts != "improvement":
        found["achievement"] = _achieved(method, judged, threshold, benchmark, trail)
    if method.counts != "achievement" and judged.baseline is not None:
        found["improvement"] = _improved(method, judged, judged.baseline, benchmark, trail)
    if not found:
        raise NoBaselineError("There is no baseline to improve on. Give it, or a reason.")
    best = max(found, key=lambda name: found[name])
    trail.add("Points", "The better of both counts.", tuple(found.items()), found[best])
    return Earned(found[best], best, tuple(found.items()))


def _achieved(
    method: AchievementImprovement,
    judged: Judged,
    threshold: Fraction,
    benchmark: Fraction,
    trail: Trail,
) -> Fraction:
    line = method.achievement
    if is_better(judged.improvement, threshold, judged.value):
        points = ZERO
    elif not is_better(judged.improvement, benchmark, judged.value):
        points = line.most
    else:
        position = (judged.value - threshold) / (benchmark - threshold)
        points = _on(line, position, method.rounding)
    if not trail.is_kept:
        return points
    trail.add(
        "Achievement",
        f"{line.most} at the benchmark, 0 short of the threshold; between them "
        f"{line.slope} x (value - threshold) / (benchmark - threshold) + {shown_sum(line.plus)}"
        f"{rounding_words(method.rounding)}.",
        (("Value", judged.value), ("Threshold", threshold), ("Benchmark", benchmark)),
        points,
    )
    return points


def _improved(
    method: AchievementImprovement,
    judged: Judged,
    baseline: Fraction,
    benchmark: Fraction,
    trail: Trail,
) -> Fraction:
    line = method.improvement
    if not is_better(judged.improvement, judged.value, baseline):
        points = ZERO
    elif not is_better(judged.improvement, benchmark, judged.value):
        points = line.most
    else:
        position = (judged.value - baseline) / (benchmark - baseline)
        points = _on(line, position, method.rounding)
    if not trail.is_kept:
        return points
    trail.add(
        "Improvement",
        f"0 where the value is no better than the baseline, {line.most} at the benchmark; else "
        f"{line.slope} x (value - baseline) / (benchmark - baseline) + {shown_sum(line.plus)}"
        f"{rounding_words(method.rounding)}, from 0 to {line.most}.",
        (("Value", judged.value), ("Baseline", baseline), ("Benchmark", benchmark)),
        points,
    )
    return points


def _on(line: Straight, position: Fraction, rounding: Rounding | None) -> Fraction:
    return between(rounded(line.slope * position + line.plus, rounding), ZERO, line.most)


def shown_sum(number: Fraction) -> str:
    """Write what is added, in brackets where it is taken away."""
    return f"({number})" if number < 0 else str(number)


def rounding_words(rounding: Rounding | None) -> str:
    """Say how a figure is rounded, after a comma; nothing where it is not."""
    return f", rounded {rounding}" if rounding else ""


def _on_the_ladder(method: Percentiles, judged: Judged, trail: Trail) -> Earned:
    percentile = _percentile(method, judged, judged.value, "Percentile", trail)
    points, band = earned_on(method.bands, "increase", percentile, judged.inputs, trail)
    figures = (("percentile", percentile),)
    if method.rise is None or judged.baseline is None:
        return Earned(points, band, figures)
    before = _percentile(method, judged, judged.baseline, "Percentile of the baseline", trail)
    more = known(method.rise_earns, judged.inputs) if percentile - before >= method.rise else ZERO
    total = min(points + more, max(judged.available, points))
    trail.add(
        "Rise",
        f"A rise by {method.rise} percentiles or more earns more, up to all points.",
        (("Rise", percentile - before), ("Points of the band", points), ("More", more)),
        total,
    )
    return Earned(total, band, (*figures, ("baseline_percentile", before)))


def _percentile(
    method: Percentiles, judged: Judged, value: Fraction, label: str, trail: Trail
) -> Fraction:
    tiers = tuple(CurveTier(f"P{c.percentile}", c.value, c.percentile) for c in method.cutoffs)
    ladder = Curve(tiers, method.is_line)
    found, _ = earned_on(ladder, judged.improvement, value, judged.inputs, _QUIET)
    trail.add(
        label,
        "The highest cut-off that the value reaches"
        + (", in a straight line to the next." if method.is_line else "."),
        (
            ("Value", value),
            *((f"P{c.percentile}", known(c.value, judged.inputs)) for c in method.cutoffs),
        ),
        found,
    )
    return found


def _in_the_band(method: Band, judged: Judged, trail: Trail) -> Fraction:
    numbers = (method.low, method.high, method.earns, method.outside, method.margin)
    low, high, earns, outside, margin = (known(number, judged.inputs) for number in numbers)
    if high < low or margin < 0:
        raise ResultsError("The band ends before it begins, or its margin is negative. Mend it.")
    off = max(low - judged.value, judged.value - high, ZERO)
    if off == 0:
        points = earns
    elif off < margin:
        points = earns + (outside - earns) * off / margin
    else:
        points = outside
    trail.add(
        "Target band",
        "Inside the band all is earned; outside it falls in a straight line over the margin.",
        (
            *(("Value", judged.value), ("Low", low), ("High", high), ("Margin", margin)),
            *(("Inside", earns), ("Outside", outside)),
        ),
        points,
    )
    return points


def _reached(method: Milestone, judged: Judged, trail: Trail) -> Fraction:
    if judged.value not in (ZERO, ONE):
        raise ResultsError("A milestone is reached (1) or not (0). Give one of both.")
    points = judged.value * known(method.earns, judged.inputs)
    trail.add("Milestone", "Reached earns all, else nothing.", (("Reached", judged.value),), points)
    return points


def _scaled(method: Scale, judged: Judged, trail: Trail) -> Fraction:
    start, unit = known(method.start, judged.inputs), known(method.unit, judged.inputs)
    if not unit:
        raise ResultsError("The unit of the scale is zero. Mend it.")
    least = None if method.least is None else known(method.least, judged.inputs)
    most = None if method.most is None else known(method.most, judged.inputs)
    points = between(rounded((judged.value - start) / unit, method.rounding), least, most)
    trail.add(
        "Scale",
        f"(value - start) / unit{rounding_words(method.rounding)}.",
        (("Value", judged.value), ("Start", start), ("Unit", unit)),
        points,
    )
    return points


def _excess(method: Excess, judged: Judged, trail: Trail) -> Fraction:
    reference, times = known(method.reference, judged.inputs), known(method.times, judged.inputs)
    worse = (
        judged.value - reference if judged.improvement == "decrease" else (reference - judged.value)
    )
    points = rounded(max(worse, ZERO) * times, method.rounding)
    trail.add(
        "Excess",
        f"How far the value is worse than the reference, times the weight; never below zero"
        f"{rounding_words(method.rounding)}.",
        (("Value", judged.value), ("Reference", reference), ("Weight", times)),
        points,
    )
    return points
