"""Who may sign what, and when. Nobody holds two of the steps, nor signs their own work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from adjudication.years.models import Snapshot
from adjudication.years.queries import Standing
from adjudication.years.steps import OWNER, Step
from agreements.terms.models import MeasurementYear, YearStatus
from comanage.identity.actor import Actor
from comanage.values.period import Period, day_text
from comanage.web.errors import PolicyError


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the freezing of a year depends on.

    Attributes:
        ended_on: first day without the agreement, where the register has it end before the year.
        counted_until: that day as the scorecard was computed with, as text.
        to_send_again: periods of undated cases that go on after it and do not count.
    """

    has_scorecard: bool
    is_checking_files: bool
    is_computing: bool
    has_held_files: bool = False
    is_restated: bool = False
    has_undecided_work: bool = False
    ended_on: date | None = None
    counted_until: str | None = None
    to_send_again: Sequence[Period] = ()


def check_can_freeze(year: MeasurementYear, readiness: Readiness) -> None:
    """Raise PolicyError unless the year's numbers can be frozen now.

    A closed year is frozen anew when its cases were restated, paid or not.
    """
    if year.status == YearStatus.CLOSED and not readiness.is_restated:
        raise PolicyError(
            "This year is frozen already. A signatory can return it for changes; then it can be "
            "frozen again."
        )
    if not readiness.has_scorecard:
        raise PolicyError("There is no scorecard yet. Upload the year's data first.")
    if readiness.is_checking_files:
        raise PolicyError("A file is being checked. Wait for its outcome, then freeze.")
    if readiness.has_held_files:
        raise PolicyError("A file waits for a person. Accept or decline it, then freeze.")
    if readiness.has_undecided_work:
        raise PolicyError(
            "Recorded work waits to be approved. Approve or decline each sheet, then freeze."
        )
    if readiness.is_computing:
        raise PolicyError("A scorecard is being computed. Wait until it is done, then freeze.")
    _check_end_is_told(year, readiness)


def _check_end_is_told(year: MeasurementYear, readiness: Readiness) -> None:
    """Raise PolicyError where the agreement ended early, and pay or counts do not know it."""
    if readiness.ended_on is not None and readiness.ended_on <= year.starts_on:
        raise PolicyError(
            f"By the register the agreement ended before {day_text(readiness.ended_on)}, and this "
            "year began after that. Nothing is due for it, unless it is paid under another "
            "contract: enter that one in the register."
        )
    if readiness.ended_on is not None and year.ending is None:
        raise PolicyError(
            f"By the register the agreement is over before {day_text(readiness.ended_on)}, inside "
            "this year, and nobody said how. Record there that it went on, by an extension, a "
            "renewal or a holdover; or that it ended, and by whom."
        )
    if year.in_effect is None:
        raise PolicyError(
            f"The agreement ended before {day_text(year.pay_ends_on)}, and the year {year.period} "
            "began after that. Nothing is due for it."
        )
    if readiness.counted_until != (year.ending and year.ending["on"]):
        raise PolicyError(
            "The scorecard does not count the days up to the agreement's end. Recompute it, then "
            "freeze."
        )
    for period in readiness.to_send_again:
        raise PolicyError(
            f"The cases of {period} have no days, and go on after the agreement's end on "
            f"{day_text(year.pay_ends_on - timedelta(days=1))}. Send exactly that period again, "
            "with the cases up to that day alone."
        )


def check_can_sign(standing: Standing, step: Step, *, by: Actor) -> None:
    """Raise PolicyError unless it is this step's turn and this person's to take."""
    if standing.snapshot is None:
        raise PolicyError("Nothing is frozen yet, so there is nothing to sign.")
    if standing.returned is not None:
        raise PolicyError(
            f"{standing.returned.signed_by} returned this snapshot for changes. The year must be "
            f"corrected and frozen again before anybody signs."
        )
    check_order(standing, step)
    if by.role != OWNER[step]:
        raise PolicyError(f"“{step.label}” is for the {OWNER[step].label.lower()} alone.")
    if standing.snapshot.frozen_by_id == by.id:
        raise PolicyError("Whoever froze the snapshot does not sign it.")
    if any(sign_off.signed_by_id == by.id for sign_off in standing.sign_offs):
        raise PolicyError("Nobody signs two steps of the same year.")
    check_commented_not(standing, by=by)


def check_committee_is_heard(standing: Standing) -> None:
    """Raise PolicyError while the governing committee may still comment."""
    window = standing.window
    if standing.is_commenting and window is not None:
        raise PolicyError(
            f"The governing committee comments until {day_text(window.last_day)}, or until every "
            f"member has said that there is no further comment. Then compliance signs."
        )


def check_commented_not(standing: Standing, *, by: Actor) -> None:
    """Raise PolicyError when this person spoke for the committee on the snapshot."""
    if standing.window is not None and standing.window.has_comment_of(by.id):
        raise PolicyError("Whoever commented for the committee signs no step of the same year.")


def check_recorded_not(step: Step, *, has_recorded: bool) -> None:
    """Raise PolicyError when whoever recorded the review takes another step."""
    if has_recorded and step is not Step.REVIEW:
        raise PolicyError("Whoever recorded the review signs no other step of the same year.")


def check_snapshot_was_seen(snapshot: Snapshot, sha256: str) -> None:
    """Raise PolicyError when a page showed another snapshot than the one that counts."""
    if snapshot.sha256 != sha256:
        raise PolicyError(
            "The year was frozen anew since this page was opened. Look at it again, then sign."
        )


def check_not_restated(standing: Standing) -> None:
    """Raise PolicyError when a snapshot's cases are no longer those that count."""
    if standing.is_restated:
        raise PolicyError(
            "The year's data was restated after it was frozen, so this snapshot can be signed no "
            "more. Return it for changes, or have it frozen anew."
        )


def check_order(standing: Standing, step: Step) -> None:
    """Raise PolicyError unless it is this step's turn."""
    if any(sign_off.step == step for sign_off in standing.sign_offs):
        raise PolicyError(f"“{step.label}” has been signed already.")
    due = standing.next_step
    if due is not None and due != step:
        raise PolicyError(f"Out of order: “{due.label}” comes before “{step.label}”.")


def can_sign(standing: Standing, *, by: Actor) -> Step | None:
    """Return the step this person may take now, if any."""
    step = standing.next_step
    if step is None:
        return None
    try:
        check_can_sign(standing, step, by=by)
    except PolicyError:
        return None
    return step
