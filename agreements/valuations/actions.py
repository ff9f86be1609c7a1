"""Filing opinions and memos, and taking their papers away."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from agreements.programs.models import Program
from agreements.valuations.models import Memo, Opinion
from agreements.valuations.policies import (
    check_can_download,
    check_can_file,
    check_can_write,
    check_range,
)
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor, ActorKind
from comanage.identity.roles import Role
from comanage.values.money import Money
from comanage.vault.models import SealedFile
from comanage.vault.papers import check_is_pdf, keep_paper


@dataclass(frozen=True, slots=True)
class OpinionFacts:
    """What the valuator wrote; `valid_until` is the first day it no longer holds.

    Attributes:
        salary, hourly, wrvu, savings: the most for each of these parts; None where nothing is
            said of it.
        hourly_low, hourly_high: what an hour of duties is worth; both or none.
        wrvu_low, wrvu_high: what a wRVU is worth; both or none.
        percentile: of the survey that was relied on, 1 to 99.
        all_agreements: the most for one physician in a year, from every agreement.
        basis: one of `Basis`; empty where it is not said.
        assumed_minutes: of duties a year that the fixed fee was held to be worth for.
        assumptions: what else was assumed.
    """

    valuator: str
    opined_on: date
    valid_from: date
    valid_until: date
    fixed: Money
    incentive: Money
    total: Money
    salary: Money | None = None
    hourly: Money | None = None
    wrvu: Money | None = None
    savings: Money | None = None
    hourly_low: Money | None = None
    hourly_high: Money | None = None
    wrvu_low: Decimal | None = None
    wrvu_high: Decimal | None = None
    percentile: int | None = None
    all_agreements: Money | None = None
    basis: str = ""
    assumed_minutes: int | None = None
    assumptions: str = ""

    @property
    def parts(self) -> Money:
        """What all parts come to, each at its most."""
        named = (self.salary, self.hourly, self.wrvu, self.savings)
        return sum((part for part in named if part), self.fixed + self.incentive)


@dataclass(frozen=True, slots=True)
class MemoFacts:
    """Why the arrangement makes sense, and who approved that; explained in the model."""

    purpose: str
    need: str
    alternatives: str
    approver: str
    approver_role: Role
    approved_on: date


@transaction.atomic
def file_opinion(
    *, program: Program, facts: OpinionFacts, document: BinaryIO | None = None, by: Actor
) -> Opinion:
    """Put a fair-market-value opinion on file. It is never edited: a new opinion follows it.

    Args:
        program: that it is about.
        facts: what the valuator wrote.
        document: the signed PDF; None where it is kept elsewhere.
        by: who files it.

    Raises:
        DocumentError: the document is no PDF that can be kept.
        PolicyError: its parts or dates contradict each other.
    """
    if document is not None:
        check_is_pdf(document, what="opinion")
    check_can_file(
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        parts=facts.parts,
        total=facts.total,
    )
    check_range("hour", facts.hourly_low, facts.hourly_high)
    check_range("wRVU", facts.wrvu_low, facts.wrvu_high)
    opinion = Opinion.objects.create(
        program=program,
        document=keep_paper(document, folder="opinions") if document is not None else None,
        filed_by_id=by.id if by.kind is ActorKind.MEMBER else None,
        filed_at=timezone.now(),
        **_values(facts),
    )
    record_event(
        kind=EventKind.OPINION_FILED,
        subject=opinion,
        by=by,
        total=facts.total.dollars_text,
        sha256=opinion.document.sha256 if opinion.document else "none",
    )
    return opinion


@transaction.atomic
def note_opinion_download(*, opinion: Opinion, by: Actor) -> SealedFile:
    """Record that the paper of an opinion was taken away, and return it.

    Raises:
        PolicyError: there is none on file.
    """
    document = check_can_download(opinion.document)
    record_event(kind=EventKind.OPINION_DOWNLOADED, subject=opinion, by=by, sha256=document.sha256)
    return document


@transaction.atomic
def write_memo(
    *,
    program: Program,
    facts: MemoFacts,
    document: BinaryIO | None = None,
    today: date,
    by: Actor,
) -> Memo:
    """Put a memo on commercial reasonableness on record. It is never edited; a newer one follows.

    Raises:
        DocumentError: the document is no PDF that can be kept.
        PolicyError: the day of its approval has not come.
    """
    if document is not None:
        check_is_pdf(document, what="memo")
    check_can_write(approved_on=facts.approved_on, today=today)
    memo = Memo.objects.create(
        program=program,
        document=keep_paper(document, folder="memos") if document is not None else None,
        written_at=timezone.now(),
        written_by_id=by.user_id,
        **_values(facts),
    )
    record_event(
        kind=EventKind.MEMO_WRITTEN,
        subject=memo,
        by=by,
        program=program.name,
        approver_role=facts.approver_role,
        sha256=memo.document.sha256 if memo.document else "none",
    )
    return memo


@transaction.atomic
def note_memo_download(*, memo: Memo, by: Actor) -> SealedFile:
    """Record that the paper of a memo was taken away, and return it.

    Raises:
        PolicyError: there is none on file.
    """
    document = check_can_download(memo.document)
    record_event(kind=EventKind.MEMO_DOWNLOADED, subject=memo, by=by, sha256=document.sha256)
    return document


def _values(facts: OpinionFacts | MemoFacts) -> dict[str, Any]:
    return {field.name: getattr(facts, field.name) for field in fields(facts)}
