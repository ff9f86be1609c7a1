"""Holds as the page of a year shows them."""

from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.utils import timezone

from adjudication.holds.causes import Cause
from adjudication.holds.forms import DisputeForm, HoldForm, ReleaseForm
from adjudication.holds.models import Hold
from adjudication.holds.policies import can_release
from adjudication.holds.queries import Found, Holds, is_open
from agreements.terms.models import MeasurementYear
from comanage.identity.actor import Actor
from comanage.identity.roles import Permission, Role
from comanage.values.period import day_text
from comanage.web.posting import in_place_of


@dataclass(frozen=True, slots=True)
class HoldReading:
    """One hold in words.

    Attributes:
        word: how it stands, with its `tone` for the status component.
        form: to release it with; None where the reader may not.
    """

    cause: str
    about: str
    what: str
    owner: str
    word: str
    tone: str
    pk: object = None
    opened_by: str = ""
    opened_at: datetime | None = None
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    form: ReleaseForm | None = None


@dataclass(frozen=True, slots=True)
class HoldsReading:
    """All that holds a year, the open ones first, and what the reader may do.

    Attributes:
        open: still to be mended.
        ended: released or answered.
        hold_form: None where the reader may not hold the year; likewise `dispute_form`.
    """

    open: tuple[HoldReading, ...]
    ended: tuple[HoldReading, ...]
    hold_form: HoldForm | None
    dispute_form: DisputeForm | None

    @property
    def forms(self) -> tuple[forms.Form | None, ...]:
        """Every form that is shown."""
        return (self.hold_form, self.dispute_form, *(hold.form for hold in self.open))


def read_holds(
    holds: Holds,
    year: MeasurementYear,
    *,
    may_change: bool,
    today: date,
    by: Actor,
    refused: forms.Form | None = None,
) -> HoldsReading:
    """Read what holds a year.

    Args:
        holds: of the year.
        year: with its terms.
        may_change: whether the year is frozen and unpaid.
        today: at the hospital.
        by: the reader.
        refused: a form that comes back in its place.
    """
    titles = dict(indicator_choices(year))
    named = [_named(hold, titles, today=today, by=by, refused=refused) for hold in holds.named]
    still = [r for r, hold in zip(named, holds.named, strict=True) if is_open(hold)]
    ended = [r for r, hold in zip(named, holds.named, strict=True) if not is_open(hold)]
    may_hold = may_change and by.holds(Permission.HOLD_OPEN)
    may_dispute = may_change and by.holds(Permission.DISPUTE_RAISE)
    return HoldsReading(
        open=(*map(_found, holds.found), *still),
        ended=tuple(ended),
        hold_form=in_place_of(HoldForm(auto_id="id_hold_%s"), refused) if may_hold else None,
        dispute_form=in_place_of(
            DisputeForm(indicators=list(titles.items()), auto_id="id_dispute_%s"), refused
        )
        if may_dispute
        else None,
    )


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One hold in a line, with the tone of its status."""

    word: str
    tone: str


def hold_lines(holds: Holds, *, today: date) -> tuple[HoldLine, ...]:
    """Say each hold of a year in a line: cause, owner and day, or who released it and when."""
    return (
        *(HoldLine(f"On hold: {_caused(each)}", "concern") for each in holds.found),
        *(_line(hold, today=today) for hold in holds.named),
    )


def _caused(cause: Found | Hold) -> str:
    return f"{Cause(cause.cause).label.lower()}, {Role(cause.owner).label.lower()}"


def _line(hold: Hold, *, today: date) -> HoldLine:
    if not is_open(hold):
        ended = hold.release
        return HoldLine(
            f"Released: {Cause(hold.cause).label.lower()}, {ended.get_outcome_display().lower()} "
            f"by {ended.released_by.name} on {day_text(timezone.localdate(ended.released_at))}",
            "quiet",
        )
    until = "overdue since" if today > hold.due_on else "until"
    return HoldLine(f"On hold: {_caused(hold)} {until} {day_text(hold.due_on)}", "concern")


def indicator_choices(year: MeasurementYear) -> list[tuple[str, str]]:
    """List the indicators of the locked terms by slug and title."""
    indicators = (year.terms or {}).get("indicators", [])
    return [(each["slug"], each["definition"]["title"]) for each in indicators]


def _found(found: Found) -> HoldReading:
    word = "Open: it ends by itself when the records are whole"
    return HoldReading(found.cause.label, "", found.what, found.owner.label, word, "concern")


def _named(
    hold: Hold, titles: dict[str, str], *, today: date, by: Actor, refused: forms.Form | None
) -> HoldReading:
    ended = None if is_open(hold) else hold.release
    is_late = ended is None and today > hold.due_on
    until = (
        f"Overdue since {day_text(hold.due_on)}"
        if is_late
        else f"Open until {day_text(hold.due_on)}"
    )
    return HoldReading(
        cause=Cause(hold.cause).label,
        about=titles.get(hold.indicator, ""),
        what=hold.what,
        owner=Role(hold.owner).label,
        word=ended.get_outcome_display() if ended else until,
        tone="good" if ended else "concern" if is_late else "waiting",
        pk=hold.pk,
        opened_by=hold.opened_by.name,
        opened_at=hold.opened_at,
        answer=ended.answer if ended else "",
        answered_by=ended.released_by.name if ended else "",
        answered_at=ended.released_at if ended else None,
        form=_release(hold, refused) if ended is None and can_release(hold, by=by) else None,
    )


def _release(hold: Hold, refused: forms.Form | None) -> ReleaseForm:
    is_of_this = isinstance(refused, ReleaseForm) and refused.hold == hold
    return in_place_of(ReleaseForm(hold=hold), refused if is_of_this else None)
