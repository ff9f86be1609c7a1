"""Whom a late file concerns, and what they are told. Pure: today's calendar is an argument."""

from dataclasses import dataclass
from datetime import date

from comanage.values.period import day_text
from scorecards.feeds.calendar import NOT_COME, Entry

# The owner has three days, from the first morning, before anybody else hears of it.
OWNERS_DAYS = 3


@dataclass(frozen=True, slots=True)
class LateFile:
    """A file that did not come: what is told of it, and whether to more than the owner."""

    entry: Entry
    key: str
    subject: str
    body: str
    is_for_administrators: bool


def late_files(
    name: str, feed_key: str, entries: tuple[Entry, ...], *, declared_on: date
) -> list[LateFile]:
    """List what is to be told of one feed, the oldest period first.

    Args:
        name: of the feed.
        feed_key: what tells it from others.
        entries: its calendar on this morning.
        declared_on: what was due before the feed was declared is no news.
    """
    return [
        LateFile(
            entry=entry,
            key=f"late:{feed_key}:{entry.period.start}",
            subject=f"{name}: the file of {entry.period} is late",
            body=(
                f"It was due on {day_text(entry.due_on)}. Scorecards stay as they are until it "
                f"comes. Send it, or find out when the hospital will."
            ),
            is_for_administrators=entry.days_late > OWNERS_DAYS,
        )
        for entry in entries
        if entry.state in NOT_COME and entry.due_on >= declared_on
    ]
