"""Freezing a year and signing it."""

import json
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from adjudication.committee.actions import invite_committee
from adjudication.compensation.effective import effective_rates
from adjudication.compensation.roster import roster_that_differs
from adjudication.compensation.terms import CompensationError
from adjudication.holds.actions import ANSWER_DAYS, HoldFacts, open_hold
from adjudication.holds.causes import Cause
from adjudication.holds.policies import check_nothing_holds
from adjudication.holds.queries import holds_now
from adjudication.package.actions import ask_for_report
from adjudication.package.models import Stage
from adjudication.payments.actions import book_year
from adjudication.reviews.policies import (
    check_independence_is_confirmed,
    check_record_bears_a_signature,
)
from adjudication.reviews.queries import has_recorded, record_of
from adjudication.reviews.statement import statement
from adjudication.years import policies
from adjudication.years.figures import figures_of
from adjudication.years.models import Decision, SignOff, Snapshot
from adjudication.years.queries import promised_files, standing
from adjudication.years.snapshot import build, recompute, statement_of
from adjudication.years.steps import Step
from agreements.contracts.queries import ended_early
from agreements.participants.document import roster_document
from agreements.terms.actions import close_period, reopen_period
from agreements.terms.models import MeasurementYear, YearStatus
from agreements.work.queries import approved_savings, approved_work, has_undecided_work
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.jobs.queries import latest_job
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.values.canonical import canonical_json, sha256_of
from comanage.values.money import Money
from comanage.web.errors import PolicyError
from indicators.measure.tally import Tally
from scorecards.cards.engine import prior_of
from scorecards.cards.queries import (
    current_scorecard,
    files_held,
    files_in_check,
    slices_to_send_again,
)


@transaction.atomic
def freeze_year(*, year: MeasurementYear, by: Actor) -> Snapshot:
    """Close a year and freeze what its dollars depend on; earlier sign-offs count no more.

    A closed year whose cases were restated is frozen anew as it stands; what was paid stays, and
    the difference is booked when the new snapshot is authorized.

    Raises:
        PolicyError: the year is not over, not on the clock, has no scorecard or is computing,
            or a file waits for a person.
    """
    year = MeasurementYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    card = current_scorecard(year)
    job = latest_job(JobKind.RECOMPUTE_SCORECARD, subject_id=year.pk)
    policies.check_can_freeze(
        year,
        policies.Readiness(
            has_scorecard=card is not None,
            is_checking_files=files_in_check(year),
            is_computing=job is not None and job.is_pending,
            has_held_files=files_held(year),
            is_restated=standing(year).is_restated,
            has_undecided_work=has_undecided_work(year),
            ended_on=ended_early(year),
            to_send_again=slices_to_send_again(year, card),
            counted_until=card.document.get("until") if card else None,
        ),
    )
    tenant = Tenant.objects.get(pk=active_tenant_id())
    if year.status == YearStatus.OPEN:
        close_period(year=year, today=tenant.today(), by=by)
    assert card is not None and year.terms is not None  # noqa: S101, PT018  (policies saw to it)
    try:
        document = build(
            tenant=tenant.name,
            terms=year.terms,
            terms_sha256=year.terms_sha256,
            tallies={
                result["slug"]: Tally.from_document(result["tally"])
                for result in card.document["indicators"]
            },
            slices=card.document["slices"],
            work=approved_work(year),
            savings=approved_savings(year),
            prior=prior_of(card.document),
            ended=year.ending,
            roster=roster_that_differs(
                year.terms["participants"],
                roster_document(year.program),
                year.in_effect or year.period,
            ),
            beside={
                "trend": card.document.get("trend"),
                "files": promised_files(year, today=tenant.today(), zone=tenant.zone),
            },
        )
    except CompensationError as wrong:
        raise PolicyError(str(wrong)) from wrong
    last = year.snapshots.order_by("-number").first()
    snapshot = Snapshot.objects.create(
        year=year,
        number=last.number + 1 if last else 1,
        scorecard=card,
        canonical=canonical_json(document),
        sha256=sha256_of(document),
        total=Money.from_dollars(statement_of(document)["total"]),
        frozen_at=timezone.now(),
        frozen_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.ADJUDICATION_OPENED,
        subject=snapshot,
        by=by,
        sha256=snapshot.sha256,
        total=snapshot.total.dollars_text,
    )
    _hold_rates(year, document, today=tenant.today(), by=by)
    ask_for_report(snapshot=snapshot, stage=Stage.REVIEW)
    return snapshot


@transaction.atomic
def sign_off(
    *,
    year: MeasurementYear,
    step: Step,
    sha256: str,
    note: str,
    is_independent: bool = False,
    by: Actor,
) -> SignOff:
    """Approve the snapshot of this hash for one step.

    The independent reviewer's signature needs a record that matches throughout; it recomputes the
    result once more and refuses a mismatch. With it the governing committee is asked to comment.
    The last signature books what is owed.

    Args:
        year: that is signed.
        step: whose turn it is.
        sha256: of the snapshot that was looked at.
        note: printed in the report.
        is_independent: whether the reviewer confirms the statement of independence.
        by: who signs.

    Raises:
        PolicyError: out of order, a second time, not this role's, not this person's, on a record
            with a gap or a mismatch, while the committee comments, or the snapshot is not the one
            that was looked at, or its cases were restated.
    """
    snapshot = _snapshot_to_sign(year, step, sha256, by)
    now = standing(year)
    policies.check_not_restated(now)
    policies.check_committee_is_heard(now)
    if step is Step.CEO:
        check_nothing_holds(holds_now(year), snapshot)
    if step is Step.REVIEW:
        _check_review(snapshot, is_independent=is_independent)
    signed = _sign(snapshot, step, Decision.APPROVED, note, by)
    record_event(
        kind=EventKind.SIGNED_OFF, subject=signed, by=by, step=step.value, sha256=snapshot.sha256
    )
    if step is Step.REVIEW:
        invite_committee(snapshot=snapshot, by=by)
    if standing(year).is_authorized:
        book_year(snapshot=snapshot, by=by)
    return signed


@transaction.atomic
def approve_on_condition(
    *,
    year: MeasurementYear,
    sha256: str,
    condition: str,
    owner: Role,
    due_on: date,
    by: Actor,
) -> SignOff:
    """Approve as counsel, on a condition: the CEO authorizes once counsel says that it is met.

    Raises:
        PolicyError: as for `sign_off`, or nothing is said of the condition.
    """
    snapshot = _snapshot_to_sign(year, Step.COUNSEL, sha256, by)
    policies.check_not_restated(standing(year))
    if not condition.strip():
        raise PolicyError("Say what must be done first, so that whoever does it knows.")
    signed = _sign(snapshot, Step.COUNSEL, Decision.CONDITIONAL, condition, by)
    record_event(kind=EventKind.SIGNED_ON_CONDITION, subject=signed, by=by, sha256=snapshot.sha256)
    facts = HoldFacts(Cause.CONDITION, signed.note, owner, due_on)
    open_hold(year=year, facts=facts, by=by)
    return signed


@transaction.atomic
def return_for_changes(
    *, year: MeasurementYear, step: Step, sha256: str, reason: str, by: Actor
) -> SignOff:
    """Send the year back: its data may be corrected, then it is frozen and signed anew.

    Raises:
        PolicyError: as for `sign_off`, or no reason is given.
    """
    snapshot = _snapshot_to_sign(year, step, sha256, by)
    if not reason.strip():
        raise PolicyError("Say what must change, so that whoever corrects it knows.", field="note")
    signed = _sign(snapshot, step, Decision.RETURNED, reason, by)
    reopen_period(year=year, by=by)
    record_event(
        kind=EventKind.RETURNED, subject=signed, by=by, step=step.value, sha256=snapshot.sha256
    )
    return signed


def _hold_rates(year: MeasurementYear, document: dict[str, Any], *, today: date, by: Actor) -> None:
    """Hold a year in which an hour came to more or less than the opinion supports."""
    for rate in effective_rates(document):
        if not rate.is_within:
            what = f"{rate.words} Correct the hours and freeze anew, or say why it stands."
            due_on = today + timedelta(days=ANSWER_DAYS)
            facts = HoldFacts(Cause.RATE, what, Role.COMPLIANCE, due_on)
            open_hold(year=year, facts=facts, by=by)


def _snapshot_to_sign(year: MeasurementYear, step: Step, sha256: str, by: Actor) -> Snapshot:
    """Lock the year and return the snapshot that may be signed now."""
    year = MeasurementYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    now = standing(year)
    policies.check_can_sign(now, step, by=by)
    assert now.snapshot is not None  # noqa: S101  (the policy saw to it)
    policies.check_recorded_not(step, has_recorded=has_recorded(now.snapshot, by.id))
    policies.check_snapshot_was_seen(now.snapshot, sha256)
    return now.snapshot


def _check_review(snapshot: Snapshot, *, is_independent: bool) -> None:
    """Raise PolicyError unless the review bears its signature."""
    figures = figures_of(json.loads(snapshot.canonical))
    titles = {slug: figure.title for slug, figure in figures.items()}
    check_record_bears_a_signature(record_of(snapshot, titles))
    check_independence_is_confirmed(is_independent=is_independent)
    if not recompute(snapshot.canonical):
        raise PolicyError(
            "Recomputing the snapshot gives another result, so it cannot be approved. Return it."
        )


def _sign(snapshot: Snapshot, step: Step, decision: Decision, note: str, by: Actor) -> SignOff:
    is_review = step is Step.REVIEW and decision is Decision.APPROVED
    return SignOff.objects.create(
        snapshot=snapshot,
        step=step,
        decision=decision,
        snapshot_sha256=snapshot.sha256,
        note=note.strip()[:1000],
        statement=statement() if is_review else "",
        signed_at=timezone.now(),
        signed_by_id=by.user_id,
    )
