"""The months of an indicator joined across years that count it in the same way. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scorecards.trends.months import MonthTally, months_of


@dataclass(frozen=True, slots=True)
class CountedYear:
    """The terms of a year and the document of its newest scorecard, which has months."""

    terms: Mapping[str, Any]
    document: Mapping[str, Any]

    def agreed(self, slug: str) -> Mapping[str, Any] | None:
        """Return an indicator of the terms."""
        return next((each for each in self.terms["indicators"] if each["slug"] == slug), None)


@dataclass(frozen=True, slots=True)
class History:
    """The months of one indicator.

    Attributes:
        months: in time order; those of years before come first.
        rebased: places among the months where a signed rebasing begins.
        was_cut: the year before was counted by another definition or scope, and is not joined.
    """

    months: tuple[MonthTally, ...]
    rebased: tuple[int, ...] = ()
    was_cut: bool = False


def history_of(years: Sequence[CountedYear], slug: str) -> History:
    """Join the months of one indicator; two numbers that do not mean the same stay apart.

    Args:
        years: without a gap, newest first; the newest has the indicator.
        slug: of the indicator.
    """
    months: list[MonthTally] = []
    rebased: list[int] = []
    for counted in years:
        agreed = counted.agreed(slug)
        if agreed is None:
            break
        if _logic(counted, agreed) != _logic(years[0], years[0].agreed(slug) or {}):
            return History(tuple(months), _inner(rebased), was_cut=True)
        found = months_of(counted.document["trend"], slug)
        months = [*found, *months]
        rebased = [place + len(found) for place in rebased]
        if agreed["baseline"].get("rebase_reason"):
            rebased.append(0)
    return History(tuple(months), _inner(rebased))


def _logic(year: CountedYear, agreed: Mapping[str, Any]) -> tuple[str, str]:
    """Name what makes the numbers of two years comparable: definition and scope."""
    return agreed.get("definition_sha256", ""), year.terms["scope"]


def _inner(places: Sequence[int]) -> tuple[int, ...]:
    """Leave out the first point, which begins limits anyway."""
    return tuple(sorted(place for place in places if place))
