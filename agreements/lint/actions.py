"""Waiving findings, taking that back, and keeping what the rules found."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agreements.drafting.models import Agreement, AgreementVersion
from agreements.lint import policies
from agreements.lint.document import to_document
from agreements.lint.models import FindingWaiver, LintRun, Occasion, WaiverOutcome
from agreements.lint.queries import facts_of, waivers_of, weigh, weighed
from agreements.lint.rules import RULES_DATED
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.values.canonical import sha256_of
from comanage.web.errors import PolicyError

NO_REASON = "Say why, so that whoever reads it later understands."


@transaction.atomic
def waive_finding(*, version: AgreementVersion, key: str, reason: str, by: Actor) -> FindingWaiver:
    """Let a version go on in spite of a finding of HOLD.

    Raises:
        PolicyError: the rules find no such thing today, it is no HOLD, it is waived already, the
            agreement is executed or over, or no reason is given.
    """
    version = _locked(version)
    listed = weighed(version, today=_today())
    same = next((each for each in listed if each.key == key), None)
    held = policies.check_can_waive(version, same)
    about = FindingWaiver(key=held.key, rule=held.finding.rule, what=held.finding.what)
    waiver = _decide(version, about, WaiverOutcome.WAIVED, reason, by)
    record_event(
        kind=EventKind.FINDING_WAIVED,
        subject=version.agreement,
        by=by,
        version=version.number,
        rule=waiver.rule,
    )
    return waiver


@transaction.atomic
def withdraw_waiver(
    *, version: AgreementVersion, key: str, reason: str, by: Actor
) -> FindingWaiver:
    """Take a waiver back: the finding holds the version again.

    Raises:
        PolicyError: none counts, the agreement is executed or over, or no reason is given.
    """
    version = _locked(version)
    about = policies.check_can_withdraw(version, waivers_of(version).get(key))
    waiver = _decide(version, about, WaiverOutcome.WITHDRAWN, reason, by)
    record_event(
        kind=EventKind.WAIVER_WITHDRAWN,
        subject=version.agreement,
        by=by,
        version=version.number,
        rule=waiver.rule,
    )
    return waiver


@transaction.atomic
def keep_findings(*, version: AgreementVersion, occasion: Occasion, by: Actor) -> LintRun:
    """Keep what the rules find in a version now, with what is waived of it."""
    today = _today()
    facts = facts_of(version, today=today)
    document = to_document(
        weigh(version, facts),
        number=version.number,
        sha256=version.sha256,
        today=today,
        earlier=facts.earlier_years,
    )
    run = LintRun.objects.create(
        version=version,
        occasion=occasion,
        rules_dated=RULES_DATED,
        document=document,
        sha256=sha256_of(document),
        ran_at=timezone.now(),
        ran_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.FINDINGS_KEPT,
        subject=version.agreement,
        by=by,
        version=version.number,
        occasion=occasion.value,
        sha256=run.sha256,
    )
    return run


@transaction.atomic
def note_findings_copy(*, version: AgreementVersion, by: Actor) -> None:
    """Record that somebody took what the rules find away."""
    record_event(
        kind=EventKind.FINDINGS_COPIED,
        subject=version.agreement,
        by=by,
        version=version.number,
        sha256=version.sha256,
    )


def _decide(
    version: AgreementVersion,
    about: FindingWaiver,
    outcome: WaiverOutcome,
    reason: str,
    by: Actor,
) -> FindingWaiver:
    """Write a decision down after the last one of the version."""
    if not reason.strip():
        raise PolicyError(NO_REASON, field="reason")
    last = version.waivers.aggregate(last=Max("number"))["last"] or 0
    return FindingWaiver.objects.create(
        version=version,
        number=last + 1,
        key=about.key,
        rule=about.rule,
        what=about.what,
        outcome=outcome,
        reason=reason.strip(),
        decided_at=timezone.now(),
        decided_by_id=by.user_id,
    )


def _locked(version: AgreementVersion) -> AgreementVersion:
    """Lock the agreement, so that nobody signs while a finding of it is decided."""
    Agreement.objects.select_for_update(no_key=True).get(pk=version.agreement_id)
    return AgreementVersion.objects.select_related("agreement__program__group").get(pk=version.pk)


def _today() -> date:
    return Tenant.objects.get(pk=active_tenant_id()).today()
