"""What a file would do to a year's results: each indicator and its dollars before and after. Pure.

Both sides come from the engine that makes scorecards; nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comanage.values.money import Money
from comanage.values.rounding import fraction_from_text
from indicators.measure import figures
from indicators.measure.definition import Definition
from indicators.measure.rate import exact_parts
from indicators.measure.tally import Tally


@dataclass(frozen=True, slots=True)
class Result:
    """One result as printed; the dollars exact.

    Attributes:
        counts: numerator and denominator.
        value: the rate or mean; `Not scored` without one.
        tier: the tier reached; empty below all.
        earned: projected dollars.
    """

    counts: str
    value: str
    tier: str
    earned: Money


@dataclass(frozen=True, slots=True)
class IndicatorEffect:
    """One indicator before and after."""

    title: str
    before: Result
    after: Result

    @property
    def is_moved(self) -> bool:
        """Whether anything printed differs."""
        return self.before != self.after

    @property
    def difference_words(self) -> str:
        """How many dollars more or less it earns."""
        return difference_words(self.before.earned, self.after.earned)


@dataclass(frozen=True, slots=True)
class YearEffect:
    """A measurement year before and after."""

    year: str
    program: str
    period: str
    is_closed: bool
    pool: Money
    before: Money
    after: Money
    indicators: tuple[IndicatorEffect, ...]

    @property
    def difference_words(self) -> str:
        """How many dollars more or less it earns."""
        return difference_words(self.before, self.after)


def difference_words(before: Money, after: Money) -> str:
    """Say what a change is worth: `$1,200.00 less`."""
    if before == after:
        return "no difference"
    return f"{after - before} more" if after > before else f"{before - after} less"


def effect_document(
    terms: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, Any]:
    """Write down what changes between two scorecard documents of the same terms."""
    return {
        "pool": after["score"]["pool"],
        "before": before["score"]["earned"],
        "after": after["score"]["earned"],
        "indicators": _both(terms, before["indicators"], after["indicators"]),
    }


def moved(
    terms: Mapping[str, Any],
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
) -> tuple[IndicatorEffect, ...]:
    """List the indicators that read otherwise in one scorecard document than in another.

    Args:
        terms: of both.
        before: the results of one document.
        after: those of the other.
    """
    effects = map(_effect, _both(terms, before, after))
    return tuple(effect for effect in effects if effect.is_moved)


def read_effect(document: Mapping[str, Any]) -> YearEffect:
    """Read what was written down of one year."""
    return YearEffect(
        year=document["year"],
        program=document["program"],
        period=document["period"],
        is_closed=document["is_closed"],
        pool=Money.from_dollars(document["pool"]),
        before=Money.from_dollars(document["before"]),
        after=Money.from_dollars(document["after"]),
        indicators=tuple(map(_effect, document["indicators"])),
    )


def _both(
    terms: Mapping[str, Any],
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    sides = [{each["slug"]: each for each in side} for side in (before, after)]
    return [
        {
            "title": agreed["definition"]["title"],
            "before": _result(agreed, sides[0][agreed["slug"]]),
            "after": _result(agreed, sides[1][agreed["slug"]]),
        }
        for agreed in terms["indicators"]
    ]


def _effect(document: Mapping[str, Any]) -> IndicatorEffect:
    return IndicatorEffect(document["title"], _read(document["before"]), _read(document["after"]))


def _result(agreed: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, str]:
    definition, scored = Definition.from_document(agreed["definition"]), result["score"]
    above, below = exact_parts(Tally.from_document(result["tally"]), definition)
    compared = scored["compared"]
    return {
        "counts": f"{figures.count_text(above)} / {figures.count_text(below)}",
        "value": "Not scored"
        if compared is None
        else figures.figure(definition, fraction_from_text(compared), agreed["compare_places"]),
        "tier": scored["tier"] or "",
        "earned": scored["earned"],
    }


def _read(document: Mapping[str, str]) -> Result:
    return Result(
        counts=document["counts"],
        value=document["value"],
        tier=document["tier"],
        earned=Money.from_dollars(document["earned"]),
    )
