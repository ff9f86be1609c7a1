"""How much of a year has been told of by its data, and how much has not. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from comanage.values.period import Period
from scorecards.cards.reading import SliceReading


@dataclass(frozen=True, slots=True)
class Pace:
    """Days of a year.

    Attributes:
        days: whose data has come.
        days_left: whose data has not, whether they are past or not.
    """

    days: int
    days_left: int


def pace_of(year: Period, slices: Sequence[SliceReading], zone: ZoneInfo) -> Pace:
    """Count the days that were received.

    A file cannot tell of days after the one it came in on, whatever period it names.

    Args:
        year: the measurement year.
        slices: that the scorecard counted.
        zone: of the hospital, for the day a file came in.
    """
    days: set[int] = set()
    for each in slices:
        came_on = each.received_at.astimezone(zone).date()
        end = min(each.period.end, came_on + timedelta(days=1), year.end)
        days.update(range(max(each.period.start, year.start).toordinal(), end.toordinal()))
    return Pace(len(days), year.days - len(days))
