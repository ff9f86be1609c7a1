"""The score that a report states, in its own type, beside the rate of its own counts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from struct import pack, unpack
from typing import Any

from comanage.values.rounding import round_half_up
from indicators.exchange import vocabulary as v
from indicators.exchange.concepts import concept_label
from indicators.exchange.errors import refusal
from indicators.exchange.reading import Element, extension_value
from indicators.exchange.units import PERCENT, PLAIN_UNITS, multiplier_of

R5_SCORES = (
    *("measureScoreQuantity", "measureScoreDateTime", "measureScoreCodeableConcept"),
    *("measureScorePeriod", "measureScoreRange", "measureScoreDuration"),
)


LARGEST_SINGLE = 10.0**38  # well below the largest float of 32 bits


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
    def says_no_scale(self) -> bool:
        """Whether its unit leaves open what it is multiplied by."""
        return not self.unit or self.unit.lower() in PLAIN_UNITS

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


def agreement(rate: Fraction, score: Score, multiplier: int | None = None) -> dict[str, Any]:
    """Compare the exact rate of the counts with the score, in the decimals it is written with.

    Args:
        rate: of the counts.
        score: with the unit it says itself.
        multiplier: what the measure multiplies scores by, for a score without a unit; such a
            score may be multiplied or not.

    Returns:
        `agrees`, and `how`: `exact`, `rounded` (halves upward), `binary_float` (the rate as a
        binary float and printed so), `cut_off` (decimals dropped; this is not the rate, and
        could miss a tier), `percent_without_unit`, or `differs`.
    """
    if score.number is None:
        return {"agrees": None, "how": "not_a_number"}
    own = None if score.says_no_scale else multiplier_of([score.unit])
    scale = own or (multiplier if score.says_no_scale else None) or 1
    how = _how(rate, scale, score)
    if how == "differs" and own is None and scale > 1 and score.number:
        how = _how(rate, 1, score)  # the measure counts per 1,000, the report does not
    if how == "differs" and score.says_no_scale and score.number > 1:
        is_percent = round_half_up(rate * PERCENT, score.places) == score.number
        how = "percent_without_unit" if is_percent else how
    return {"agrees": how in ("exact", "rounded", "binary_float"), "how": how}


def _how(rate: Fraction, scale: int, score: Score) -> str:
    value = rate * scale
    if value == score.number:
        return "exact"
    if round_half_up(value, score.places) == score.number:
        return "rounded"
    if score.number in _float_prints(value) | _float_prints(rate, scale):
        return "binary_float"
    shift = 10**score.places
    return "cut_off" if Fraction(floor(value * shift), shift) == score.number else "differs"


def _float_prints(value: Fraction, scale: int = 1) -> set[Fraction]:
    """List what a program with binary floats prints for a value, in full digits.

    The nearest float of 64 bits with 15 to 17 digits, that of 32 bits with 8 and 9, and both
    as they are. 2/3 so becomes 0.6666666666666666, which is no cut-off.
    """
    double = float(value) * scale
    found = {Fraction(f"{double:.{digits}g}") for digits in (15, 16, 17)} | {Fraction(double)}
    if abs(double) < LARGEST_SINGLE:
        single = unpack("<f", pack("<f", double))[0]
        found |= {Fraction(f"{single:.{digits}g}") for digits in (8, 9, 15, 16, 17)}
        found.add(Fraction(single))
    return found


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
