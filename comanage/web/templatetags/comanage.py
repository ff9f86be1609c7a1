"""How a value is printed: each kind in exactly one way.

A value of another kind is refused with a TypeError. A page must say in words why a number
is missing; it must never print a blank or a zero in its place.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone

from comanage import __version__
from comanage.values.money import Money
from comanage.values.period import Period, day_text
from comanage.values.rounding import decimal_text, fraction_from_text

SHORT_HASH_LENGTH = 12

register = template.Library()


@register.filter
def money(value: Money | int) -> str:
    """Print dollars and cents: `$62,333.33`.

    Args:
        value: an amount, or whole cents.
    """
    if isinstance(value, Money):
        return str(value)
    if type(value) is int:
        return str(Money(value))
    raise _wrong_kind("money", value, "Money or whole cents")


@register.filter
def rate(value: Fraction | str) -> str:
    """Print a share of cases as a percentage with one decimal, halves upward: `8.0 %`.

    Args:
        value: the exact rate, or its exact text such as `424/5279`.
    """
    return f"{decimal_text(_exact('rate', value) * 100, 1)} %"


@register.filter
def decimal(value: Fraction | str, places: int = 1) -> str:
    """Print a mean in its unit with so many decimals, halves upward: `3.5`."""
    return decimal_text(_exact("decimal", value), places)


@register.filter
def count(value: int) -> str:
    """Print a number of things: `1,392`."""
    if type(value) is not int:
        raise _wrong_kind("count", value, "a whole number")
    return f"{value:,}"


@register.filter
def day(value: date) -> str:
    """Print a day: `14 Mar 2026`.

    An instant is refused: which day it is depends on the zone, so print it by `moment`.
    """
    if type(value) is not date:
        raise _wrong_kind("day", value, "a date")
    return day_text(value)


@register.filter
def moment(value: datetime, zone: str = "") -> str:
    """Print an instant on the hospital's clock: `14 Mar 2026, 10:05 CDT`.

    Args:
        value: an aware instant.
        zone: an IANA zone name; empty for the zone of the request.
    """
    if not isinstance(value, datetime) or timezone.is_naive(value):
        raise _wrong_kind("moment", value, "an aware datetime")
    local = timezone.localtime(value, ZoneInfo(zone) if zone else None)
    return f"{day_text(local)}, {local:%H:%M} {local.tzname()}"


@register.filter
def period(value: Period) -> str:
    """Print a period with both days named: `1 Jan 2026 to 31 Mar 2026`."""
    if not isinstance(value, Period):
        raise _wrong_kind("period", value, "a Period")
    return str(value)


@register.filter
def short_hash(value: str) -> str:
    """Print the beginning of a hash, enough to tell two documents apart by eye."""
    return value[:SHORT_HASH_LENGTH]


@register.simple_tag
def product_version() -> str:
    """Say which version of CoManage is running."""
    return __version__


def _exact(name: str, value: object) -> Fraction:
    """Take an exact value in any of its forms; binary floats are none of them."""
    if isinstance(value, str) and value:
        return fraction_from_text(value)
    if isinstance(value, Fraction) or type(value) is int:
        return Fraction(value)
    raise _wrong_kind(name, value, "a Fraction or its exact text")


def _wrong_kind(name: str, value: object, wanted: str) -> TypeError:
    """Say which filter was given what."""
    return TypeError(f"The filter {name!r} prints {wanted}, not {value!r}.")
