"""An answer as plain values for machines: exact text for every number that is not a count. Pure."""

from typing import Any

from comanage.values.rounding import exact_text
from scorecards.scoring.score import IndicatorScore, Score
from scorecards.scoring.whatif import Rest, Standing, Way
from scorecards.whatif.board import Answer, Board


def answer_document(board: Board, answer: Answer) -> dict[str, Any]:
    """Write an answer down."""
    return {
        "days_received": board.pace.days,
        "days_left": board.pace.days_left,
        "projected": _total(board.now),
        "what_if": _total(answer.score),
        "indicators": [
            _indicator(
                each,
                answer.rests[each.terms.slug],
                board.now.indicators[place],
                answer.score.indicators[place],
                answer.ways[place],
            )
            for place, each in enumerate(board.standings)
        ],
    }


def _total(score: Score) -> dict[str, str]:
    return {
        "points": exact_text(score.points),
        "earned": score.earned.dollars_text,
        "pool": score.pool.dollars_text,
    }


def _indicator(
    standing: Standing,
    rest: Rest,
    now: IndicatorScore,
    then: IndicatorScore,
    ways: tuple[Way, ...],
) -> dict[str, Any]:
    performance = rest.performance
    return {
        "slug": standing.terms.slug,
        "question": standing.question.value,
        "remaining": exact_text(rest.size),
        "performance": None if performance is None else exact_text(performance),
        "projected": _score(now),
        "what_if": _score(then),
        "tiers": [_way(way) for way in ways],
    }


def _score(scored: IndicatorScore) -> dict[str, Any]:
    document = scored.to_document()
    del document["steps"], document["slug"]
    return document


def _way(way: Way) -> dict[str, Any]:
    return {
        "name": way.tier.name,
        "goal": exact_text(way.tier.goal),
        "is_reached": way.is_reached,
        "is_possible": way.is_possible,
        "events": way.events,
        "performance": None if way.performance is None else exact_text(way.performance),
        "earned": way.earned.dollars_text,
        "more": way.more.dollars_text,
    }
