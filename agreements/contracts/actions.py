"""Entering contracts in the register, and recording what happens to them."""

from datetime import date
from typing import BinaryIO

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agreements.contracts import policies
from agreements.contracts.facts import ContractFacts
from agreements.contracts.models import (
    Contract,
    ContractEvent,
    ContractEventKind,
    ContractPaper,
    ContractPerson,
)
from agreements.contracts.notices import tell_to_draft_next_year
from agreements.contracts.policies import EventFacts, Ground
from agreements.contracts.queries import (
    end_cause_of,
    ended_with,
    ending_of,
    opinion_until,
    signed_periods,
    standing_of,
    writing_for,
    year_to_follow,
    years_that_outlast,
)
from agreements.contracts.rows import hold_register
from agreements.terms.actions import end_year_early, lock_terms
from agreements.terms.models import MeasurementYear
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.vault.models import SealedFile
from comanage.vault.papers import check_is_pdf, keep_paper
from comanage.web.errors import PolicyError

FIRST_PAPER = "The contract as it was signed"
_GOES_ON = {ContractEventKind.EXTENDED, ContractEventKind.RENEWED, ContractEventKind.HELD_OVER}


@transaction.atomic
def enter_contract(
    *, facts: ContractFacts, document: BinaryIO | None = None, by: Actor
) -> Contract:
    """Enter a contract in the register, with its signed paper where there is one.

    Raises:
        DocumentError: the paper is no PDF that can be kept.
        PolicyError: its term is too short, or a same or similar one ended in its first year.
    """
    hold_register()
    policies.check_term(facts.starts_on, facts.ends_on, facts.signed_on, today=_today())
    ended = ended_with(group=facts.group, party=facts.party, kind=facts.kind)
    policies.check_may_contract_again(ended, facts.starts_on)
    if facts.agreement is not None:
        is_in = facts.agreement.contracts.exists()
        policies.check_can_enter_agreement(facts.agreement, is_in_the_register=is_in)
    contract = Contract.objects.create(
        kind=facts.kind,
        title=facts.title,
        party=facts.party,
        group=facts.group,
        program=facts.program,
        agreement=facts.agreement,
        signed_on=facts.signed_on,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        notice_days=facts.notice_days,
        holdover_notice_days=facts.holdover_notice_days,
        fmv_until=facts.fmv_until,
        place=facts.place,
        entered_at=timezone.now(),
        entered_by_id=by.user_id,
    )
    ContractPerson.objects.bulk_create(
        ContractPerson(contract=contract, physician=physician, relation=relation)
        for physician, relation in facts.people
    )
    record_event(kind=EventKind.CONTRACT_ENTERED, subject=contract, by=by, contract=facts.title)
    if document is not None:
        keep_contract_paper(contract=contract, title=FIRST_PAPER, document=document, by=by)
    return contract


@transaction.atomic
def keep_contract_paper(
    *, contract: Contract, title: str, document: BinaryIO, by: Actor
) -> ContractPaper:
    """Keep a signed paper of a contract, sealed, with the day on which it came in.

    Raises:
        DocumentError: it is no PDF that can be kept.
    """
    check_is_pdf(document, what="contract")
    paper = ContractPaper.objects.create(
        contract=contract,
        title=title,
        file=keep_paper(document, folder="contracts"),
        received_on=_today(),
        kept_at=timezone.now(),
        kept_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.CONTRACT_PAPER_KEPT,
        subject=contract,
        by=by,
        paper=title,
        sha256=paper.file.sha256,
    )
    return paper


@transaction.atomic
def note_paper_download(*, paper: ContractPaper, by: Actor) -> SealedFile:
    """Record that a paper of a contract was taken away, and return its file.

    Raises:
        PolicyError: the file is no more.
    """
    file = policies.check_can_download(paper.file)
    record_event(
        kind=EventKind.CONTRACT_PAPER_TAKEN,
        subject=paper.contract,
        by=by,
        paper=paper.title,
        sha256=file.sha256,
    )
    return file


@transaction.atomic
def record_contract_event(*, contract: Contract, facts: EventFacts, by: Actor) -> ContractEvent:
    """Record what happened to a contract; what was recorded before stays as it is.

    Raises:
        PolicyError: a rule refuses it, with the rule and the way out.
    """
    hold_register()
    contract = Contract.objects.select_related("program").get(pk=contract.pk)
    stands = standing_of(contract)
    ground = Ground(
        stands=stands,
        notice_days=contract.notice_days,
        periods=signed_periods(contract.program),
        is_in_program=contract.program_id is not None,
        fmv_until=opinion_until(contract),
        changes_later=contract.events.filter(
            kind=ContractEventKind.AMENDED, effective_on__gte=stands.ends_on
        ).exists(),
        today=_today(),
        end_cause=end_cause_of(contract),
        holdover_notice_days=contract.holdover_notice_days,
    )
    policies.check_event(facts, ground)
    last = contract.events.aggregate(last=Max("number"))["last"] or 0
    event = ContractEvent.objects.create(
        contract=contract,
        number=last + 1,
        kind=facts.kind,
        signed_on=facts.signed_on,
        effective_on=facts.effective_on,
        ends_on=facts.ends_on,
        subject=facts.subject or "",
        cause=facts.cause or "",
        ended_by=facts.ended_by or "",
        early_end=facts.early_end or "",
        notice_on=facts.notice_on,
        is_identical=facts.is_identical,
        text=facts.text.strip(),
        recorded_at=timezone.now(),
        recorded_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.CONTRACT_EVENT_RECORDED,
        subject=contract,
        by=by,
        event=str(event.get_kind_display()),
        effective_on=facts.effective_on.isoformat(),
    )
    if facts.kind in _GOES_ON:
        _tell_of_next_year(contract, by)
    _end_years(contract, by=by)
    return event


def _end_years(contract: Contract, *, by: Actor) -> None:
    """Tell the signed years of a program that its agreement has ended before they do."""
    ending = ending_of(contract)
    if ending is None:
        return
    for year in years_that_outlast(contract, date.fromisoformat(ending["on"])):
        end_year_early(year=year, ending=ending, by=by)


@transaction.atomic
def lock_amended_terms(*, year: MeasurementYear, by: Actor) -> MeasurementYear:
    """Lock a later year of an agreement that was executed here, as its amendment was signed.

    Raises:
        PolicyError: the year has begun, the register holds no amendment for it, the signed paper is
            not there, or `by` kept it.
    """
    hold_register()
    writing = writing_for(year)
    if writing is None:
        raise PolicyError(
            "These terms belong to no agreement that was executed here. Give the day on which both "
            "parties signed them."
        )
    amendment, paper = policies.check_has_its_writing(writing, today=_today(), by=by.id)
    year = lock_terms(year=year, signed_on=amendment.signed_on, by=by)
    record_event(
        kind=EventKind.TERMS_AMENDED,
        subject=year,
        by=by,
        contract=writing.title,
        number=amendment.number,
        paper=paper.title,
        sha256=paper.sha256,
    )
    return year


@transaction.atomic
def note_list_copy(*, count: int, by: Actor) -> None:
    """Record that somebody took a copy of the register away."""
    tenant = Tenant.objects.get(pk=active_tenant_id())
    record_event(kind=EventKind.CONTRACT_LIST_COPIED, subject=tenant, by=by, contracts=count)


def _tell_of_next_year(contract: Contract, by: Actor) -> None:
    """Ask for the next year, where a contract now runs on after the last signed one."""
    today = _today()
    year = year_to_follow(contract, standing_of(contract), today=today)
    if year is not None:
        tell_to_draft_next_year(year, today=today, by=by)


def _today() -> date:
    return Tenant.objects.get(pk=active_tenant_id()).today()
