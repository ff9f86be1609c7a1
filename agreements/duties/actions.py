"""Putting duties into a draft, and taking the fixed fee from them."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from agreements.duties.document import duty_document
from agreements.duties.fee import built_up
from agreements.duties.models import Duty, Frequency
from agreements.duties.policies import check_has_duties, check_is_new
from agreements.duties.queries import duties_of
from agreements.terms.models import MeasurementYear
from agreements.terms.policies import check_can_edit
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.values.money import Money


@dataclass(frozen=True, slots=True)
class DutyTerms:
    """What was agreed on one duty; the fields are explained in the model."""

    name: str
    deliverable: str
    frequency: Frequency
    minutes: int
    rate: Money
    key: str = ""


@transaction.atomic
def agree_duty(*, year: MeasurementYear, terms: DutyTerms, by: Actor) -> Duty:
    """Put a duty into a draft.

    Raises:
        PolicyError: the terms are locked, or have a duty of that name.
    """
    year = _draft(year)
    check_is_new(name=terms.name, is_taken=year.duties.filter(name__iexact=terms.name).exists())
    last = year.duties.aggregate(last=Max("number"))["last"] or 0
    duty = Duty.objects.create(
        year=year,
        number=last + 1,
        key=terms.key,
        name=terms.name,
        deliverable=terms.deliverable,
        frequency=terms.frequency,
        minutes=terms.minutes,
        rate=terms.rate,
    )
    record_event(kind=EventKind.DUTY_AGREED, subject=duty, by=by, minutes=terms.minutes)
    return duty


@transaction.atomic
def change_duty(*, duty: Duty, terms: DutyTerms, by: Actor) -> Duty:
    """Change a duty of a draft; its number stays, and so does what it was taken from.

    Raises:
        PolicyError: the terms are locked, or have another duty of that name.
    """
    year = _draft(duty.year)
    others = year.duties.exclude(pk=duty.pk).filter(name__iexact=terms.name)
    check_is_new(name=terms.name, is_taken=others.exists())
    duty.name, duty.deliverable = terms.name, terms.deliverable
    duty.frequency, duty.minutes, duty.rate = terms.frequency, terms.minutes, terms.rate
    duty.save(update_fields=["name", "deliverable", "frequency", "minutes", "rate"])
    record_event(kind=EventKind.DUTY_CHANGED, subject=duty, by=by, minutes=terms.minutes)
    return duty


@transaction.atomic
def withdraw_duty(*, duty: Duty, by: Actor) -> None:
    """Take a duty out of a draft.

    Raises:
        PolicyError: the terms are locked.
    """
    _draft(duty.year)
    record_event(kind=EventKind.DUTY_WITHDRAWN, subject=duty, by=by)
    duty.delete()


@transaction.atomic
def take_fee(*, year: MeasurementYear, by: Actor) -> MeasurementYear:
    """Make the fixed fee of a draft what its duties come to.

    Raises:
        PolicyError: the terms are locked, or have no duties.
    """
    year = _draft(year)
    duties = [duty_document(each) for each in duties_of(year)]
    check_has_duties(len(duties))
    year.fixed_fee = built_up(duties, fixed_fee=year.fixed_fee).total
    year.save(update_fields=["fixed_fee"])
    fee = year.fixed_fee.dollars_text
    record_event(kind=EventKind.FEE_TAKEN, subject=year, by=by, fixed_fee=fee, duties=len(duties))
    return year


def carry_duties_over(*, year: MeasurementYear, following: MeasurementYear, by: Actor) -> None:
    """Agree a year's duties for the next one too."""
    for before in duties_of(year):
        terms = DutyTerms(
            name=before.name,
            deliverable=before.deliverable,
            frequency=Frequency(before.frequency),
            minutes=before.minutes,
            rate=before.rate,
            key=before.key,
        )
        agree_duty(year=following, terms=terms, by=by)


def _draft(year: MeasurementYear) -> MeasurementYear:
    year = MeasurementYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    check_can_edit(year)
    return year
