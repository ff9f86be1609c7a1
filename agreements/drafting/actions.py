"""Beginning an agreement, changing its clauses, and making versions of it."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agreements.contracts.facts import kind_of
from agreements.contracts.policies import check_may_contract_again
from agreements.contracts.queries import ended_with, runs_until
from agreements.drafting import policies
from agreements.drafting.clauses import standard_clauses
from agreements.drafting.compose import compose
from agreements.drafting.document import to_document
from agreements.drafting.facts import AgreementFacts, Change
from agreements.drafting.models import Agreement, AgreementStatus, AgreementVersion, ClauseChange
from agreements.drafting.ordering import MOVE
from agreements.drafting.queries import (
    agreement_being_written,
    draft_of,
    first_year,
    latest_changes,
)
from agreements.lint.actions import keep_findings
from agreements.lint.models import Occasion
from agreements.programs.models import Program
from agreements.terms.models import MeasurementYear
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.values.canonical import sha256_of
from comanage.web.errors import PolicyError


@transaction.atomic
def begin_agreement(*, program: Program, facts: AgreementFacts, by: Actor) -> Agreement:
    """Begin to write an agreement for a program.

    Raises:
        PolicyError: another one is being written or in force on the first day, the term is too
            short or back-dated, or a similar contract with the group ended within its first year.
    """
    program = _program_held(program)
    policies.check_can_begin(agreement_being_written(program))
    policies.check_facts(facts, today=_today())
    _check_may_follow(program, facts)
    agreement = Agreement(program=program, created_at=timezone.now(), created_by_id=by.user_id)
    _put(facts, agreement)
    agreement.save(force_insert=True)
    record_event(kind=EventKind.AGREEMENT_BEGUN, subject=agreement, by=by, program=program.name)
    return agreement


@transaction.atomic
def edit_agreement(*, agreement: Agreement, facts: AgreementFacts, by: Actor) -> Agreement:
    """Change the parties, the term or the law of an agreement that is drafted.

    Raises:
        PolicyError: it left the draft, another one is in force on the first day, the term is too
            short or back-dated, or a similar contract with the group ended within its first year.
    """
    agreement = _locked(agreement)
    policies.check_can_draft(agreement)
    policies.check_facts(facts, today=_today())
    _check_may_follow(agreement.program, facts)
    _put(facts, agreement)
    agreement.save()
    record_event(kind=EventKind.AGREEMENT_EDITED, subject=agreement, by=by)
    return agreement


@transaction.atomic
def change_clause(*, agreement: Agreement, change: Change, reason: str, by: Actor) -> ClauseChange:
    """Write a clause anew, leave it out, add one, move one, or take a change of words back.

    The standard's own text is never touched: what the program does is kept apart from it.

    Raises:
        PolicyError: the agreement left the draft, no such clause, an unknown placeholder, or no
            reason is given.
    """
    agreement = _locked(agreement)
    policies.check_can_draft(agreement)
    if not reason.strip():
        raise PolicyError("Say why, so that both sides can read it later.", field="reason")
    words = [each for each in latest_changes(agreement) if each.kind not in {"restore", MOVE}]
    added = {each.key: each.after for each in words if each.kind == "add"}
    policies.check_change(
        change,
        keys={*(clause.key for clause in standard_clauses()), *added},
        changed={each.key for each in words},
    )
    last = agreement.changes.aggregate(last=Max("number"))["last"] or 0
    made = ClauseChange.objects.create(
        agreement=agreement,
        number=last + 1,
        key=change.key,
        kind=change.kind,
        heading=change.heading,
        text=change.text.replace("\r\n", "\n"),
        after=change.after or added.get(change.key, ""),  # its place stays, for what follows it
        reason=reason.strip(),
        made_at=timezone.now(),
        made_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.CLAUSE_CHANGED,
        subject=agreement,
        by=by,
        clause=change.key,
        change=str(made.get_kind_display()),
    )
    return made


@transaction.atomic
def make_version(*, agreement: Agreement, note: str, by: Actor) -> AgreementVersion:
    """Print the agreement as it is now, for good; what is changed after makes the next version.

    Raises:
        PolicyError: it left the draft, its first year is not there, something in it cannot be
            filled, or nothing has changed.
    """
    agreement = _locked(agreement)
    policies.check_can_draft(agreement)
    year = _year_of(agreement)
    composition = compose(draft_of(agreement, year, latest_changes(agreement)))
    policies.check_can_be_a_version(composition.problems)
    last = agreement.versions.first()
    document = to_document(composition.document)
    sha256 = sha256_of(document)
    policies.check_differs(sha256, last.sha256 if last else "")
    number = agreement.versions.aggregate(last=Max("number"))["last"] or 0
    version = AgreementVersion.objects.create(
        agreement=agreement,
        number=number + 1,
        document=document,
        sha256=sha256,
        terms_sha256=sha256_of(document["terms"]),
        note=note.strip(),
        made_at=timezone.now(),
        made_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.AGREEMENT_VERSION_MADE,
        subject=agreement,
        by=by,
        version=version.number,
        sha256=sha256,
    )
    keep_findings(version=version, occasion=Occasion.MADE, by=by)
    return version


@transaction.atomic
def note_version_copy(*, version: AgreementVersion, form: str, by: Actor) -> None:
    """Record that somebody took a version away, and in which form."""
    record_event(
        kind=EventKind.AGREEMENT_COPIED,
        subject=version.agreement,
        by=by,
        version=version.number,
        form=form,
        sha256=version.sha256,
    )


@transaction.atomic
def withdraw_agreement(*, agreement: Agreement, reason: str, by: Actor) -> Agreement:
    """Give an agreement up before it is executed, so that another can be begun.

    Raises:
        PolicyError: it is executed or over, or no reason is given.
    """
    agreement = _locked(agreement)
    policies.check_can_withdraw(agreement)
    if not reason.strip():
        raise PolicyError("Say why it is withdrawn.", field="reason")
    agreement.status = AgreementStatus.WITHDRAWN
    agreement.save(update_fields=["status"])
    record_event(
        kind=EventKind.AGREEMENT_WITHDRAWN, subject=agreement, by=by, reason=reason.strip()
    )
    return agreement


def _year_of(agreement: Agreement) -> MeasurementYear:
    """Take the first year of the term, so that its terms stay while they are printed."""
    year = policies.check_can_be_composed(first_year(agreement))
    return (
        MeasurementYear.objects.select_related("program__group", "opinion")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=year.pk)
    )


def _check_may_follow(program: Program, facts: AgreementFacts) -> None:
    """Ask the register now: only at its execution it would be too late to learn of it."""
    policies.check_begins_after(facts.term.start, runs_until(program))
    group = program.group
    ended = ended_with(group=group, party=group.name, kind=kind_of(program))
    check_may_contract_again(ended, facts.term.start)


def _program_held(program: Program) -> Program:
    return (
        Program.objects.select_related("group")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=program.pk)
    )


def _put(facts: AgreementFacts, agreement: Agreement) -> None:
    agreement.title, agreement.hospital_name = facts.title, facts.hospital
    agreement.facility, agreement.state = facts.facility, facts.state
    agreement.starts_on, agreement.ends_on = facts.term.start, facts.term.end
    agreement.is_bond_financed, agreement.renewal = facts.is_bond_financed, facts.renewal
    agreement.path = facts.path
    agreement.notice_days = facts.notice_days
    agreement.holdover_notice_days = facts.holdover_notice_days
    agreement.hospital_address = facts.hospital_address
    agreement.physicians_address = facts.physicians_address


def _locked(agreement: Agreement) -> Agreement:
    return (
        Agreement.objects.select_related("program__group")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=agreement.pk)
    )


def _today() -> date:
    return Tenant.objects.get(pk=active_tenant_id()).today()
