"""What happens to a checked file, and who may decide on it."""

from comanage.identity.actor import Actor
from comanage.web.errors import PolicyError
from scorecards.intake.models import UNDECIDED, Upload, UploadStatus
from scorecards.restatements.differences import CaseChanges
from scorecards.restatements.models import Restatement, RestatementState


class ComparisonMovedError(PolicyError):
    """What counts has changed since the changes were computed."""


def needs_a_person(*, warnings: int, cases: CaseChanges | None, takes_additions: bool) -> bool:
    """Say whether somebody must look before a file of an open period counts.

    Args:
        warnings: what the check and history warn of.
        cases: what changes of the version that counts; None where there is none.
        takes_additions: whether the feed lets a file in by itself that only adds cases.
    """
    if warnings:
        return True
    if cases is None or cases.is_empty:
        return False
    return not (takes_additions and cases.only_adds)


def check_can_decide(upload: Upload, *, restatement: Restatement | None) -> None:
    """Raise PolicyError unless the file waits for an ordinary decision."""
    check_is_held(upload)
    if restatement is not None:
        raise PolicyError(
            "This file asks for a restatement of a closed period. Counsel or compliance decides."
        )


def check_is_held(upload: Upload) -> None:
    """Raise PolicyError unless the file waits for a person."""
    if upload.status != UploadStatus.HELD:
        raise PolicyError(
            f"This file does not wait for a decision: {upload.get_status_display().lower()}."
        )


def check_is_what_was_shown(upload: Upload, *, shown_basis: str, basis: str) -> None:
    """Raise unless the changes are still those that the person looked at.

    Raises:
        ComparisonMovedError: what counts has changed; the changes must be computed again.
        PolicyError: they were computed again since the page was opened.
    """
    if upload.changes is None or upload.changes["basis"] != basis:
        raise ComparisonMovedError(
            "What counts has changed since this file was compared. It is compared again; look at "
            "the changes, then decide."
        )
    if upload.changes["basis"] != shown_basis:
        raise PolicyError(
            "The changes were computed again since this page was opened. Look at them, then decide."
        )


def check_reason(reason: str, *, is_needed: bool) -> None:
    """Raise PolicyError when a decision lacks the reason that others will read."""
    if is_needed and not reason.strip():
        raise PolicyError("Give the reason; it stands beside the decision for good.")


def needs_reason(upload: Upload) -> bool:
    """Say whether accepting takes a reason: after warnings, and when cases change or go."""
    cases = (upload.changes or {}).get("cases")
    return bool(upload.warnings_total) or bool(
        cases and not CaseChanges.from_document(cases).only_adds
    )


def check_can_ask(upload: Upload, *, is_closed: bool, restatement: Restatement | None) -> None:
    """Raise PolicyError unless the file waits and its period is closed."""
    if UploadStatus(upload.status) not in UNDECIDED:
        raise PolicyError(
            f"No restatement can be asked for with this file any more: "
            f"{upload.get_status_display().lower()}."
        )
    if restatement is not None:
        raise PolicyError("A restatement was asked for with this file already.")
    if not is_closed:
        raise PolicyError(
            f"{upload.period} is not closed, so no restatement is needed. Send the file as usual."
        )


def check_can_rule(upload: Upload, restatement: Restatement, *, by: Actor) -> None:
    """Raise PolicyError unless this person may approve or decline the restatement now."""
    check_is_held(upload)
    if restatement.state != RestatementState.ASKED:
        raise PolicyError(
            f"This restatement is decided already: {restatement.get_state_display().lower()}."
        )
    if restatement.asked_by_id == by.user_id:
        raise PolicyError("Whoever asked for a restatement does not decide on it.")
    if upload.sent_by_user_id == by.user_id:
        raise PolicyError("Whoever sent the file does not decide on its restatement.")


def can_rule(upload: Upload, restatement: Restatement, *, by: Actor) -> bool:
    """Say whether the form of the decision should be shown."""
    try:
        check_can_rule(upload, restatement, by=by)
    except PolicyError:
        return False
    return True
