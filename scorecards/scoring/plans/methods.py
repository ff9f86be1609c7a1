"""How one indicator's value earns points.

Each method is a frozen value; `points_of` finds what a value earns by it, and takes the steps
down.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, assert_never

from scorecards.scoring.plans.curves import Curve, CurveTier, earned_on
from scorecards.scoring.plans.numbers import (
    ONE,
    ZERO,
    Improvement,
    Inputs,
    Number,
    ResultsError,
    Rounding,
    between,
    is_better,
    known,
    rounded,
)
from scorecards.scoring.plans.trail import Trail

WHOLE = Rounding(ONE)


@dataclass(frozen=True, slots=True)
class Tiers:
    """Step tiers, or straight lines between them."""

    curve: Curve


@dataclass(frozen=True, slots=True)
class Straight:
    """Points on a straight line: slope x position + plus, rounded, from 0 to the most."""

    slope: Fraction
    plus: Fraction
    most: Fraction


@dataclass(frozen=True, slots=True)
class AchievementImprovement:
    """Points for how good a value is, and for how much better it got; one or the better counts.

    Attributes:
        threshold: a value short of it achieves nothing.
        benchmark: a value there achieves the most.
        counts: which of both.
        achievement: over the position between threshold and benchmark.
        improvement: over the position between the baseline and the benchmark.

    Source:
        42 CFR 412.165(a): 9 x position + 0.5 and 10 x position - 0.5, each rounded to a
        whole number, halves upward; 0 to 10 points and 0 to 9.
    """

    threshold: Number
    benchmark: Number
    counts: Literal["better", "achievement", "improvement"] = "better"
    achievement: Straight = Straight(Fraction(9), Fraction(1, 2), Fraction(10))
    improvement: Straight = Straight(Fraction(10), Fraction(-1, 2), Fraction(9))
    rounding: Rounding | None = WHOLE


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The value at a percentile of a published distribution."""

    percentile: Fraction
    value: Number


@dataclass(frozen=True, slots=True)
class Percentiles:
    """A percentile ladder: the value's percentile, and the band in which it lies.

    Attributes:
        cutoffs: from the worst value to the best, percentiles rising.
        bands: goals are percentiles.
        is_line: a value between two cut-offs has a percentile between theirs; else it has
            that of the cut-off it reached.
        rise: percentiles above the baseline's that earn more; None for no such bonus.
        rise_earns: more points, never past those available.

    Source:
        42 CFR 510.315 (CJR): performance percentile in bands, more for a rise by two deciles.
    """

    cutoffs: tuple[Cutoff, ...]
    bands: Curve
    is_line: bool = False
    rise: Fraction | None = None
    rise_earns: Number = ZERO


@dataclass(frozen=True, slots=True)
class Band:
    """A target band: inside it everything, outside less.

    Attributes:
        low: still inside.
        high: still inside.
        earns: inside.
        margin: how far outside what is earned falls to `outside` in a straight line; zero
            for at once.
    """

    low: Number
    high: Number
    earns: Number
    outside: Number = ZERO
    margin: Number = ZERO


@dataclass(frozen=True, slots=True)
class Milestone:
    """Reached (1) or not (0)."""

    earns: Number


@dataclass(frozen=True, slots=True)
class Scale:
    """(value - start) / unit, rounded, from the least to the most.

    With mean and standard deviation it is a standard score; with 0 and 1 the value itself.

    Source:
        CMS Hospital-Acquired Condition Reduction Program: winsorized z-scores.
    """

    start: Number = ZERO
    unit: Number = ONE
    least: Number | None = None
    most: Number | None = None
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Excess:
    """How far a value passes a reference, times a weight; nothing where it does not.

    Source:
        42 CFR 412.152 ff. and 42 U.S.C. 1395ww(q): excess readmission ratio less the
        median of the peer group, times the payments' ratio.
    """

    reference: Number
    times: Number = ONE
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """How much better a value is than its baseline; more is better, whatever its direction.

    Attributes:
        measure: `difference` from the baseline; `relative` to it: the difference divided by
            the baseline; `gap`: divided by what lay between the baseline and the goal.
        goal: of the gap.
        curve: what the change earns.
        without_baseline: earned where there is none, or none to divide by; None: then the
            result cannot be scored.
    """

    measure: Literal["difference", "relative", "gap"]
    goal: Number | None
    curve: Curve
    without_baseline: Number | None = None


@dataclass(frozen=True, slots=True)
class BestOf:
    """Several methods for one value: the one that earns most counts, or all together.

    A method that needs a baseline is left aside where there is none.

    Attributes:
        is_sum: what they earn is added, up to the points of the indicator.
    """

    methods: tuple[Judging, ...]
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Combined:
    """The points of other indicators, by their weights, as those of one.

    Those have results of their own and count nowhere else; what of them is not scored is left
    aside. The indicator itself has no result.

    Attributes:
        parts: their slugs.

    Source:
        42 CFR 412.165(a): surgical site infections, by the infections that were predicted;
        42 CFR 413.178: the vascular access topic, by patients.
    """

    parts: tuple[str, ...]
    rounding: Rounding | None = None


Single = Tiers | AchievementImprovement | Percentiles | Band | Milestone | Scale | Excess
Judging = Single | Change | BestOf
Method = Judging | Combined


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


_QUIET = Trail(is_kept=False)
