"""Who comments on a result, and until when. A comment approves nothing: nobody judges own pay."""

from collections.abc import Collection

from adjudication.committee.window import Asked, Window
from adjudication.years.models import Snapshot
from adjudication.years.policies import check_not_restated
from adjudication.years.queries import Standing
from comanage.identity.actor import Actor
from comanage.values.period import day_text
from comanage.web.errors import PolicyError

OTHER_WAY = "Dispute the result instead; a dispute is answered within 14 days."


def check_committee_can_be_asked(members: int) -> None:
    """Raise PolicyError when a program has nobody who could comment."""
    if not members:
        raise PolicyError(
            "Nobody could comment for the governing committee. Give a physician manager a seat in "
            "the program, or an executive access, then sign."
        )


def check_days_can_change(windows: Collection[Window]) -> None:
    """Raise PolicyError while the committee comments: who was asked was told until when."""
    last_days = [window.last_day for window in windows if window.is_open]
    if last_days:
        raise PolicyError(
            f"The committee comments until {day_text(max(last_days))}, as it was told. Change the "
            "days after that."
        )


def can_change_days(windows: Collection[Window]) -> bool:
    """Say whether the form for the days should be shown."""
    try:
        check_days_can_change(windows)
    except PolicyError:
        return False
    return True


def check_days_are_others(now: int, *, days: int) -> None:
    """Raise PolicyError when nothing would change."""
    if days == now:
        raise PolicyError(
            f"The committee has {days} days already. Name another number.", field="days"
        )


def member_to_comment(standing: Standing, *, by: Actor) -> tuple[Snapshot, Asked]:
    """Return the result that this person may comment on now, and how they were asked.

    Raises:
        PolicyError: there is none, they were not asked, or it is too early or too late.
    """
    if standing.snapshot is None:
        raise PolicyError("Nothing is frozen yet, so there is nothing to comment on.")
    if standing.returned is not None:
        raise PolicyError("The year was returned for changes. Comment on it once it is reviewed.")
    check_not_restated(standing)
    window = standing.window
    if window is None:
        raise PolicyError("The committee comments once the independent reviewer has signed.")
    _check_is_open(window)
    asked = window.of(by.id)
    if asked is None:
        raise PolicyError("Only the committee's members who were asked comment on this result.")
    if asked.is_done:
        raise PolicyError(f"You said that you have no further comment. {OTHER_WAY}")
    if standing.snapshot.frozen_by_id == by.id:
        raise PolicyError("Whoever froze the snapshot does not comment on it.")
    if any(sign_off.signed_by_id == by.id for sign_off in standing.sign_offs):
        raise PolicyError("Whoever signed a step does not comment for the committee.")
    return standing.snapshot, asked


def check_says_something(text: str, *, is_last: bool) -> None:
    """Raise PolicyError for an empty comment that is not the last."""
    if not text and not is_last:
        raise PolicyError("Write the comment, or say that you have none.", field="text")


def can_comment(standing: Standing, *, by: Actor) -> bool:
    """Say whether the form of a comment should be shown."""
    try:
        member_to_comment(standing, by=by)
    except PolicyError:
        return False
    return True


def _check_is_open(window: Window) -> None:
    if window.has_lapsed:
        raise PolicyError(
            f"The committee's comments closed with {day_text(window.last_day)}. {OTHER_WAY}"
        )
    if not window.is_open:
        raise PolicyError(f"The committee's comments are closed: everybody has said. {OTHER_WAY}")
