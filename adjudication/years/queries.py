"""Where a year's adjudication stands, and which files were promised for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from adjudication.committee.queries import window_of
from adjudication.committee.window import Window
from adjudication.years.models import Decision, SignOff, Snapshot
from adjudication.years.steps import ORDER, Step
from agreements.terms.models import MeasurementYear, YearStatus
from scorecards.cards.queries import slices_counted_now
from scorecards.feeds.arrivals import promises_to
from scorecards.feeds.calendar import Entry


@dataclass(frozen=True, slots=True)
class Standing:
    """The current snapshot of a year, its sign-offs in order, and what comes next.

    Attributes:
        snapshot: None before the first.
        sign_offs: on it.
        is_restated: whether its cases were restated after it was frozen: nobody can sign it.
        window: the committee's comments on it; None where it was not asked.
    """

    snapshot: Snapshot | None
    sign_offs: tuple[SignOff, ...]
    is_restated: bool = False
    window: Window | None = None

    @property
    def returned(self) -> SignOff | None:
        """The sign-off that sent the year back, if one did."""
        for sign_off in self.sign_offs:
            if sign_off.decision == Decision.RETURNED:
                return sign_off
        return None

    @property
    def next_step(self) -> Step | None:
        """The step whose turn it is; None before a snapshot, after a return and at the end."""
        if self.snapshot is None or self.returned is not None:
            return None
        taken = {sign_off.step for sign_off in self.sign_offs}
        return next((step for step in ORDER if step not in taken), None)

    @property
    def is_commenting(self) -> bool:
        """Whether compliance must wait for the committee."""
        return self.next_step is Step.COMPLIANCE and bool(self.window and self.window.is_open)

    @property
    def is_authorized(self) -> bool:
        """Whether every step approved this snapshot."""
        approved = [s for s in self.sign_offs if s.decision != Decision.RETURNED]
        return self.snapshot is not None and len(approved) == len(ORDER)


def standing(year: MeasurementYear) -> Standing:
    """Read a year's standing, in two queries; in up to two more when it is closed."""
    snapshot = (
        Snapshot.objects.select_related("frozen_by", "scorecard")
        .filter(year=year)
        .order_by("-number")
        .first()
    )
    if snapshot is None:
        return Standing(None, ())
    signed = SignOff.objects.select_related("signed_by").filter(snapshot=snapshot)
    sign_offs = in_order(signed)
    return Standing(
        snapshot,
        sign_offs,
        is_restated=_is_restated(year, snapshot),
        window=window_of(snapshot.pk) if is_reviewed(sign_offs) else None,
    )


def in_order(sign_offs: Iterable[SignOff]) -> tuple[SignOff, ...]:
    """Put the sign-offs of a snapshot in the order of their steps."""
    return tuple(sorted(sign_offs, key=lambda s: ORDER.index(Step(s.step))))


def is_reviewed(sign_offs: Iterable[SignOff]) -> bool:
    """Say whether the reviewer has signed: then the committee was asked."""
    return any(s.step == Step.REVIEW and s.decision == Decision.APPROVED for s in sign_offs)


def current_snapshot(year: MeasurementYear) -> Snapshot | None:
    """Return the newest snapshot of a year with its hospital, in one query."""
    snapshots = Snapshot.objects.select_related("tenant").filter(year=year)
    return snapshots.order_by("-number").first()


def promised_files(year: MeasurementYear, *, today: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Write which files were promised for days of a year and when each came, in two queries.

    What a feed promises may change later, so that a snapshot keeps how it stood.
    """
    return [
        _file(promised.feed, entry, today)
        for promised in promises_to([year.program_id], today=today, zone=zone)
        for entry in promised.calendar
        if entry.period.overlaps(year.in_effect or year.period)
    ]


def _file(feed: str, entry: Entry, today: date) -> dict[str, Any]:
    has_come = entry.came_on is not None and entry.came_on <= today
    return {
        "feed": feed,
        "start": entry.period.start.isoformat(),
        "end": entry.period.end.isoformat(),
        "due_on": entry.due_on.isoformat(),
        "came_on": entry.came_on.isoformat() if has_come and entry.came_on else None,
        "days_late": entry.days_late,
    }


def _is_restated(year: MeasurementYear, snapshot: Snapshot) -> bool:
    """Hold the slices and the days of a snapshot against those that count now.

    Cases of a closed year change by an approved restatement alone, its days by an end of the
    agreement; one that is open again is frozen anew in any case.
    """
    if year.status != YearStatus.CLOSED:
        return False
    document = snapshot.scorecard.document
    if document.get("until") != (year.ending and year.ending["on"]):
        return True
    until = (year.ended_on or year.ends_on).isoformat()  # what begins later concerns no day of it
    frozen = [slice_["sha256"] for slice_ in document["slices"] if slice_["start"] < until]
    counted = slices_counted_now(year, is_dated="trend" in document)
    return frozen != [slice_.sha256 for slice_ in counted]
