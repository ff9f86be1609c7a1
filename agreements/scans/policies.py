"""Which signed paper is taken, and who confirms it."""

from datetime import date

from agreements.drafting.models import Agreement, AgreementStatus
from agreements.scans.models import SignedScan
from agreements.signing.models import SigningRound
from agreements.signing.policies import waiting_scan
from comanage.identity.actor import Actor
from comanage.values.period import day_text
from comanage.web.errors import PolicyError


def check_can_receive(agreement: Agreement, round_: SigningRound) -> None:
    """Raise PolicyError unless the agreement waits for signatures, and has none here."""
    if agreement.status != AgreementStatus.SIGNING:
        raise PolicyError(
            "A signed paper is taken once all have approved, and until the agreement is executed."
        )
    if round_.signatures.all():
        raise PolicyError(
            "One side has signed here already, so the other signs here too. To have both sign on "
            "paper, recall the round and send the version round again."
        )
    if waiting_scan(round_) is not None:
        raise PolicyError(
            "A signed paper waits to be confirmed already. Another is taken once that one is "
            "declined."
        )


def can_receive(agreement: Agreement, round_: SigningRound) -> bool:
    """Say whether the way to send a signed paper should be shown."""
    try:
        check_can_receive(agreement, round_)
    except PolicyError:
        return False
    return True


def check_signed_on(
    signed_on: date, *, number: int, made_on: date, approved_on: date, today: date
) -> None:
    """Raise PolicyError unless a version can have been signed on a day.

    Args:
        signed_on: that the paper shows.
        number: of the version.
        made_on: day the version was made.
        approved_on: day of the last approval.
        today: at the hospital.
    """
    if signed_on > today:
        raise PolicyError(
            f"{day_text(signed_on)} has not come yet. Give the day of the last signature on the "
            f"paper.",
            field="signed_on",
        )
    if signed_on < made_on:
        raise PolicyError(
            f"Version {number} was made on {day_text(made_on)}, so nobody signed it before. Look "
            f"at the paper again.",
            field="signed_on",
        )
    if signed_on < approved_on:
        raise PolicyError(
            f"The last approval was given on {day_text(approved_on)}, and a version is signed "
            f"after that. Have the paper signed anew.",
            field="signed_on",
        )


def check_can_answer(agreement: Agreement, scan: SignedScan) -> None:
    """Raise PolicyError unless a signed paper waits to be confirmed or declined."""
    if hasattr(scan, "decision"):
        raise PolicyError("Somebody has confirmed or declined this paper already.")
    if agreement.status != AgreementStatus.SIGNING:
        raise PolicyError("The round that the paper belongs to is over, so it counts no more.")


def can_answer(agreement: Agreement, scan: SignedScan) -> bool:
    """Say whether a paper waits for an answer."""
    try:
        check_can_answer(agreement, scan)
    except PolicyError:
        return False
    return True


def check_can_confirm(agreement: Agreement, scan: SignedScan, *, by: Actor) -> None:
    """Raise PolicyError unless a signed paper waits for a second person, and this is one."""
    check_can_answer(agreement, scan)
    if scan.received_by_id == by.user_id:
        raise PolicyError(
            "You sent this paper, and who sends it does not confirm it. Another person of counsel "
            "or compliance does."
        )


def can_confirm(agreement: Agreement, scan: SignedScan, *, by: Actor) -> bool:
    """Say whether the form to confirm should be shown."""
    try:
        check_can_confirm(agreement, scan, by=by)
    except PolicyError:
        return False
    return True
