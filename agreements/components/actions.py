"""Putting parts of the pay into a draft, and taking them out."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Max

from agreements.components.models import ComponentKind, PayComponent
from agreements.components.policies import (
    check_fits,
    check_has_cap,
    check_payee,
    kept_exactly,
    kinds_that_fit,
)
from agreements.participants.models import Physician
from agreements.terms.models import MeasurementYear
from agreements.terms.policies import check_can_edit
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.values.money import Money
from comanage.values.period import Period


@dataclass(frozen=True, slots=True)
class Caps:
    """Most paid minutes of a month, a quarter and the year; None for no cap."""

    month: int | None = None
    quarter: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class WrvuRung:
    """Dollars for each wRVU above a mark, both exact."""

    above: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class SavingsShare:
    """How savings are shared; rates as exact fractions.

    Attributes:
        share_rate: of what was saved.
        minimum_rate: of the base year's cost that must be saved before any of it is shared.
        limit_rate: of that cost that a year's share never passes; None for no such limit.
        fee: of an administrator, taken from the savings first.
        least_points: of 100, that the year's indicators must earn before any of it is shared.
    """

    share_rate: Fraction
    minimum_rate: Fraction
    fee: Money
    least_points: int
    limit_rate: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ComponentTerms:
    """What was agreed on one part of the pay.

    Attributes:
        physician: who is paid; None for the group.
        rate: for an hour of duties.
        amount: a salary for the whole year.
        table_year: by whose values wRVUs are counted.
        rungs: rates by wRVU, the lowest mark first.
        sharing: of savings.
    """

    kind: ComponentKind
    label: str
    in_effect: Period
    physician: Physician | None = None
    rate: Money | None = None
    caps: Caps = Caps()
    amount: Money | None = None
    table_year: int | None = None
    rungs: tuple[WrvuRung, ...] = ()
    sharing: SavingsShare | None = None


@transaction.atomic
def agree_component(*, year: MeasurementYear, terms: ComponentTerms, by: Actor) -> PayComponent:
    """Put a part of the pay into a draft.

    Raises:
        PolicyError: the terms are locked, the program's model does not pay so, hours have no
            cap, or a salary is nobody's.
    """
    years = MeasurementYear.objects.select_related("program")
    year = years.select_for_update(of=("self",), no_key=True).get(pk=year.pk)
    check_can_edit(year)
    check_fits(terms.kind, year.program)
    caps = terms.caps
    check_has_cap(terms.kind, (caps.month, caps.quarter, caps.year))
    check_payee(terms.kind, is_a_physician=terms.physician is not None)
    last = year.components.aggregate(last=Max("number"))["last"] or 0
    component = PayComponent.objects.create(
        year=year,
        number=last + 1,
        kind=terms.kind,
        label=terms.label,
        physician=terms.physician,
        starts_on=terms.in_effect.start,
        ends_on=terms.in_effect.end,
        rate=terms.rate,
        month_cap=caps.month,
        quarter_cap=caps.quarter,
        year_cap=caps.year,
        amount=terms.amount,
        table_year=terms.table_year,
        rungs=[{"above": _text(rung.above), "rate": _text(rung.rate)} for rung in terms.rungs],
        **_sharing(terms.sharing),
    )
    record_event(kind=EventKind.COMPONENT_AGREED, subject=component, by=by, component=terms.kind)
    return component


@transaction.atomic
def withdraw_component(*, component: PayComponent, by: Actor) -> None:
    """Take a part of the pay out of a draft.

    Raises:
        PolicyError: the terms are locked.
    """
    year = MeasurementYear.objects.select_for_update(no_key=True).get(pk=component.year_id)
    check_can_edit(year)
    record_event(kind=EventKind.COMPONENT_WITHDRAWN, subject=component, by=by)
    component.delete()


def carry_components_over(*, year: MeasurementYear, following: MeasurementYear, by: Actor) -> None:
    """Agree the parts that are in effect at a year's end for the whole of the next one.

    Where the program has got another model since, those that do not fit it stay behind.
    """
    kinds = kinds_that_fit(following.program)
    ending = year.components.filter(ends_on=year.ends_on, kind__in=kinds)
    for before in ending.select_related("physician"):
        terms = ComponentTerms(
            kind=ComponentKind(before.kind),
            label=before.label,
            in_effect=following.period,
            physician=before.physician,
            rate=before.rate,
            caps=Caps(before.month_cap, before.quarter_cap, before.year_cap),
            amount=before.amount,
            table_year=before.table_year,
            rungs=tuple(
                WrvuRung(Decimal(rung["above"]), Decimal(rung["rate"])) for rung in before.rungs
            ),
            sharing=_shared_before(before),
        )
        agree_component(year=following, terms=terms, by=by)


def _sharing(sharing: SavingsShare | None) -> dict[str, Any]:
    if sharing is None:
        return {}
    limit = sharing.limit_rate
    return {
        "share_rate": kept_exactly(sharing.share_rate),
        "minimum_rate": kept_exactly(sharing.minimum_rate),
        "limit_rate": None if limit is None else kept_exactly(limit),
        "fee": sharing.fee,
        "least_points": sharing.least_points,
    }


def _shared_before(before: PayComponent) -> SavingsShare | None:
    if before.share_rate is None or before.minimum_rate is None or before.least_points is None:
        return None
    return SavingsShare(
        share_rate=Fraction(before.share_rate),
        minimum_rate=Fraction(before.minimum_rate),
        fee=before.fee or Money(0),
        least_points=before.least_points,
        limit_rate=None if before.limit_rate is None else Fraction(before.limit_rate),
    )


def _text(value: Decimal) -> str:
    """Write a decimal without zeros at its end, as a fraction and a decimal both read it."""
    return f"{value.normalize():f}"
