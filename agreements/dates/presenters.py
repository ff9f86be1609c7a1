"""The calendar as people read it: each month as a picture, each date in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agreements.dates.critical import Agenda, CriticalDate, Month, agenda_of
from comanage.documents.charts import DaysChart, days_chart
from comanage.identity.actor import Actor
from comanage.values.period import month_text

_SOON = 90  # the days that are left are said from so many days ahead on


@dataclass(frozen=True, slots=True)
class DateReading:
    """One date in words.

    Attributes:
        late: by how much it is overdue; empty for one that is ahead.
        left: how soon it comes; empty while it is far away.
        is_mine: whether it is the business of the reader's role.
    """

    each: CriticalDate
    late: str
    left: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class MonthReading:
    """One month: its picture beside its dates."""

    title: str
    chart: str
    dates: tuple[DateReading, ...]


@dataclass(frozen=True, slots=True)
class AgendaReading:
    """What is overdue, and the months ahead."""

    overdue: tuple[DateReading, ...]
    months: tuple[MonthReading, ...]


def read_agenda(dates: Iterable[CriticalDate], *, today: date, by: Actor) -> AgendaReading:
    """Read dates, the overdue ones first; the first picture explains the marks of all."""
    agenda = agenda_of(dates, today=today)

    def in_words(held: Iterable[CriticalDate]) -> tuple[DateReading, ...]:
        return tuple(_read(each, today=today, by=by) for each in held)

    return AgendaReading(
        overdue=in_words(agenda.overdue),
        months=tuple(
            MonthReading(
                month_text(month.first), _picture(agenda, month, today), in_words(month.dates)
            )
            for month in agenda.months
        ),
    )


def _picture(agenda: Agenda, month: Month, today: date) -> str:
    """Draw a month; what is overdue of the same month is marked in it too."""
    chart = DaysChart(
        first=month.first,
        due=tuple(each.due_on for each in month.dates),
        late=tuple(
            each.due_on for each in agenda.overdue if each.due_on.replace(day=1) == month.first
        ),
        today=today,
    )
    return days_chart(chart, is_explained=month is agenda.months[0])


def _read(each: CriticalDate, *, today: date, by: Actor) -> DateReading:
    days = (each.due_on - today).days
    return DateReading(
        each=each,
        late=_late_text(-days) if days < 0 else "",
        left=_left_text(days) if 0 <= days <= _SOON else "",
        is_mine=each.owner is by.role,
    )


def _late_text(days: int) -> str:
    return "by a day" if days == 1 else f"by {days} days"


def _left_text(days: int) -> str:
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
