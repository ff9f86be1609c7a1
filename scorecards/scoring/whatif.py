"""What the year would bring if the rest of it went otherwise: results, tiers and dollars.

A projection for the reader, never for pay. The rest of a year is how much is still to come, and
how it goes; without a word on how it goes, it goes as so far, and the projection is the scorecard
as it stands. What is asked depends on how an indicator is scored:

- a proportion, mean, ratio or observed over expected: the rate of what is still to come;
- a median or percentile: one value for every case still to come, because two medians do not
  make a third;
- a count or sum: how much is added, none unless said;
- a milestone: that it is reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Protocol

from comanage.values.money import Money
from comanage.values.rounding import round_half_up
from indicators.measure.definition import Definition
from indicators.measure.rate import (
    NotScored,
    NotScoredReason,
    exact_parts,
    judged_cases,
    performance_rate,
)
from indicators.measure.scoring import OF_KEPT_VALUES
from indicators.measure.tally import Tally
from indicators.measure.values import KeptValues
from scorecards.scoring.attainment import compared_value
from scorecards.scoring.plan import IndicatorTerms, Plan, Tier
from scorecards.scoring.score import IndicatorScore, Score, score

HALF = Fraction(1, 2)
NONE = Fraction(0)
PART_PLACES = 2  # decimals of a denominator that is not counted in whole numbers


class Scoring(Protocol):
    """Whatever scores supposed results in place of weights and tiers: a scoring plan."""

    def score(self, supposed: Mapping[str, Fraction | NotScored] | None = None) -> Score:
        """Score the year with some of its results supposed."""
        ...


class Question(StrEnum):
    """What can be asked of the rest of the year."""

    RATE = "rate"
    VALUE = "value"
    AMOUNT = "amount"
    REACHED = "reached"
    NOTHING = "nothing"


# Each case is one of the denominator.
_OF_CASES = ("proportion", "mean")


@dataclass(frozen=True)
class Standing:
    """One indicator to date.

    Attributes:
        counts_events: the numerator is a number of events, so that a whole number of them
            separates two tiers.
        no_ways: why it cannot be told what a tier takes; empty where it can.
    """

    terms: IndicatorTerms
    definition: Definition
    tally: Tally
    counts_events: bool
    no_ways: str = ""

    @cached_property
    def result(self) -> Fraction | NotScored:
        """The result so far, as the scorecard has it."""
        return performance_rate(self.tally, self.definition, self.terms.minimum_cases)

    @cached_property
    def parts(self) -> tuple[Fraction, Fraction]:
        """The exact numerator and denominator so far."""
        return exact_parts(self.tally, self.definition)

    @cached_property
    def judged(self) -> int:
        """The cases so far that a minimum is held against."""
        return judged_cases(self.tally, self.definition)

    @property
    def is_of_cases(self) -> bool:
        """Whether what is still to come is cases."""
        return self.definition.scoring in (*_OF_CASES, *OF_KEPT_VALUES)

    @property
    def question(self) -> Question:
        """What can be asked."""
        definition = self.definition
        if not definition.is_executable:
            return Question.NOTHING
        if definition.scoring == "milestone":
            return Question.REACHED
        if definition.scoring in ("count", "sum") and definition.data == "cases":
            return Question.AMOUNT
        if definition.scoring in OF_KEPT_VALUES and definition.data == "cases":
            return Question.VALUE
        # Where nothing was below the line so far, nobody knows how many cases a part of it is.
        return Question.RATE if self.is_countable else Question.NOTHING

    @property
    def is_countable(self) -> bool:
        """Whether so much more of the denominator says how many more cases are judged."""
        is_count = self.is_of_cases or self.definition.data == "aggregates"
        return is_count or self.parts[1] > 0


@dataclass(frozen=True, slots=True)
class Rest:
    """What is still to come of one indicator.

    Attributes:
        size: how much of the denominator: cases, or line days, or expected events. Not asked
            of a count, sum or milestone.
        performance: the rate of it, or the value of each case, or the amount that is added;
            exact, before any multiplier. None for as so far.
    """

    size: Fraction = NONE
    performance: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """What the rest of the year has to bring for one tier.

    Attributes:
        is_reached: the tier is reached so far, so that it is to be kept.
        is_possible: whether it can still be reached.
        events: where events are counted, the fewest that must still come or, when lower is
            better, the most that may; None else.
        performance: where they are not, the loosest rate of the rest that is enough, or the
            amount to be added, kept to the decimals that are compared; None else.
        earned: what the indicator would earn.
        more: that beyond what is projected.
    """

    tier: Tier
    is_reached: bool
    is_possible: bool
    events: int | None
    performance: Fraction | None
    earned: Money
    more: Money


def at_pace(standing: Standing, days: int, days_left: int) -> Fraction:
    """Return how much is still to come if it comes as so far; for an amount, the amount.

    Whole where what was counted so far is whole, else two decimals, halves upward.

    Args:
        standing: whose rest of the year.
        days: whose data has come.
        days_left: whose data has not; zero or more.
    """
    above, below = standing.parts
    so_far = {
        Question.RATE: below,
        Question.VALUE: Fraction(len(standing.tally.values)),
        Question.AMOUNT: above,
    }.get(standing.question, NONE)
    if days <= 0:
        return NONE
    places = 0 if so_far.denominator == 1 else PART_PLACES
    return round_half_up(so_far * days_left / days, places)


def year_end(standing: Standing, rest: Rest) -> Fraction | NotScored:
    """Return the result of the whole year.

    A result that is not scored so far stays so until a performance is given and there are
    enough cases for one.
    """
    if rest.performance is None or standing.question is Question.NOTHING:
        return standing.result
    if standing.question is Question.REACHED:
        is_scored = standing.judged + 1 >= standing.terms.minimum_cases
        return Fraction(1) if rest.performance and is_scored else standing.result
    if standing.question is Question.AMOUNT:
        is_scored = isinstance(standing.result, Fraction)
        return standing.parts[0] + rest.performance if is_scored else standing.result
    if not rest.size:
        return standing.result
    if _judged_at_end(standing, rest.size) < standing.terms.minimum_cases:
        return NotScored(NotScoredReason.TOO_FEW_CASES)
    if standing.question is Question.VALUE:
        added = KeptValues(((rest.performance, floor(rest.size)),))
        definition = standing.definition
        values = standing.tally.values + added
        return values.percentile(definition.percentile_share, definition.percentile_method)
    above, below = standing.parts
    return (above + rest.performance * rest.size) / (below + rest.size)


def _judged_at_end(standing: Standing, size: Fraction) -> int:
    """Count the cases of the year; a part of a denominator is judged as often as so far."""
    if standing.is_of_cases or standing.definition.data == "aggregates":
        return floor(standing.judged + size)
    return floor(standing.judged * (1 + size / standing.parts[1]))


def _scored(plan: Plan | Scoring, results: Mapping[str, Fraction | NotScored]) -> Score:
    return score(plan, results) if isinstance(plan, Plan) else plan.score(results)


def as_it_stands(plan: Plan | Scoring, standings: Sequence[Standing]) -> Score:
    """Score the results so far: the projection of the scorecard."""
    return _scored(plan, {each.terms.slug: each.result for each in standings})


def what_if(
    plan: Plan | Scoring, standings: Sequence[Standing], rests: Mapping[str, Rest]
) -> Score:
    """Score the year as it would end.

    Args:
        plan: the signed terms.
        standings: one for each indicator of the plan.
        rests: by slug; an indicator that is not named goes on as so far.
    """
    ends = {
        each.terms.slug: year_end(each, rests.get(each.terms.slug, Rest())) for each in standings
    }
    return _scored(plan, ends)


def ways(
    plan: Plan | Scoring, standings: Sequence[Standing], place: int, size: Fraction, now: Score
) -> tuple[Way, ...]:
    """Say what the tier that is reached takes to be kept, and each better one to be reached.

    Args:
        plan: the signed terms.
        standings: all of them, in the order of the plan.
        place: which of them is asked about.
        size: how much of its denominator is still to come.
        now: the score as it stands.

    Returns:
        The tiers in their order; none where the question has no such answer: a median or
        percentile depends on every value, not on how many are good.
    """
    standing, scored = standings[place], now.indicators[place]
    if standing.question in (Question.VALUE, Question.NOTHING) or standing.no_ways:
        return ()
    names = [tier.name for tier in standing.terms.tiers]
    first = names.index(scored.tier) if scored.tier else 0
    return tuple(
        _way(standing, tier, size, scored, _earned(plan, standings, place, tier, now))
        for tier in standing.terms.tiers[first:]
    )


def _earned(
    plan: Plan | Scoring, standings: Sequence[Standing], place: int, tier: Tier, now: Score
) -> Money:
    """Return what the tier would earn; the pool is split anew if the indicator joins in."""
    scored, terms = now.indicators[place], standings[place].terms
    if scored.compared is not None and isinstance(plan, Plan):
        return scored.available.times(tier.share)
    results = {each.terms.slug: each.result for each in standings}
    joined = _scored(plan, results | {terms.slug: _goal_as_compared(terms, tier)})
    return joined.indicators[place].earned


def _way(
    standing: Standing, tier: Tier, size: Fraction, scored: IndicatorScore, earned: Money
) -> Way:
    events, performance, is_possible = _needed(standing, tier, size)
    return Way(
        tier=tier,
        is_reached=tier.name == scored.tier,
        is_possible=is_possible and _is_enough(standing, size),
        events=events,
        performance=performance,
        earned=earned,
        more=earned - scored.earned,
    )


def _is_enough(standing: Standing, size: Fraction) -> bool:
    """Say whether the year will have the cases that a result takes."""
    if isinstance(standing.result, Fraction):
        return True
    if standing.question is Question.REACHED:
        return standing.judged + 1 >= standing.terms.minimum_cases
    is_rate = standing.question is Question.RATE and size > 0
    return is_rate and _judged_at_end(standing, size) >= standing.terms.minimum_cases


def _needed(
    standing: Standing, tier: Tier, size: Fraction
) -> tuple[int | None, Fraction | None, bool]:
    """Find the events, or else the performance, that the rest must bring; and whether it can."""
    terms = standing.terms
    if standing.question is Question.REACHED:
        need = int(standing.parts[0] == 0)
        return need, None, terms.reaches(compared_value(terms, Fraction(1)), tier.goal)
    above, below = standing.parts
    is_amount = standing.question is Question.AMOUNT
    lacking = _edge(terms, tier) * (below if is_amount else below + size) - above
    is_down = terms.improvement == "decrease"
    if standing.counts_events:
        is_bounded = standing.definition.scoring == "proportion" or not (is_amount or size)
        most = floor(size) if is_bounded and not is_amount else None
        if is_down:
            events = ceil(lacking) - 1
            return (events if most is None else min(events, most)), None, events >= 0
        events = max(ceil(lacking), 0)
        return events, None, most is None or events <= most
    if not (is_amount or size):  # nothing is still to come that could change it
        return None, None, lacking > 0 if is_down else lacking <= 0
    return None, _kept(terms, lacking if is_amount else lacking / size), True


def _scale(terms: IndicatorTerms) -> int:
    """Return what makes the smallest step that is compared a whole one."""
    return terms.printed_multiplier * int(10**terms.compare_places)


def _edge(terms: IndicatorTerms, tier: Tier) -> Fraction:
    """Return the loosest result that still compares as the goal or better.

    A better one when higher is better may be the edge itself; when lower is better it lies
    below the edge, because halves are rounded upward.
    """
    scale = _scale(terms)
    goal = tier.goal * scale
    rounded = floor(goal) + HALF if terms.improvement == "decrease" else ceil(goal) - HALF
    return rounded / scale


def _goal_as_compared(terms: IndicatorTerms, tier: Tier) -> Fraction:
    """Return the goal with the decimals that are compared, on its better side."""
    scale = _scale(terms)
    goal = tier.goal * scale
    return Fraction(floor(goal) if terms.improvement == "decrease" else ceil(goal)) / scale


def _kept(terms: IndicatorTerms, edge: Fraction) -> Fraction:
    """Keep the decimals that are compared, on the side that is enough."""
    scale = _scale(terms)
    scaled = edge * scale
    kept = ceil(scaled) - 1 if terms.improvement == "decrease" else ceil(scaled)
    return Fraction(kept) / scale
