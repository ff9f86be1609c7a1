"""A scorecard laid out for being asked, and the answer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from indicators.measure.definition import Definition
from indicators.measure.tally import Tally
from scorecards.cards.certainty import counts_events
from scorecards.cards.engine import (
    definitions_of,
    indicator_terms,
    plan_of,
    prior_of,
    year_plan_of,
)
from scorecards.plans.goals import compares_printed, with_goals
from scorecards.plans.scoring import YearPlan
from scorecards.scoring.plan import Plan
from scorecards.scoring.plans.methods import Tiers
from scorecards.scoring.score import Score
from scorecards.scoring.whatif import (
    Rest,
    Scoring,
    Standing,
    Way,
    as_it_stands,
    at_pace,
    ways,
    what_if,
    year_end,
)
from scorecards.whatif.pace import Pace


@dataclass(frozen=True)
class Board:
    """Everything that an answer is made from."""

    plan: Plan | Scoring
    standings: tuple[Standing, ...]
    pace: Pace

    @cached_property
    def usual(self) -> dict[str, Fraction]:
        """How much of each indicator is still to come at the pace so far."""
        pace = self.pace
        return {
            each.terms.slug: at_pace(each, pace.days, pace.days_left) for each in self.standings
        }

    @cached_property
    def now(self) -> Score:
        """The score as it stands, which is the projection of the scorecard."""
        return as_it_stands(self.plan, self.standings)


@dataclass(frozen=True, slots=True)
class Answer:
    """What would come out.

    Attributes:
        rests: by slug, each with its size.
        ends: by position, the result of the whole year or why there is none.
    """

    rests: Mapping[str, Rest]
    ends: tuple[Any, ...]
    score: Score
    ways: tuple[tuple[Way, ...], ...]


def lay_out(terms: Mapping[str, Any], document: Mapping[str, Any], pace: Pace) -> Board:
    """Lay a scorecard out.

    Args:
        terms: of the year, locked.
        document: the scorecard's.
        pace: of its data.
    """
    tallies = {
        result["slug"]: Tally.from_document(result["tally"]) for result in document["indicators"]
    }
    definitions: Mapping[str, Definition] = definitions_of(terms)
    year = year_plan_of(terms, tallies, prior_of(document))
    standings = tuple(
        Standing(
            terms=indicator_terms(agreed),
            definition=definitions[agreed["slug"]],
            tally=tallies[agreed["slug"]],
            counts_events=counts_events(definitions[agreed["slug"]]),
            no_ways=_no_ways(agreed, year) if year else "",
        )
        for agreed in with_goals(terms)["indicators"]
    )
    return Board(year or plan_of(terms), standings, pace)


def _no_ways(agreed: Mapping[str, Any], year: YearPlan) -> str:
    """Say why a scoring plan does not tell what its next goal takes; empty where it does."""
    planned = next(each for each in year.plan.indicators if each.slug == agreed["slug"])
    if not (isinstance(planned.method, Tiers) and not planned.method.curve.is_line):
        return (
            "How many cases the next dollars take cannot be told: by the scoring plan this "
            "indicator has no tiers, and what it earns rises with its result. Type a result to "
            "see it."
        )
    if compares_printed(agreed, planned):
        return ""
    return (
        "How many cases the next tier takes cannot be told: the scoring plan does not compare the "
        "decimals that are printed. Type a result to see it."
    )


def answer(board: Board, given: Mapping[str, tuple[Fraction | None, Fraction | None]]) -> Answer:
    """Play the rest of the year through.

    Args:
        board: the scorecard.
        given: by slug, how much is still to come and its performance; None for as so far.
    """
    rests = {}
    for each in board.standings:
        size, performance = given.get(each.terms.slug, (None, None))
        rests[each.terms.slug] = Rest(
            board.usual[each.terms.slug] if size is None else size, performance
        )
    return Answer(
        rests=rests,
        ends=tuple(year_end(each, rests[each.terms.slug]) for each in board.standings),
        score=what_if(board.plan, board.standings, rests),
        ways=tuple(
            ways(board.plan, board.standings, place, rests[each.terms.slug].size, board.now)
            for place, each in enumerate(board.standings)
        ),
    )
