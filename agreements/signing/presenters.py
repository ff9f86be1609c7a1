"""How the way of a version through approvals and signatures is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agreements.approvers.matrix import Need, from_needs
from agreements.drafting.models import Agreement, AgreementStatus
from agreements.negotiation.models import Side
from agreements.signing.models import (
    AgreementSignature,
    ApprovalDecision,
    Decided,
    SignedOutcome,
    SigningRound,
)
from agreements.signing.policies import roles_next
from agreements.signing.queries import GOES_ROUND
from comanage.identity.models import User
from comanage.identity.roles import Role

BACK = (Decided.RETURNED, Decided.REJECTED)
_TONES = {
    Decided.APPROVED: "good",
    Decided.MET: "good",
    Decided.CONDITIONAL: "waiting",
    Decided.RETURNED: "concern",
    Decided.REJECTED: "concern",
}


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One approval that is needed: why, and what came of it."""

    step: int
    role: str
    reasons: tuple[str, ...]
    decisions: tuple[ApprovalDecision, ...]
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One approval that a version would need if it were sent now, and who could give it."""

    step: int
    role: str
    reasons: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One signatory, and what they did."""

    side: str
    person: User
    signature: AgreementSignature | None


@dataclass(frozen=True, slots=True)
class EarlierRound:
    """A round that came to nothing, in words."""

    round: SigningRound
    ended: str


def read_approvals(round_: SigningRound) -> list[ApprovalRow]:
    """List the approvals that a round needs, by step."""
    turn = roles_next(round_)
    rows = []
    for need in from_needs(round_.needs):
        decisions = tuple(each for each in round_.decisions.all() if each.role == need.role)
        word, tone = _standing(decisions, is_next=need.role in turn)
        role = str(Role(need.role).label)
        rows.append(ApprovalRow(need.step, role, need.reasons, decisions, word, tone))
    return rows


def read_needs(needs: Iterable[Need], people: Mapping[str, Iterable[User]]) -> list[NeedRow]:
    """List approvals that nobody was asked for yet, by step, with who holds each role."""
    return [
        NeedRow(
            need.step,
            str(Role(need.role).label),
            need.reasons,
            tuple(each.name for each in people.get(need.role, ())),
        )
        for need in needs
    ]


def read_signatures(round_: SigningRound) -> list[SignatureRow]:
    """List both signatories."""
    done = {each.side: each for each in round_.signatures.all()}
    people = (
        (Side.PHYSICIANS, round_.physicians_signatory),
        (Side.HOSPITAL, round_.hospital_signatory),
    )
    return [SignatureRow(str(side.label), person, done.get(side)) for side, person in people]


def read_earlier(rounds: Iterable[SigningRound]) -> list[EarlierRound]:
    """List the rounds before the newest, with how each ended."""
    return [EarlierRound(round_, how_it_ended(round_)) for round_ in rounds]


def how_it_ended(round_: SigningRound) -> str:
    """Say how a round that came to nothing ended; the reasons are the hospital's own."""
    if hasattr(round_, "recall"):
        return "Recalled by whoever sent it"
    said = [each for each in round_.decisions.all() if each.outcome in BACK]
    if said:
        return f"{said[-1].get_outcome_display()}: {said[-1].get_role_display().lower()}"
    for each in round_.signatures.all():
        if each.outcome == SignedOutcome.DECLINED:
            return f"Declined for the {each.get_side_display().lower()}"
    return "Given up with the agreement"


def is_void(agreement: Agreement) -> bool:
    """Say whether the newest round came to nothing: the agreement went back, or is over."""
    return agreement.status not in {*GOES_ROUND, AgreementStatus.ENDED}


def _standing(decisions: tuple[ApprovalDecision, ...], *, is_next: bool) -> tuple[str, str]:
    if decisions:
        last = decisions[-1]
        return str(last.get_outcome_display()), _TONES[Decided(last.outcome)]
    return ("Waiting", "next") if is_next else ("Later", "quiet")
