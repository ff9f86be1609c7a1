"""Who may approve and sign what, and when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from agreements.approvers.matrix import Need, from_needs
from agreements.drafting.models import Agreement, AgreementStatus, AgreementVersion
from agreements.negotiation.models import Side
from agreements.scans.models import ScanOutcome, SignedScan
from agreements.signing.models import Decided, SignedOutcome, SigningRound
from agreements.terms.models import MeasurementYear
from comanage.identity.actor import Actor
from comanage.identity.models import User
from comanage.identity.roles import Role
from comanage.values.period import day_text
from comanage.web.errors import PolicyError

SAYS_YES = (Decided.APPROVED, Decided.CONDITIONAL)


def check_can_send(
    version: AgreementVersion, *, newest: int, is_shared: bool, is_current: bool
) -> None:
    """Raise PolicyError unless a version is the newest, known to both sides, and true."""
    if not version.agreement.is_drafted:
        raise PolicyError("The agreement is not being drafted, so no version of it is sent round.")
    if version.number != newest:
        raise PolicyError(f"Version {newest} is newer. Send that one round.")
    check_is_shared(is_shared=is_shared)
    if not is_current:
        raise PolicyError(
            "The terms have changed since the version was printed, or its text, parties, "
            "addresses, term or days. Make a new version first."
        )


def check_is_shared(*, is_shared: bool) -> None:
    """Raise PolicyError unless the physicians' side reads the version."""
    if not is_shared:
        raise PolicyError("Share the version with the physicians' side first: they sign it too.")


def check_is_whole(version: AgreementVersion, *, has_changed: bool) -> None:
    """Raise PolicyError when clauses were changed since a version was made."""
    if has_changed:
        raise PolicyError(
            f"Clauses have changed since version {version.number} was made. Make the next version "
            f"first."
        )


def check_is_seated(physicians: Collection[User]) -> None:
    """Raise PolicyError when nobody could sign for the physicians."""
    if not physicians:
        raise PolicyError(
            "No manager of the physicians has a seat in the program, so nobody signs for them. "
            "Give a seat to one."
        )


def check_signatories(
    hospital: User,
    physicians: User,
    *,
    for_hospital: Collection[User],
    for_physicians: Collection[User],
) -> None:
    """Raise PolicyError unless each side is signed for by one of its own."""
    if hospital not in for_hospital:
        raise PolicyError("Choose an executive of the hospital.", field="hospital")
    if physicians not in for_physicians:
        raise PolicyError(
            "Choose a physicians' manager with a seat in the program.", field="physicians"
        )


def check_is_manned(
    needs: Collection[Need], people: Mapping[str, Collection[User]], *, sender: object
) -> None:
    """Raise PolicyError when nobody could approve in a role that must.

    Args:
        needs: of the version.
        people: who holds each role.
        sender: id of who sends it round, and so does not approve it.
    """
    roles = [(str(Role(need.role).label), people.get(need.role, ())) for need in needs]
    if empty := [role for role, held in roles if not held]:
        raise PolicyError(
            f"Nobody at the hospital holds this role, which must approve: {', '.join(empty)}. Ask "
            f"the tenant administrator to add somebody."
        )
    if own := [role for role, held in roles if not {each.pk for each in held} - {sender}]:
        raise PolicyError(
            f"Whoever sends a version does not approve it, and nobody else holds this role: "
            f"{', '.join(own)}. Let somebody else who drafts send it, or ask the tenant "
            f"administrator to add a person."
        )


def check_begins_ahead(agreement: Agreement, year: MeasurementYear, *, today: date) -> None:
    """Raise PolicyError when the term or its first year has begun unsigned.

    Source:
        42 CFR 411.354(d)(1): set in advance, before the services. 42 CFR 1001.952(d)(1) has no
        days of grace.
    """
    for begun, what in ((agreement.starts_on, "term"), (year.starts_on, "first year")):
        if begun < today:
            raise PolicyError(
                f"The {what} began on {day_text(begun)}, and an agreement is never back-dated. "
                f"Have it returned for changes, and move its first day and the year's to the day "
                f"of the last signature or after."
            )


def needs_left(round_: SigningRound) -> list[Need]:
    """List the approvals that are still to be given, by step."""
    given = {each.role for each in round_.decisions.all() if each.outcome in SAYS_YES}
    return [need for need in from_needs(round_.needs) if need.role not in given]


def conditions_left(round_: SigningRound) -> list[str]:
    """List the roles whose condition is not met yet."""
    decisions = list(round_.decisions.all())
    met = {each.role for each in decisions if each.outcome == Decided.MET}
    asked = [each.role for each in decisions if each.outcome == Decided.CONDITIONAL]
    return [role for role in asked if role not in met]


def roles_next(round_: SigningRound) -> set[str]:
    """List the roles whose turn it is."""
    left = needs_left(round_)
    first = min((need.step for need in left), default=0)
    return {need.role for need in left if need.step == first}


def check_can_decide(
    agreement: Agreement,
    round_: SigningRound,
    outcome: str,
    *,
    by: Actor,
) -> Role:
    """Raise PolicyError unless it is the person's turn to say that; return their role."""
    if agreement.status != AgreementStatus.APPROVAL:
        raise PolicyError("The agreement does not wait for approval.")
    if outcome == Decided.MET:
        return _check_can_meet(round_, by)
    if by.role is None or by.role not in roles_next(round_):
        raise PolicyError("It is not your turn to approve this version.")
    if by.user_id == round_.sent_by_id:
        raise PolicyError(
            "You sent this version round, and nobody approves what they sent. Another person in "
            "your role approves it."
        )
    if any(each.decided_by_id == by.user_id for each in round_.decisions.all()):
        raise PolicyError("You have decided on this version already: nobody takes two steps.")
    return by.role


def _check_can_meet(round_: SigningRound, by: Actor) -> Role:
    if by.role is None or by.role not in conditions_left(round_):
        raise PolicyError("There is no condition of yours that is still to be met.")
    return by.role


def can_decide(agreement: Agreement, round_: SigningRound, *, by: Actor) -> bool:
    """Say whether the form to approve should be shown."""
    try:
        check_can_decide(agreement, round_, Decided.APPROVED, by=by)
    except PolicyError:
        return False
    return True


def why_not_to_decide(agreement: Agreement, round_: SigningRound, *, by: Actor) -> str:
    """Say why somebody does not approve although it is the turn of their role; empty otherwise."""
    if agreement.status != AgreementStatus.APPROVAL or by.role not in roles_next(round_):
        return ""
    try:
        check_can_decide(agreement, round_, Decided.APPROVED, by=by)
    except PolicyError as refusal:
        return str(refusal)
    return ""


def can_meet(agreement: Agreement, round_: SigningRound, *, by: Actor) -> bool:
    """Say whether the button that a condition is met should be shown."""
    return agreement.status == AgreementStatus.APPROVAL and by.role in conditions_left(round_)


def approved_at(round_: SigningRound) -> datetime:
    """Say when the last approval of a round was given, or its last condition met."""
    said = {*SAYS_YES, Decided.MET}
    return max(each.decided_at for each in round_.decisions.all() if each.outcome in said)


def check_can_recall(agreement: Agreement, round_: SigningRound, *, by: Actor) -> None:
    """Raise PolicyError unless a version goes round, and this person sent it."""
    if agreement.status not in {AgreementStatus.APPROVAL, AgreementStatus.SIGNING}:
        raise PolicyError("No version goes round, so there is nothing to recall.")
    if round_.sent_by_id != by.user_id:
        raise PolicyError(
            f"{round_.sent_by.name} sent the version round, and recalls it. Approvers return it "
            f"instead, and signatories decline."
        )


def can_recall(agreement: Agreement, round_: SigningRound, *, by: Actor) -> bool:
    """Say whether the way to recall a version should be shown."""
    try:
        check_can_recall(agreement, round_, by=by)
    except PolicyError:
        return False
    return True


def waiting_scan(round_: SigningRound) -> SignedScan | None:
    """Find the signed paper that waits to be confirmed."""
    waiting = (scan for scan in round_.scans.all() if not hasattr(scan, "decision"))
    return next(waiting, None)


def confirmed_scan(round_: SigningRound) -> SignedScan | None:
    """Find the signed paper that somebody confirmed."""
    answered = (scan for scan in round_.scans.all() if hasattr(scan, "decision"))
    return next((scan for scan in answered if scan.decision.outcome == ScanOutcome.CONFIRMED), None)


def side_to_sign(round_: SigningRound, by: Actor) -> Side | None:
    """Return the side that a person was named to sign for; None for anybody else."""
    if by.id == round_.hospital_signatory_id:
        return Side.HOSPITAL
    return Side.PHYSICIANS if by.id == round_.physicians_signatory_id else None


def check_can_sign(agreement: Agreement, round_: SigningRound, *, by: Actor) -> Side:
    """Raise PolicyError unless it is the person's turn; return the side they sign for."""
    side = side_to_sign(round_, by)
    if side is None:
        raise PolicyError("You are not named to sign this agreement. Only they sign, themselves.")
    if agreement.status != AgreementStatus.SIGNING:
        raise PolicyError("The agreement cannot be signed: it is not approved, or it is over.")
    if waiting_scan(round_) is not None:
        raise PolicyError(
            "A paper that both sides signed waits to be confirmed, so nobody signs here. If you "
            "did not sign it, tell counsel."
        )
    done = {each.side for each in round_.signatures.all()}
    if side in done:
        raise PolicyError("You have signed it already.")
    if side == Side.HOSPITAL and round_.physicians_first and Side.PHYSICIANS not in done:
        raise PolicyError("The physicians' side signs first. You are told when it has.")
    return side


def can_sign(agreement: Agreement, round_: SigningRound, *, by: Actor) -> bool:
    """Say whether the way to sign should be shown."""
    try:
        check_can_sign(agreement, round_, by=by)
    except PolicyError:
        return False
    return True


def check_is_the_version(round_: SigningRound, sha256: str) -> None:
    """Raise PolicyError unless what was read is what would be signed."""
    if sha256 != round_.version.sha256:
        raise PolicyError("The page shows another version than the one to sign. Read it anew.")


def check_name(typed: str, by: Actor) -> None:
    """Raise PolicyError unless the name that was typed is the person's."""
    if typed.split() != by.name.split():
        raise PolicyError(f"Type your name as it stands here: {by.name}.", field="typed_name")


def is_complete(round_: SigningRound) -> bool:
    """Say whether both sides have signed: here, or on a paper that was confirmed."""
    if confirmed_scan(round_) is not None:
        return True
    signed = {each.side for each in round_.signatures.all() if each.outcome == SignedOutcome.SIGNED}
    return signed == set(Side.values)


def check_is_complete(round_: SigningRound) -> None:
    """Raise PolicyError unless both sides have signed."""
    if not is_complete(round_):
        raise PolicyError("A signature is missing, so the agreement is not executed.")


def check_is_true(*, is_current: bool) -> None:
    """Raise PolicyError when the terms are no longer those that the version was printed from."""
    if not is_current:
        raise PolicyError(
            "The terms have changed since the version was printed, or its parties, addresses, "
            "term or days, so it is not signed. Decline, so that a new version is made."
        )
