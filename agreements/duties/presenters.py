"""Duties as their page shows them, and the catalogue by area."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from agreements.components.presenters import hours_text
from agreements.duties.catalogue import AREAS, StandardDuty
from agreements.duties.fee import BuiltUp, built_up
from agreements.duties.models import Duty, Frequency
from comanage.values.money import Money


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty as printed."""

    pk: UUID
    number: int
    name: str
    deliverable: str
    frequency: str
    hours: str
    rate: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class FeeReading:
    """What the duties come to beside the fixed fee, in words where they differ."""

    hours: str
    total: Money
    fixed_fee: Money
    is_equal: bool
    difference: str


@dataclass(frozen=True, slots=True)
class StandardLine:
    """A duty of the catalogue as printed, and whether the terms have it."""

    key: str
    name: str
    deliverable: str
    frequency: str
    hours: str
    source: str
    is_taken: bool


def duty_lines(duties: Iterable[Duty]) -> tuple[DutyLine, ...]:
    """Print every duty, in the order of the terms."""
    return tuple(
        DutyLine(
            pk=each.pk,
            number=each.number,
            name=each.name,
            deliverable=each.deliverable,
            frequency=each.get_frequency_display(),
            hours=hours_text(each.minutes),
            rate=each.rate,
            amount=each.amount,
        )
        for each in duties
    )


def read_fee(terms: Mapping[str, Any]) -> FeeReading | None:
    """Read what the duties of a terms document come to; None where it has none."""
    duties = terms.get("duties", ())
    if not duties:
        return None
    fee = built_up(duties, fixed_fee=Money.from_dollars(terms["pay"]["fixed_fee"]))
    return FeeReading(
        hours_text(fee.minutes), fee.total, fee.fixed_fee, fee.is_equal, _difference(fee)
    )


def standard_areas(
    standard: Iterable[StandardDuty], *, taken: Iterable[str]
) -> tuple[tuple[str, tuple[StandardLine, ...]], ...]:
    """Print the catalogue area by area."""
    listed, keys = list(standard), set(taken)
    return tuple(
        (name, tuple(_line(each, keys) for each in listed if each.area == area))
        for area, name in AREAS.items()
    )


def _line(duty: StandardDuty, taken: set[str]) -> StandardLine:
    return StandardLine(
        key=duty.key,
        name=duty.name,
        deliverable=duty.deliverable,
        frequency=Frequency(duty.frequency).label,
        hours=f"{duty.hours_low} to {duty.hours_high} hours",
        source=duty.source,
        is_taken=duty.key in taken,
    )


def _difference(fee: BuiltUp) -> str:
    if fee.is_equal:
        return "The fixed fee is what the duties come to."
    if fee.difference > Money(0):
        return f"The fixed fee is {fee.difference} more than the duties come to."
    return f"The fixed fee is {fee.total - fee.fixed_fee} less than the duties come to."
