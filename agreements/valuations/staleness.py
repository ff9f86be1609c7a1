"""When an opinion of value no longer says what the work is worth. Pure.

Source:
    No statute fixes the life of an opinion; the industry's floor is a yearly review, and a new
    one when scope, people or hours change (DOMAIN 3, F1 and F2, with their sources K46, K46b).
    The limits here, 90, 60 and 30 days, a fifth of the roster and a tenth of the hours, are rules
    of this product.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from comanage.values.period import Period, day_text

WARNING_DAYS = (30, 60, 90)
ROSTER_FIFTHS = 5  # more than one fifth of the roster
HOUR_TENTHS = 10  # more than one tenth of the hours
MINUTES_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """What an opinion is held against.

    Attributes:
        validity: of the opinion.
        is_renewed: whether another opinion takes over where it ends.
        assumed_minutes: of duties a year that it assumed; None where it does not say.
        duty_minutes: of the newest terms under it; None where they list no duties.
        new_duties: in later terms under it that its first terms did not have.
        roster_then: who took part on its first day.
        roster_now: who takes part today.
        changed_on: days since it was given on which the agreement was amended, extended, renewed
            or held over.
    """

    validity: Period
    is_renewed: bool = False
    assumed_minutes: int | None = None
    duty_minutes: int | None = None
    new_duties: tuple[str, ...] = ()
    roster_then: frozenset[str] = field(default_factory=frozenset)
    roster_now: frozenset[str] = field(default_factory=frozenset)
    changed_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Trigger:
    """Why an opinion is, or soon will be, no support any more.

    Attributes:
        rule: of the list in the agreements' README: F1 or F2.
        reason: in a sentence, with what would satisfy it.
        is_over: whether it supports nothing today; otherwise it is to be looked at.
    """

    rule: str
    reason: str
    is_over: bool = False


def triggers(standing: Standing, *, today: date) -> tuple[Trigger, ...]:
    """List everything that makes an opinion stale on a day, the end of its validity first."""
    return (
        *_ending(standing, today),
        *_changed(standing),
        *_roster(standing, today),
        *_new_duties(standing),
        *_hours(standing),
    )


def _ending(standing: Standing, today: date) -> Iterator[Trigger]:
    end = standing.validity.end
    if standing.is_renewed or today < standing.validity.start:
        return
    last = day_text(end - timedelta(days=1))
    if today >= end:
        yield Trigger(
            "F1",
            f"It ended on {last}. File a new one before anything more is agreed or paid.",
            is_over=True,
        )
        return
    days = (end - today).days
    within = next((limit for limit in WARNING_DAYS if days <= limit), None)
    if within is not None:
        yield Trigger("F1", f"It ends on {last}, within {within} days. Ask for the next one now.")


def _changed(standing: Standing) -> Iterator[Trigger]:
    if standing.changed_on:
        yield Trigger(
            "F1",
            f"The agreement was amended, extended, renewed or held over from "
            f"{day_text(max(standing.changed_on))} on, after the opinion. Let the valuator say "
            f"that it still holds.",
        )


def _roster(standing: Standing, today: date) -> Iterator[Trigger]:
    """Compare who takes part with the first day of an opinion that holds."""
    then, now = standing.roster_then, standing.roster_now
    changed = len(then ^ now)
    if today in standing.validity and then and changed * ROSTER_FIFTHS > len(then):
        yield Trigger(
            "F1",
            f"{changed} of {len(then)} physicians joined or left since "
            f"{day_text(standing.validity.start)}, more than a fifth. Let the valuator say that "
            f"it still holds.",
        )


def _new_duties(standing: Standing) -> Iterator[Trigger]:
    for name in standing.new_duties:
        yield Trigger(
            "F1",
            f"“{name}” is a new duty that was not in the first terms under this opinion. Let the "
            f"valuator value it.",
        )


def _hours(standing: Standing) -> Iterator[Trigger]:
    assumed, agreed = standing.assumed_minutes, standing.duty_minutes
    if assumed is None or agreed is None:
        return
    if abs(agreed - assumed) * HOUR_TENTHS > assumed:
        yield Trigger(
            "F2",
            f"The duties take {_hours_text(agreed)} a year; the opinion assumed "
            f"{_hours_text(assumed)}, more than a tenth apart. Adjust the duties, or ask for a "
            f"new opinion.",
        )


def _hours_text(minutes: int) -> str:
    hours, rest = divmod(minutes, MINUTES_AN_HOUR)
    return f"{hours:,} h {rest} min" if rest else f"{hours:,} hours"
