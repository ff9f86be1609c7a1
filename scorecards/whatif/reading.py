"""An answer as people read it: where each indicator would end, what a tier takes, and the total.

Pure. Every sentence is about a projection: nothing here is earned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from comanage.documents.charts import (
    ChangedPart,
    ChartTable,
    change_bar,
    change_bar_sentence,
)
from comanage.values.money import Money
from comanage.values.rounding import round_half_up
from indicators.measure.figures import count_text, exact_figure, figure
from scorecards.restatements.effects import difference_words
from scorecards.scoring.score import IndicatorScore, Score
from scorecards.scoring.whatif import Question, Rest, Standing, Way
from scorecards.whatif.asking import result_words, so_far, to_come
from scorecards.whatif.board import Answer, Board


@dataclass(frozen=True, slots=True)
class End:
    """How an indicator would end.

    Attributes:
        result: as printed; `Not scored` without one.
        basis: of how much, or why there is no result.
        tier: as a status, with its tone.
    """

    result: str
    basis: str
    tier: str
    tone: str
    earned: Money
    available: Money


@dataclass(frozen=True, slots=True)
class WayReading:
    """What one tier takes, and what it is worth."""

    tier: str
    words: str
    worth: str


@dataclass(frozen=True, slots=True)
class IndicatorAnswer:
    """One indicator: today, at the end of the year as so far, and what if."""

    slug: str
    title: str
    today: str
    projected: End
    what_if: End
    change: str
    note: str
    ways: tuple[WayReading, ...]
    no_ways: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole answer."""

    indicators: tuple[IndicatorAnswer, ...]
    projected: Money
    what_if: Money
    pool: Money
    projected_points: Fraction
    points: Fraction
    change: str
    chart: str
    sentence: str
    table: ChartTable


def read_answer(board: Board, answer: Answer) -> Reading:
    """Put an answer into words."""
    indicators = tuple(_read(board, answer, place) for place in range(len(board.standings)))
    parts = [
        ChangedPart(each.title, each.what_if.available, each.projected.earned, each.what_if.earned)
        for each in indicators
    ]
    return Reading(
        indicators=indicators,
        projected=board.now.earned,
        what_if=answer.score.earned,
        pool=board.now.pool,
        projected_points=board.now.points,
        points=answer.score.points,
        change=_change(board.now.earned, answer.score.earned),
        chart=change_bar(parts),
        sentence=change_bar_sentence(parts),
        table=_table(indicators, board.now, answer.score),
    )


def _read(board: Board, answer: Answer, place: int) -> IndicatorAnswer:
    standing, rest = board.standings[place], answer.rests[board.standings[place].terms.slug]
    before, after = board.now.indicators[place], answer.score.indicators[place]
    size = rest.size if standing.question in (Question.RATE, Question.VALUE) else Fraction(0)
    return IndicatorAnswer(
        slug=standing.terms.slug,
        title=standing.terms.title,
        today=so_far(standing),
        projected=_end(standing, before, standing.result, size),
        what_if=_end(standing, after, answer.ends[place], size),
        change=_change(before.earned, after.earned),
        note=_note(standing, rest),
        ways=tuple(_way(standing, way, rest) for way in answer.ways[place]),
        no_ways=_no_ways(standing),
    )


def _end(standing: Standing, scored: IndicatorScore, result: Any, size: Fraction) -> End:
    tier, tone = _tier(scored)
    if not isinstance(result, Fraction):
        return End("Not scored", str(result), tier, tone, scored.earned, scored.available)
    return End(
        result=result_words(standing, result),
        basis=_basis(standing, size),
        tier=tier,
        tone=tone,
        earned=scored.earned,
        available=scored.available,
    )


def _basis(standing: Standing, size: Fraction) -> str:
    """Say of how much the result would be."""
    if standing.question not in (Question.RATE, Question.VALUE):
        return "by the end of the year"
    is_values = standing.question is Question.VALUE
    counted = Fraction(len(standing.tally.values)) if is_values else standing.parts[1]
    return f"of {count_text(counted + size)} {to_come(standing.definition)}"


def _tier(scored: IndicatorScore) -> tuple[str, str]:
    if scored.reason:
        return "Not scored", "quiet"
    return (f"{scored.tier} reached", "good") if scored.tier else ("Below every tier", "concern")


def _change(before: Money, after: Money) -> str:
    """Say what the answer changes of the projection."""
    if before == after:
        return "as projected"
    return f"{difference_words(before, after)} than projected"


def _note(standing: Standing, rest: Rest) -> str:
    """Say why something that was typed changes nothing; empty where it does."""
    is_sized = standing.question in (Question.RATE, Question.VALUE)
    if rest.performance is None or rest.size or not is_sized:
        return ""
    return (
        f"What is typed changes nothing, because no {to_come(standing.definition)} are still to "
        f"come. Say how many there are."
    )


def _no_ways(standing: Standing) -> str:
    """Say why it cannot be told what a tier takes; empty where it can."""
    if standing.question is Question.NOTHING:
        return "Nothing can be asked of this indicator: " + (
            "nothing is counted below the line yet."
            if standing.definition.is_executable
            else "its logic is not executable here."
        )
    if standing.no_ways:
        return standing.no_ways
    if standing.question is Question.VALUE:
        noun = standing.definition.scoring
        return (
            f"How many cases the next tier takes cannot be told of a {noun}: it depends on the "
            f"value of every case, not on how many are good."
        )
    return ""


def _way(standing: Standing, way: Way, rest: Rest) -> WayReading:
    goal = exact_figure(standing.definition, way.tier.goal, standing.terms.compare_places)
    worth = (
        f"Keeps {way.earned}."
        if way.is_reached
        else f"Worth {way.earned}, {way.more} more than projected."
    )
    return WayReading(
        tier=f"{'Keep' if way.is_reached else 'Reach'} {way.tier.name} ({goal})",
        words=_takes(standing, way, rest),
        worth=worth if way.is_possible else "",
    )


def _takes(standing: Standing, way: Way, rest: Rest) -> str:
    """Say what a tier takes of the rest of the year."""
    if standing.question is Question.REACHED:
        return _takes_milestone(way)
    if not isinstance(standing.result, Fraction) and not way.is_possible:
        minimum = standing.terms.minimum_cases
        return f"Not scored: the year would not have the {minimum:,} cases that were agreed."
    if standing.question is Question.RATE and not rest.size:
        verdict = "Reached" if way.is_possible else "Out of reach"
        return f"{verdict}: nothing is still to come that could change it."
    if way.events is None:
        return _takes_rate(standing, way, rest)
    if standing.definition.scoring == "proportion":
        return _takes_cases(standing, way, way.events, rest)
    return _takes_events(standing, way, way.events, rest)


def _takes_milestone(way: Way) -> str:
    if not way.is_possible:
        return "Out of reach."
    return "The milestone has to be reached." if way.events else "The milestone is reached."


def _takes_cases(standing: Standing, way: Way, events: int, rest: Rest) -> str:
    cases = _number(rest.size, "case")
    if standing.terms.improvement == "decrease":
        if not way.is_possible:
            return f"Out of reach, even if none of the next {cases} is in the numerator."
        if events >= rest.size:
            return f"Kept whatever the next {cases} bring."
        most = f"At most {events:,} of the next {cases} may be in the numerator"
        return f"{most}{_than_so_far(standing, events, rest)}."
    if not way.is_possible:
        return f"Out of reach, even if each of the next {cases} is in the numerator."
    if not events:
        return f"Kept whatever the next {cases} bring."
    least = f"At least {events:,} of the next {cases} must be in the numerator"
    return f"{least}{_than_so_far(standing, events, rest)}."


def _takes_events(standing: Standing, way: Way, events: int, rest: Rest) -> str:
    """Word a number of events: of a count, or among line days or expected events."""
    is_amount = standing.question is Question.AMOUNT
    what, tail = f"{events:,} more {standing.definition.unit}", ""
    if not is_amount:
        what = f"{_number(Fraction(events), 'event')} among the next {_size_words(standing, rest)}"
        tail = _than_so_far(standing, events, rest)
    if standing.terms.improvement == "decrease":
        if not way.is_possible:
            return "Out of reach: more have been counted already, and a count does not fall."
        return f"At most {what}{tail}."
    if not events:
        return "Reached, and a count does not fall." if is_amount else "Kept whatever comes."
    return f"At least {what}{tail}."


def _takes_rate(standing: Standing, way: Way, rest: Rest) -> str:
    """Word the loosest rate of the rest, or the amount to be added."""
    definition = standing.definition
    bound = way.performance or Fraction(0)
    printed = figure(definition, bound, standing.terms.compare_places)
    side = "at most" if standing.terms.improvement == "decrease" else "at least"
    if standing.question is Question.AMOUNT:
        return f"What is added must come to {side} {printed}."
    if definition.scoring == "mean":
        return f"The next {_number(rest.size, 'case')} must average {side} {printed}."
    return f"The rate of the next {_size_words(standing, rest)} must be {side} {printed}."


def _than_so_far(standing: Standing, events: int, rest: Rest) -> str:
    """Hold a number of events against what would come as so far."""
    if not isinstance(standing.result, Fraction):
        return ""
    usual = int(round_half_up(standing.result * rest.size, 0))
    if usual == events:
        return ": as many as so far"
    side = "fewer" if events < usual else "more"
    return f": {abs(usual - events):,} {side} than as so far"


def _number(size: Fraction, noun: str) -> str:
    return f"{count_text(size)} {noun}{'' if size == 1 else 's'}"


def _size_words(standing: Standing, rest: Rest) -> str:
    return f"{count_text(rest.size)} {to_come(standing.definition)}"


def _table(indicators: Sequence[IndicatorAnswer], now: Score, then: Score) -> ChartTable:
    """Put the dollars of the picture into rows."""
    rows = [
        (
            each.title,
            *map(str, (each.what_if.available, each.projected.earned, each.what_if.earned)),
        )
        for each in indicators
    ]
    total = ("Together", str(then.pool), str(now.earned), str(then.earned))
    return ChartTable(
        "Dollars by indicator", ("Indicator", "Available", "Projected", "What if"), (*rows, total)
    )
