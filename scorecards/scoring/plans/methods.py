"""The methods by which one indicator's value earns points, as frozen values.

What a value earns by them is in `earning.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from scorecards.scoring.plans.curves import Curve
from scorecards.scoring.plans.numbers import ONE, ZERO, Number, Rounding

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
