"""Booking what is owed, what was paid, and what was set right."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from adjudication.handoffs.queries import handed_over, handover_key
from adjudication.holds.policies import check_nothing_holds
from adjudication.holds.queries import holds_now
from adjudication.package.actions import ask_for_report
from adjudication.package.models import Stage
from adjudication.payments import policies
from adjudication.payments.amounts import Amount, amounts_of
from adjudication.payments.booking import (
    CLAUSE,
    RECONCILING,
    book,
    is_booked,
    locked_year,
    pay,
    today,
)
from adjudication.payments.items import Item, is_paid, year_items
from adjudication.payments.models import (
    Component,
    EntryKind,
    Estimate,
    EstimateStatus,
    LedgerEntry,
    Side,
)
from adjudication.payments.queries import (
    entries_of_year,
    item_of,
)
from adjudication.years.models import Snapshot
from adjudication.years.queries import standing
from adjudication.years.snapshot import statement_of
from agreements.contracts.queries import ended_early
from agreements.terms.models import MeasurementYear
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.web.errors import PolicyError


@dataclass(frozen=True, slots=True)
class Proposal:
    """What finance proposes to pay on account of one quarter."""

    quarter: Period
    component: Component
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class Recovery:
    """How an overpayment came back.

    Attributes:
        against: the amount it was kept back from; None when the payee paid it back.
        reference: the hospital's own; empty where nothing moved.
    """

    amount: Money
    recovered_on: date
    reference: str
    reason: str
    against: LedgerEntry | None = None


@transaction.atomic
def book_year(*, snapshot: Snapshot, by: Actor) -> list[LedgerEntry]:
    """Book what an authorized snapshot says is owed, less what was estimated before.

    A year that was booked from an earlier snapshot gets the difference as a correction.
    """
    year = locked_year(snapshot.year)
    before = entries_of_year(year)
    entries = []
    for line in amounts_of(statement_of(json.loads(snapshot.canonical))):
        entry = _year_entry(year, snapshot, line, before)
        if entry is not None:
            entries.append(book(year, by=by, snapshot=snapshot, period=year.period, **entry))
    record_event(
        kind=EventKind.YEAR_BOOKED,
        subject=snapshot,
        by=by,
        total=snapshot.total.dollars_text,
        entries=[f"{entry.kind} {entry.component} {entry.amount}" for entry in entries],
    )
    _ask_for_final_report_when_paid(year)
    return entries


@transaction.atomic
def record_payment(
    *, year: MeasurementYear, sha256: str, paid_on: date, reference: str, by: Actor
) -> list[LedgerEntry]:
    """Book that what the year still owes was paid, to the cent, once.

    Raises:
        PolicyError: not authorized, paid already, signed by the same person, dated ahead or
            before the year was over, an overpayment is not recouped, or the snapshot is not the
            one that was looked at.
    """
    year = locked_year(year)
    now = standing(year)
    items = year_items(entries_of_year(year))
    policies.check_can_pay(now, items, by=by)
    policies.check_paid_on(paid_on, today=today())
    policies.check_paid_after(year.in_effect or year.period, paid_on)
    snapshot = now.snapshot
    if snapshot is None or snapshot.sha256 != sha256:
        raise PolicyError("The year was frozen anew since this page was opened. Look again.")
    check_nothing_holds(holds_now(year), snapshot)
    entries = [
        pay(year, item, paid_on=paid_on, reference=reference, snapshot=snapshot, by=by)
        for item in items
        if not item.is_paid
    ]
    record_event(
        kind=EventKind.PAYMENT_RECORDED,
        subject=snapshot,
        by=by,
        total=_paid_total(entries).dollars_text,
        paid_on=paid_on.isoformat(),
        reference=reference,
        sha256=snapshot.sha256,
    )
    ask_for_report(snapshot=snapshot, stage=Stage.FINAL)
    return entries


@transaction.atomic
def propose_estimate(*, year: MeasurementYear, proposal: Proposal, by: Actor) -> Estimate:
    """Propose to pay on account of a quarter, for the CEO to approve.

    Raises:
        PolicyError: the year is not open, the quarter not over, without an agreement or estimated
            already, or the amount above what the terms allow.
    """
    year = locked_year(year)
    policies.check_can_estimate(year, is_booked=is_booked(year))
    quarter, component = proposal.quarter, proposal.component
    policies.check_estimate(year, quarter, component, proposal.amount, today=today())
    policies.check_goes_on(year, quarter, ended_early(year))
    policies.check_no_live_estimate(list(year.estimates.all()), quarter, component)
    estimate = Estimate.objects.create(
        year=year,
        starts_on=quarter.start,
        ends_on=quarter.end,
        component=component,
        payee=year.program.group,
        amount=proposal.amount,
        reason=proposal.reason,
        proposed_at=timezone.now(),
        proposed_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.ESTIMATE_PROPOSED,
        subject=estimate,
        by=by,
        amount=estimate.amount.dollars_text,
    )
    return estimate


@transaction.atomic
def approve_estimate(*, estimate: Estimate, note: str, by: Actor) -> LedgerEntry:
    """Approve an estimate, which books it as owed.

    Raises:
        PolicyError: it is decided already, its maker asks, or the year is settled meanwhile.
    """
    estimate, year = _locked_estimate(estimate)
    policies.check_can_decide(estimate, EstimateStatus.APPROVED, by=by)
    policies.check_can_estimate(year, is_booked=is_booked(year))
    policies.check_goes_on(year, estimate.period, ended_early(year))
    _decide(estimate, EstimateStatus.APPROVED, note, by)
    entry = book(
        year,
        by=by,
        kind=EntryKind.ESTIMATED,
        side=Side.OWED,
        period=estimate.period,
        component=estimate.component,
        amount=estimate.amount,
        estimate=estimate,
        reason=estimate.reason,
        clause=f"{CLAUSE[Component(estimate.component)]}; {RECONCILING.lower()}",
    )
    record_event(
        kind=EventKind.ESTIMATE_APPROVED,
        subject=estimate,
        by=by,
        amount=estimate.amount.dollars_text,
    )
    return entry


@transaction.atomic
def decline_estimate(*, estimate: Estimate, note: str, by: Actor) -> Estimate:
    """Decline an estimate; another may be proposed.

    Raises:
        PolicyError: it is decided already, its maker asks, or no reason is given.
    """
    estimate, _ = _locked_estimate(estimate)
    policies.check_can_decide(estimate, EstimateStatus.DECLINED, by=by)
    if not note.strip():
        raise PolicyError("Say why, so that finance knows what to propose instead.")
    _decide(estimate, EstimateStatus.DECLINED, note, by)
    record_event(kind=EventKind.ESTIMATE_DECLINED, subject=estimate, by=by)
    return estimate


@transaction.atomic
def pay_estimate(*, estimate: Estimate, paid_on: date, reference: str, by: Actor) -> LedgerEntry:
    """Book that an approved estimate was paid, once.

    Raises:
        PolicyError: not approved, approved by the same person, paid already, or dated ahead or
            before the quarter was over.
    """
    estimate, year = _locked_estimate(estimate)
    booked = estimate.entries.filter(kind=EntryKind.ESTIMATED).first()
    item = policies.payable_item(estimate, item_of(booked) if booked else None, by=by)
    policies.check_paid_on(paid_on, today=today())
    policies.check_paid_after(item.key.period, paid_on)
    entry = pay(year, item, paid_on=paid_on, reference=reference, estimate=estimate, by=by)
    record_event(
        kind=EventKind.ESTIMATE_PAID,
        subject=estimate,
        by=by,
        amount=(-entry.amount).dollars_text,
        paid_on=paid_on.isoformat(),
        reference=reference,
    )
    return entry


@transaction.atomic
def recoup_overpayment(
    *, entry: LedgerEntry, recovery: Recovery, by: Actor
) -> tuple[LedgerEntry, ...]:
    """Book how an overpayment came back: repaid, or kept back from another amount.

    Args:
        entry: any of the amount that was overpaid.
        recovery: how much, when, and how.
        by: who records it.

    Raises:
        PolicyError: nothing or less is to come back, it is dated ahead, or there is not enough
            to keep it back from.
    """
    year = locked_year(entry.year)
    item = item_of(entry)
    policies.check_can_recoup(item, recovery.amount)
    policies.check_paid_on(recovery.recovered_on, today=today())
    target = item_of(recovery.against) if recovery.against else None
    if target is not None:
        is_handed_over = handover_key(target) in handed_over(year.program)
        policies.check_can_offset(item, target, recovery.amount, is_handed_over=is_handed_over)
    entries = [_recoup(year, item, recovery, recovery.amount, about=item.last_owed, by=by)]
    if target is not None:
        kept_from = MeasurementYear.objects.select_related("program__group").get(
            pk=target.key.year_id
        )
        entries += [_recoup(kept_from, target, recovery, -recovery.amount, about=entries[0], by=by)]
    record_event(
        kind=EventKind.OVERPAYMENT_RECOUPED,
        subject=entries[0],
        by=by,
        amount=recovery.amount.dollars_text,
        how="kept back" if target else "repaid",
        reference=recovery.reference,
    )
    _ask_for_final_report_when_paid(year)
    return tuple(entries)


@transaction.atomic
def correct_entry(*, entry: LedgerEntry, reason: str, by: Actor) -> LedgerEntry:
    """Take a payment or an unpaid estimate back whole, by a new entry that names it.

    Raises:
        PolicyError: of another kind, taken back already, counted by a true-up, or without a
            reason.
    """
    year = locked_year(entry.year)
    item = item_of(entry)
    policies.check_can_correct(entry, item, is_booked=is_booked(year))
    if not reason.strip():
        raise PolicyError("Say why it is taken back. The reason stands in the ledger.")
    correction = book(
        year,
        by=by,
        kind=EntryKind.CORRECTION,
        side=entry.side,
        period=entry.period,
        component=entry.component,
        physician_id=entry.physician_id,
        amount=-entry.amount,
        snapshot=entry.snapshot,
        estimate=entry.estimate,
        about=entry,
        reason=reason.strip(),
        clause=RECONCILING,
    )
    if entry.kind == EntryKind.ESTIMATED and entry.estimate is not None:
        entry.estimate.status = EstimateStatus.TAKEN_BACK
        entry.estimate.save(update_fields=["status"])
    record_event(
        kind=EventKind.ENTRY_CORRECTED,
        subject=correction,
        by=by,
        corrects=str(entry),
        amount=correction.amount.dollars_text,
    )
    return correction


def _year_entry(
    year: MeasurementYear, snapshot: Snapshot, line: Amount, before: list[LedgerEntry]
) -> dict[str, Any] | None:
    """Say what to book for one line of a statement: due, true-up, or what changed since."""
    component, amount = line.component, line.amount
    account = (component, line.physician_id)
    owed = [e for e in before if (e.component, e.physician_id) == account and e.side == Side.OWED]
    already = sum((entry.amount for entry in owed), Money(0))
    common = {
        "component": component,
        "physician_id": line.physician_id,
        "side": Side.OWED,
        "amount": amount - already,
        "clause": CLAUSE[Component(component)],
    }
    booked = [e for e in owed if e.period == year.period and e.kind != EntryKind.ESTIMATED]
    if booked:
        if amount == already:
            return None
        return common | {
            "kind": EntryKind.CORRECTION,
            "about": booked[-1],
            "reason": f"Snapshot {snapshot.number}, signed anew, says {amount}; "
            f"{already} was booked before. {line.basis}",
        }
    if already == Money(0):
        return common | {"kind": EntryKind.DUE, "reason": line.basis}
    return common | {
        "kind": EntryKind.TRUE_UP,
        "reason": f"{amount} is due for the year, less {already} estimated. {line.basis}",
        "clause": f"{CLAUSE[Component(component)]}; {RECONCILING.lower()}",
    }


def _recoup(
    year: MeasurementYear,
    item: Item,
    recovery: Recovery,
    amount: Money,
    *,
    about: LedgerEntry,
    by: Actor,
) -> LedgerEntry:
    return book(
        year,
        by=by,
        kind=EntryKind.RECOUPMENT,
        side=Side.SETTLED,
        period=item.key.period,
        component=item.key.component,
        physician_id=item.key.physician_id,
        amount=amount,
        about=about,
        paid_on=recovery.recovered_on,
        reference=recovery.reference,
        reason=recovery.reason,
        clause=RECONCILING,
    )


def _decide(estimate: Estimate, to: EstimateStatus, note: str, by: Actor) -> None:
    estimate.status = to
    estimate.decided_at, estimate.decided_by_id = timezone.now(), by.user_id
    estimate.decision_note = note.strip()
    estimate.save(update_fields=["status", "decided_at", "decided_by", "decision_note"])


def _locked_estimate(estimate: Estimate) -> tuple[Estimate, MeasurementYear]:
    """Lock the year, then its estimate: whoever books takes them in this order."""
    year = locked_year(estimate.year)
    return Estimate.objects.select_for_update(no_key=True).get(pk=estimate.pk), year


def _ask_for_final_report_when_paid(year: MeasurementYear) -> None:
    """Ask for it where nothing is left to pay: the amounts did not change, or came back."""
    now = standing(year)
    if now.is_authorized and now.snapshot and is_paid(year_items(entries_of_year(year))):
        ask_for_report(snapshot=now.snapshot, stage=Stage.FINAL)


def _paid_total(entries: list[LedgerEntry]) -> Money:
    return -sum((entry.amount for entry in entries), Money(0))
