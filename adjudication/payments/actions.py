"""Booking what was authorized."""

import json
from datetime import date

from django.db import transaction
from django.utils import timezone

from adjudication.holds.policies import check_nothing_holds
from adjudication.holds.queries import holds_now
from adjudication.package.actions import ask_for_report
from adjudication.package.models import Stage
from adjudication.payments.models import PaymentEntry
from adjudication.payments.policies import check_can_pay, check_paid_on
from adjudication.years.queries import standing
from adjudication.years.snapshot import statement_of
from agreements.terms.models import MeasurementYear
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.values.money import Money
from comanage.web.errors import PolicyError


@transaction.atomic
def record_payment(
    *, year: MeasurementYear, sha256: str, paid_on: date, reference: str, by: Actor
) -> list[PaymentEntry]:
    """Book one entry for each line of the authorized statement, to the cent, once.

    Raises:
        PolicyError: not authorized, paid already, signed by the same person, dated ahead, or
            the snapshot is not the one that was looked at.
    """
    year = (
        MeasurementYear.objects.select_related("program__group")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=year.pk)
    )
    now = standing(year)
    check_can_pay(now, has_payments=year.payments.exists(), by=by)
    check_paid_on(paid_on, today=Tenant.objects.get(pk=active_tenant_id()).today())
    snapshot = now.snapshot
    if snapshot is None or snapshot.sha256 != sha256:
        raise PolicyError("The year was frozen anew since this page was opened. Look again.")
    check_nothing_holds(holds_now(year), snapshot)
    entries = [
        PaymentEntry.objects.create(
            year=year,
            snapshot=snapshot,
            component=line["component"],
            payee=year.program.group,
            amount=Money.from_dollars(line["amount"]),
            paid_on=paid_on,
            reference=reference,
            recorded_at=timezone.now(),
            recorded_by_id=by.user_id,
        )
        for line in statement_of(json.loads(snapshot.canonical))["lines"]
    ]
    record_event(
        kind=EventKind.PAYMENT_RECORDED,
        subject=snapshot,
        by=by,
        total=snapshot.total.dollars_text,
        paid_on=paid_on.isoformat(),
        reference=reference,
        sha256=snapshot.sha256,
    )
    ask_for_report(snapshot=snapshot, stage=Stage.FINAL)
    return entries
