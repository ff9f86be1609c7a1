"""The score that a report states, in its own type, beside the rate of its own counts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from comanage.values.rounding import round_half_up
from indicators.exchange import vocabulary as v
from indicators.exchange.concepts import concept_label
from indicators.exchange.errors import refusal
from indicators.exchange.reading import Element, extension_value

PERCENT = 100
R5_SCORES = (
    *("measureScoreQuantity", "measureScoreDateTime", "measureScoreCodeableConcept"),
    *("measureScorePeriod", "measureScoreRange", "measureScoreDuration"),
)


@dataclass(frozen=True, slots=True)
class Score:
    """A score as a report wrote it.

    Attributes:
        number: the exact number, None for a score that is none, such as true or a date.
        places: decimals it is written with.
        words: the score as text, digits kept.
        written_as: the element it was in.
        absent: why there is none, by the report's own word.
    """

    number: Fraction | None
    places: int
    words: str
    unit: str
    written_as: str
    absent: str = ""

    @property
    def is_percent(self) -> bool:
        """Whether its unit is the percent sign."""
        return self.unit in ("%", "percent", "[percent]")

    @property
    def as_share(self) -> Fraction | None:
        """The number, of 100 percent as 1."""
        return self.number / PERCENT if self.number is not None and self.is_percent else self.number

    def document(self) -> dict[str, Any]:
        """Write the score as it was sent."""
        kept = {"value": self.words, "unit": self.unit, "absent_reason": self.absent}
        return {name: value for name, value in kept.items() if value} | {
            "written_as": self.written_as
        }


def read_score(holder: Element) -> Score | None:
    """Read the score of a group or stratum, in any of the ways it is written; None without one.

    Raises:
        ExchangeError: it is not a score.
    """
    for name in ("measureScore", *R5_SCORES):
        if holder.value.get(name) is not None:
            return _score(holder, name)
    return None


def agreement(rate: Fraction, score: Score) -> dict[str, Any]:
    """Compare the exact rate of the counts with the score, in the decimals it is written with.

    Returns:
        `agrees`, and `how`: `exact`, `rounded` (halves upward), `cut_off` (decimals dropped;
        this is not the rate, and could miss a tier), `percent_without_unit`, or `differs`.
    """
    stated = score.as_share
    if stated is None:
        return {"agrees": None, "how": "not_a_number"}
    places = score.places + (len(str(PERCENT)) - 1 if score.is_percent else 0)
    if rate == stated:
        return {"agrees": True, "how": "exact"}
    if round_half_up(rate, places) == stated:
        return {"agrees": True, "how": "rounded"}
    if Fraction(floor(rate * 10**places), 10**places) == stated:
        return {"agrees": False, "how": "cut_off"}
    if round_half_up(rate * PERCENT, score.places) == stated and stated > 1:
        return {"agrees": False, "how": "percent_without_unit"}
    return {"agrees": False, "how": "differs"}


def _score(holder: Element, name: str) -> Score | None:
    found = holder.value[name]
    if not isinstance(found, dict):
        if name == "measureScoreDateTime" and isinstance(found, str):
            return Score(None, 0, found, "", name)
        raise refusal(holder.at(name), "A score is an object with a value, in { }.")
    element = Element(found, holder.at(name))
    if element.value.get("value") is not None:
        if element.text("comparator"):
            raise refusal(element.at("comparator"), "A score must be a number, not a bound.")
        return _number(element, "value", element.text("unit") or element.text("code"), name)
    return _other_score(element, name)


def _other_score(element: Element, name: str) -> Score | None:
    """Read a score that an extension states, or the reason why there is none."""
    absent = [extension_value(part)[1] for part in element.extensions("data-absent-reason")]
    if absent:
        return Score(None, 0, "", "", name, absent=str(absent[0]))
    for extension in element.extensions(*v.OTHER_SCORE_NAMES):
        kind, _ = extension_value(extension)
        if kind in ("valueQuantity", "valueMoney"):
            inner = extension.child(kind)
            unit = (inner.text("unit") or inner.text("currency")) if inner else ""
            return _number(inner, "value", unit, f"extension {kind}") if inner else None
        return _plain_score(extension, kind)
    if element.value.get("coding") is not None or element.value.get("text") is not None:
        return Score(None, 0, concept_label(element), "", name)
    return None


def _plain_score(extension: Element, kind: str) -> Score:
    value = extension.value[kind] if kind else None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _number(extension, kind, "", f"extension {kind}")
    concept = extension.child(kind) if isinstance(value, dict) else None
    words = str(value).lower() if isinstance(value, bool) else str(value)
    return Score(None, 0, concept_label(concept) if concept else words, "", f"extension {kind}")


def _number(holder: Element, name: str, unit: str, written_as: str) -> Score:
    number = holder.number(name)
    written = holder.value.get(name)
    exponent = written.as_tuple().exponent if isinstance(written, Decimal) else 0
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    words = format(written, "f") if isinstance(written, Decimal) else str(written)
    return Score(number, places, words, unit, written_as)
