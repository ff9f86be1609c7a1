"""Holding a year, disputing a result, and releasing either."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from adjudication.holds import policies
from adjudication.holds.causes import RELEASERS, Cause
from adjudication.holds.models import Hold, Outcome, Release
from adjudication.payments.items import year_items
from adjudication.payments.policies import is_settled
from adjudication.payments.queries import entries_of_year
from adjudication.years.models import Snapshot
from adjudication.years.queries import standing
from agreements.terms.models import MeasurementYear
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.models import User
from comanage.identity.roles import Role
from comanage.notices.actions import tell
from comanage.notices.queries import members_in
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id

ANSWER_DAYS = 14


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """What holds a year; the fields are explained in the model."""

    cause: Cause
    what: str
    owner: Role
    due_on: date


@transaction.atomic
def open_hold(*, year: MeasurementYear, facts: HoldFacts, by: Actor) -> Hold:
    """Hold a frozen, unpaid year until somebody says that the cause is mended.

    Raises:
        PolicyError: nothing is frozen, or the year is paid.
    """
    _lock(year)
    hold = _open(year, facts, by=by)
    record_event(kind=EventKind.HOLD_OPENED, subject=hold, by=by, cause=facts.cause)
    return hold


@transaction.atomic
def raise_dispute(
    *, year: MeasurementYear, indicator: str, what: str, today: date, by: Actor
) -> Hold:
    """Dispute the result of an indicator, or with an empty slug the whole; it is answered in days.

    Raises:
        PolicyError: nothing is frozen, the year is paid, or there is no such indicator.
    """
    locked = _lock(year)
    slugs = {each["slug"] for each in (locked.terms or {}).get("indicators", [])}
    policies.check_indicator_is_of_the_year(indicator, slugs)
    due_on = today + timedelta(days=ANSWER_DAYS)
    facts = HoldFacts(Cause.DISPUTE, what, Role.COMPLIANCE, due_on)
    hold = _open(year, facts, indicator=indicator, by=by)
    record_event(kind=EventKind.DISPUTED, subject=hold, by=by, indicator=indicator)
    return hold


@transaction.atomic
def release_hold(*, hold: Hold, outcome: Outcome, answer: str, by: Actor) -> Release:
    """End a hold: its cause is mended, or the dispute answered.

    Raises:
        PolicyError: it is released already, or not this person's to release.
    """
    _lock(hold.year)
    hold = Hold.objects.select_related("release", "opened_by", "year__program").get(pk=hold.pk)
    policies.check_can_release(hold, outcome, by=by)
    release = Release.objects.create(
        hold=hold,
        outcome=outcome,
        answer=answer,
        released_at=timezone.now(),
        released_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.HOLD_RELEASED, subject=hold, by=by, cause=hold.cause, outcome=outcome
    )
    _tell(hold, [hold.opened_by], f"released:{hold.pk}", "A hold is released", by=by)
    return release


def _lock(year: MeasurementYear) -> MeasurementYear:
    return MeasurementYear.objects.select_for_update(no_key=True).get(pk=year.pk)


def _open(year: MeasurementYear, facts: HoldFacts, *, indicator: str = "", by: Actor) -> Hold:
    snapshot = Snapshot.objects.filter(year=year).order_by("-number").first()
    items = year_items(entries_of_year(year))
    policies.check_can_hold(snapshot, is_paid=is_settled(standing(year), items))
    hold = Hold.objects.create(
        year=year,
        cause=facts.cause,
        indicator=indicator,
        what=facts.what,
        owner=facts.owner,
        due_on=facts.due_on,
        opened_at=timezone.now(),
        opened_by_id=by.user_id,
    )
    today = Tenant.objects.get(pk=active_tenant_id()).today()
    users = members_in({facts.owner, *RELEASERS[facts.cause]}, today=today)
    _tell(
        hold,
        [user for user in users if user.pk != by.user_id],
        f"hold:{hold.pk}",
        "A year is on hold",
        by=by,
    )
    return hold


def _tell(hold: Hold, users: Sequence[User], key: str, subject: str, *, by: Actor) -> None:
    tenant = Tenant.objects.get(pk=active_tenant_id())
    tell(
        users=users,
        key=key,
        subject=f"{subject}: {hold.year.program.name}",
        body=f"{hold.get_cause_display()}. Open the year to read it.",
        path=reverse("adjudication:year-detail", args=[tenant.slug, hold.year_id]),
        by=by,
    )
