"""How the way of a version through approvals and signatures is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agreements.approvers.matrix import Need, from_needs
from agreements.components.completeness import most_dollars, period_of
from agreements.drafting.models import Agreement, AgreementStatus, AgreementVersion
from agreements.negotiation.models import Side
from agreements.signing.models import (
    AgreementSignature,
    ApprovalDecision,
    Decided,
    SignedOutcome,
    SigningRound,
)
from agreements.signing.policies import conditions_left, roles_next
from agreements.signing.queries import GOES_ROUND
from comanage.identity.models import User
from comanage.identity.roles import Role
from comanage.values.money import Money

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
    """One approval that is needed: why, and what came of it.

    Attributes:
        people: who could still give it, by name; empty once it is given.
    """

    step: int
    role: str
    reasons: tuple[str, ...]
    decisions: tuple[ApprovalDecision, ...]
    word: str
    tone: str
    people: tuple[str, ...] = ()


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


def read_approvals(round_: SigningRound, people: Mapping[str, Iterable[User]]) -> list[ApprovalRow]:
    """List the approvals that a round needs, by step; with who could still give each."""
    turn, needs = roles_next(round_), from_needs(round_.needs)
    places, rows = _places(needs), []
    for need in needs:
        decisions = tuple(each for each in round_.decisions.all() if each.role == need.role)
        word, tone = _standing(decisions, is_next=need.role in turn)
        role = str(Role(need.role).label)
        who = () if decisions else _who_could(need.role, round_, people)
        row = ApprovalRow(places[need.step], role, need.reasons, decisions, word, tone, who)
        rows.append(row)
    return rows


def whose_turn(
    agreement: Agreement, round_: SigningRound, people: Mapping[str, Iterable[User]]
) -> str:
    """Say in one sentence for whom an agreement waits; empty once nobody is to do anything.

    Args:
        agreement: that goes round.
        round_: its newest.
        people: who holds each role.
    """
    if agreement.status == AgreementStatus.SIGNING:
        if any(getattr(scan, "decision", None) is None for scan in round_.scans.all()):
            return "A paper that both signed waits for counsel or compliance to confirm it."
        signed = {each.side for each in round_.signatures.all()}
        hospital = round_.hospital_signatory.name
        physicians = round_.physicians_signatory.name
        if Side.PHYSICIANS not in signed and round_.physicians_first:
            return f"It waits for the signature of {physicians}. {hospital} signs after."
        both = ((Side.PHYSICIANS, physicians), (Side.HOSPITAL, hospital))
        left = [name for side, name in both if side not in signed]
        return f"It waits for the signature of {' and '.join(left)}." if left else ""
    if agreement.status != AgreementStatus.APPROVAL:
        return ""
    if turn := roles_next(round_):
        approvers = {role: _who_could(role, round_, people) for role in turn}
        return f"It waits for the approval of {_named(approvers)}."
    conditions = conditions_left(round_)
    if not conditions:
        return ""
    who = _named({role: [each.name for each in people.get(role, ())] for role in conditions})
    return f"All have decided. It waits for {who} to say that the condition is met."


def _who_could(
    role: str, round_: SigningRound, people: Mapping[str, Iterable[User]]
) -> tuple[str, ...]:
    """Name who of a role could still approve: neither who sent the version nor who decided."""
    out = {round_.sent_by_id, *(each.decided_by_id for each in round_.decisions.all())}
    return tuple(each.name for each in people.get(role, ()) if each.pk not in out)


def _named(held: Mapping[str, Iterable[str]]) -> str:
    """Name who holds some roles; the role itself where nobody does."""
    return " and ".join(
        " or ".join(held[role]) or str(Role(role).label).lower() for role in sorted(held)
    )


def _places(needs: Iterable[Need]) -> dict[int, int]:
    """Number the steps that are asked without a hole: a chain may have others."""
    return {step: place for place, step in enumerate(sorted({need.step for need in needs}), 1)}


def read_needs(needs: Iterable[Need], people: Mapping[str, Iterable[User]]) -> list[NeedRow]:
    """List approvals that nobody was asked for yet, by step, with who holds each role."""
    listed = tuple(needs)
    places = _places(listed)
    return [
        NeedRow(
            places[need.step],
            str(Role(need.role).label),
            need.reasons,
            tuple(each.name for each in people.get(need.role, ())),
        )
        for need in listed
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


def pays(version: AgreementVersion) -> tuple[tuple[str, str], ...]:
    """List what a version pays at most in its first year, for whoever decides on it."""
    terms = version.document["terms"]
    pay, year = terms["pay"], period_of(terms)
    parts = [(each["label"], most_dollars(each, year)) for each in terms.get("components", ())]
    return (
        ("Fixed fee", _dollars(pay["fixed_fee"])),
        ("Incentive, at most", _dollars(pay["incentive_pool"])),
        *((label, f"At most {most}" if most else "By work and rate") for label, most in parts),
        ("In all, by the opinion, at most", _dollars(terms["opinion"]["total"])),
    )


def _dollars(written: str) -> str:
    return str(Money.from_dollars(written))
