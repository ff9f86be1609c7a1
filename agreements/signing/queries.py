"""Reading rounds: who was asked, who did what, and what a version needs."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from agreements.approvers.matrix import MatrixFacts, Need, needs_of
from agreements.approvers.queries import rules_in_force
from agreements.components.completeness import most_dollars, period_of
from agreements.drafting.conditions import CONDITIONS
from agreements.drafting.document import from_document
from agreements.drafting.facts import Draft, Terms
from agreements.drafting.models import Agreement, AgreementStatus, AgreementVersion
from agreements.drafting.queries import facts_of
from agreements.lint.queries import waivers_of
from agreements.negotiation.models import Side
from agreements.negotiation.queries import managers_of
from agreements.participants.models import Participant
from agreements.programs.queries import visible_programs
from agreements.scans.models import SignedScan
from agreements.signing import policies
from agreements.signing.models import (
    AgreementSignature,
    ApprovalDecision,
    ExecutedCopy,
    SigningRound,
)
from agreements.terms.models import MeasurementYear
from comanage.identity.actor import Actor
from comanage.identity.models import Membership, User
from comanage.identity.roles import Permission, Role
from comanage.values.money import Money

SCAN = ("file", "received_by", "decision__decided_by")
UNDER_WAY = (AgreementStatus.APPROVAL, AgreementStatus.SIGNING)
GOES_ROUND = (AgreementStatus.APPROVAL, AgreementStatus.SIGNING, AgreementStatus.EXECUTED)
SIGNS_FOR_HOSPITAL = (Role.CEO, Role.EXECUTIVE)
ACTS = (Permission.AGREEMENT_APPROVE, Permission.AGREEMENT_SIGN, Permission.CONTRACT_RECORD)


class Deed(StrEnum):
    """What somebody does next in a round, in the words of the overview."""

    APPROVE = "Yours to approve"
    MEET = "Your condition to be met"
    SIGN = "Yours to sign"
    CONFIRM = "Signed paper to confirm"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An agreement that waits for somebody."""

    deed: Deed
    agreement: Agreement


def last_round(agreement: Agreement) -> SigningRound | None:
    """Find the newest round with all that was done in it, in four queries."""
    return (
        SigningRound.objects.select_related(
            *("version__made_by", "hospital_signatory", "physicians_signatory", "sent_by"),
            *("executed", "recall"),
        )
        .prefetch_related(
            Prefetch("decisions", ApprovalDecision.objects.select_related("decided_by")),
            Prefetch("signatures", AgreementSignature.objects.select_related("signed_by")),
            Prefetch("scans", _scans()),
        )
        .filter(agreement=agreement)
        .first()
    )


def standing_round(version: AgreementVersion) -> SigningRound | None:
    """Find the round in which a version is signed or was; None before, and once it came back.

    In no query while the agreement is drafted, and in four otherwise.
    """
    if version.agreement.status not in {*GOES_ROUND, AgreementStatus.ENDED}:
        return None
    round_ = last_round(version.agreement)
    return round_ if round_ is not None and round_.version_id == version.pk else None


def titles_of(people: Iterable[User]) -> dict[UUID, str]:
    """Say what people are at the hospital, or were, in words and by their ids; one query."""
    members = Membership.objects.filter(user__in=list(people)).order_by(
        F("revoked_at").asc(nulls_last=True)
    )
    return {each.user_id: each.get_role_display() for each in members}  # who is in, comes last


def rounds_before(round_: SigningRound) -> list[SigningRound]:
    """List the earlier rounds of an agreement with how each ended, in at most three queries."""
    if round_.number == 1:
        return []
    return list(
        SigningRound.objects.select_related("version", "sent_by", "recall")
        .prefetch_related("decisions", "signatures")
        .filter(agreement=round_.agreement_id, number__lt=round_.number)
    )


def rounds_waiting(by: Actor) -> list[Waiting]:
    """List what a person approves, signs or confirms next, in one query or two.

    In none for whoever does none of that.
    """
    if not any(by.holds(each) for each in ACTS):
        return []
    rounds = (
        SigningRound.objects.select_related("agreement__program", "version")
        .prefetch_related("decisions")
        .filter(agreement__status__in=UNDER_WAY, agreement__program__in=visible_programs(by))
        .annotate(is_to_sign=_to_sign(by), is_to_confirm=_to_confirm(by))
        .order_by("agreement_id", "-number")
        .distinct("agreement_id")
    )
    return [
        Waiting(deed, round_.agreement) for round_ in rounds if (deed := _deed_of(round_, by=by))
    ]


def _deed_of(round_: Any, *, by: Actor) -> Deed | None:
    """Say what a person does next in a round that was read for them."""
    agreement = round_.agreement
    if agreement.status == AgreementStatus.SIGNING:
        if round_.is_to_confirm and by.holds(Permission.CONTRACT_RECORD):
            return Deed.CONFIRM
        return Deed.SIGN if round_.is_to_sign else None
    if not by.holds(Permission.AGREEMENT_APPROVE):
        return None
    if policies.can_decide(agreement, round_, by=by):
        return Deed.APPROVE
    return Deed.MEET if policies.can_meet(agreement, round_, by=by) else None


def _to_sign(by: Actor) -> Q:
    """Ask whether it is a person's turn to sign, as `policies.check_can_sign` does."""
    signed = AgreementSignature.objects.filter(round=OuterRef("pk"))
    by_physicians = Q(Exists(signed.filter(side=Side.PHYSICIANS)))
    by_hospital = Q(Exists(signed.filter(side=Side.HOSPITAL)))
    is_their_turn = Q(physicians_signatory=by.user_id) & ~by_physicians
    is_our_turn = Q(hospital_signatory=by.user_id) & ~by_hospital
    comes_first = Q(physicians_first=False) | by_physicians
    waits = Q(Exists(SignedScan.objects.filter(round=OuterRef("pk"), decision=None)))
    return (is_their_turn | is_our_turn & comes_first) & ~waits


def _to_confirm(by: Actor) -> Exists:
    """Ask whether a signed paper of somebody else waits to be confirmed."""
    papers = SignedScan.objects.filter(round=OuterRef("pk"), decision=None)
    return Exists(papers.exclude(received_by=by.user_id))


def _scans() -> QuerySet[SignedScan]:
    return SignedScan.objects.select_related(*SCAN)


def executed_copy(agreement: Agreement) -> ExecutedCopy | None:
    """Find the sealed copy of an executed agreement, in one query."""
    copies = ExecutedCopy.objects.select_related("file", "round__agreement", "round__version")
    return copies.filter(round__agreement=agreement).first()


def signed_comment_days(year: MeasurementYear) -> int | None:
    """Return the days for comments that the executed agreement of a year prints; one query.

    None where the year is under none that was executed here, or under one that was made before
    such days were kept.
    """
    copies = ExecutedCopy.objects.filter(
        round__agreement__program=year.program_id,
        round__agreement__starts_on__lte=year.starts_on,
        round__agreement__ends_on__gt=year.starts_on,
    )
    printed = copies.order_by("-executed_at")
    days = printed.values_list("round__version__document__days", flat=True).first()
    return days.get("comment_days") if days else None


def hospital_signatories() -> list[User]:
    """List who may sign for the hospital."""
    members = Membership.objects.select_related("user").filter(
        role__in=SIGNS_FOR_HOSPITAL, revoked_at=None
    )
    return [member.user for member in members]


def physicians_signatories(agreement: Agreement) -> list[User]:
    """List who may sign for the physicians: their managers with a seat in the program."""
    return managers_of(agreement)


def people_by_role() -> dict[str, list[User]]:
    """List who holds each role at the hospital, by name; one query."""
    found: dict[str, list[User]] = {}
    members = Membership.objects.select_related("user").filter(revoked_at=None)
    for member in members.order_by("user__name"):
        found.setdefault(member.role, []).append(member.user)
    return found


def members_in(roles: Collection[str]) -> list[User]:
    """List the people in some roles."""
    members = Membership.objects.select_related("user").filter(role__in=roles, revoked_at=None)
    return [member.user for member in members]


def needs_ahead(version: AgreementVersion) -> tuple[Need, ...]:
    """List what a version would need if it were sent now, in four queries."""
    return needs_of(matrix_facts(version), rules_in_force())


def most_of_year(terms: Terms) -> Money:
    """Return the most that a year of terms pays: every part, or the opinion where work bounds one.

    What is shared, and what is paid by wRVU, has no most of its own; the opinion's total holds all.
    """
    period = period_of(terms)
    parts = [most_dollars(part, period) for part in terms.get("components", ())]
    pay = (Money.from_dollars(terms["pay"][name]) for name in ("fixed_fee", "incentive_pool"))
    if None in parts:
        return Money.from_dollars(terms["opinion"]["total"])
    return sum((part for part in parts if part is not None), sum(pay, Money(0)))


def matrix_facts(version: AgreementVersion) -> MatrixFacts:
    """Read what the approval matrix asks of a version and of the terms in it, in two queries."""
    agreement = version.agreement
    terms = from_document(version.document).terms
    draft = Draft(facts_of(agreement), agreement.program.objective, 0, terms)
    own = Participant.objects.filter(program=agreement.program_id, left_on=None)
    others = Participant.objects.exclude(program=agreement.program_id).filter(left_on=None)
    return MatrixFacts(
        percentile=draft.terms["opinion"].get("percentile"),
        total=most_of_year(terms),
        model=draft.model,
        has_cost_indicator=CONDITIONS["has_cost_indicator"].holds(draft),
        is_bond_financed=agreement.is_bond_financed,
        has_other_agreement=others.filter(physician__in=own.values("physician")).exists(),
        has_waiver=bool(waivers_of(version)),
    )
