"""The fields of a settlement's document, read with their place for messages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from comanage.values.period import Period
from indicators.exchange.errors import quoted, refusal
from indicators.exchange.reading import Element
from indicators.exchange.writing import score_decimal


def needed(holder: Element, name: str) -> Element:
    """Return an object that must be there."""
    found = holder.child(name)
    if found is None:
        raise refusal(holder.path, f"The field {quoted(name)} is missing.")
    return found


def said_text(holder: Element, name: str) -> str:
    """Return a text that must be there."""
    text = holder.text(name)
    if not text:
        raise refusal(holder.path, f"The field {quoted(name)} is missing.")
    return text


def exact_number(holder: Element, name: str) -> Fraction:
    """Read an exact number that must be there: `12`, `2.5` or `53/660`."""
    written = holder.value.get(name)
    try:
        return Fraction(written) if isinstance(written, int) else Fraction(said_text(holder, name))
    except (ValueError, ZeroDivisionError):
        raise refusal(
            holder.at(name), "This must be an exact number: “12”, “2.5” or “53/660”."
        ) from None


def decimal_number(holder: Element, name: str) -> Decimal:
    """Read a number and keep the decimals it is written with: `62333.30`."""
    exact = exact_number(holder, name)
    written = holder.value.get(name)
    if isinstance(written, str) and "/" not in written and "e" not in written.lower():
        return Decimal(written.strip())
    return score_decimal(exact)


def optional_decimal(holder: Element, name: str) -> Decimal | None:
    """Read a number that may be absent."""
    return None if holder.value.get(name) is None else decimal_number(holder, name)


def day_text(holder: Element, name: str) -> str:
    """Return a day as text, checked."""
    text = said_text(holder, name)
    _day(text, holder.at(name))
    return text


def period_of(said: Element) -> Period:
    """Read a period of two named days, both inside."""
    first = _day(said_text(said, "first_day"), said.at("first_day"))
    last = _day(said_text(said, "last_day"), said.at("last_day"))
    if last < first:
        raise refusal(said.path, f"The period ends on {last}, before it starts on {first}.")
    return Period.inclusive(first, last)


def period_inside(holder: Element, name: str) -> Period | None:
    """Read a period that may be absent."""
    found = holder.child(name)
    return period_of(found) if found else None


def _day(text: str, place: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refusal(place, "This is not a day such as 2026-01-31.") from None
