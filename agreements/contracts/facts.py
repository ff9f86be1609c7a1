"""What a contract is as it was first made, also of an agreement that was written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agreements.contracts.models import ContractKind, Relation
from agreements.drafting.document import from_document
from agreements.drafting.facts import STANDARD_NOTICE_DAYS
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.participants.models import Physician, PhysicianGroup
from agreements.participants.queries import physicians_of
from agreements.programs.models import Program


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """What a contract is, as it was first made.

    Attributes:
        people: the physicians it is listed under, with what each is to it.
        ends_on: first day after the term.
        notice_days: that end it without cause.
        fmv_until: first day without an opinion, where one was given.
        holdover_notice_days: that end it while it is held over; None where it names no others.
    """

    kind: ContractKind
    title: str
    party: str
    group: PhysicianGroup | None
    program: Program | None
    people: Sequence[tuple[Physician, Relation]]
    signed_on: date | None
    starts_on: date
    ends_on: date
    notice_days: int
    fmv_until: date | None = None
    place: str = ""
    agreement: Agreement | None = None
    holdover_notice_days: int | None = None


_KINDS = {
    "co_management": ContractKind.CO_MANAGEMENT,
    "psa": ContractKind.PSA,
    "employment": ContractKind.EMPLOYMENT,
}


def kind_of(program: Program) -> ContractKind:
    """Say what an agreement of a program is, as a contract."""
    return _KINDS[program.alignment_model]


def facts_of_agreement(
    agreement: Agreement, version: AgreementVersion, *, signed_on: date
) -> ContractFacts:
    """Gather an agreement with everybody who takes part in its program; one query.

    Days of notice are those of the version that was signed; the standard's, in one that was made
    before versions kept them.
    """
    program, days = agreement.program, from_document(version.document).days
    return ContractFacts(
        kind=kind_of(program),
        title=agreement.title,
        party=program.group.name,
        group=program.group,
        program=program,
        people=[(each, Relation.PARTY) for each in physicians_of(program)],
        signed_on=signed_on,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        notice_days=days.get("notice_days", STANDARD_NOTICE_DAYS),
        agreement=agreement,
        holdover_notice_days=days.get("holdover_notice_days"),
    )
