"""Feeds and their calendars as people read them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from comanage.documents.charts import CalendarPeriod, calendar_chart, calendar_sentence
from comanage.values.period import MONTH_NAMES, Period
from scorecards.feeds.arrivals import arrivals_of, plans_of
from scorecards.feeds.calendar import Entry, State, calendar
from scorecards.feeds.freshness import Freshness, days, freshness
from scorecards.feeds.models import Cadence, Feed, FeedExpectation

SHOWN = 12
SHOWN_AT_ONCE = 6
# What most needs somebody stands first.
_TONES = ("concern", "next", "waiting", "good", "quiet")
_WORDS = {
    State.EXPECTED: ("Expected", "quiet"),
    State.DUE: ("Due", "next"),
    State.RECEIVED: ("Being checked", "waiting"),
    State.HELD: ("Waits for a person", "next"),
    State.ACCEPTED: ("Accepted", "good"),
    State.LATE: ("Late", "concern"),
    State.MISSING: ("Missing", "concern"),
    State.NOT_OPEN: ("Year not open yet", "quiet"),
}


@dataclass(frozen=True, slots=True)
class EntryReading:
    """One period of a calendar, in words."""

    period: Period
    word: str
    tone: str
    detail: str
    due_on: date
    came_on: date | None
    expected_rows: int | None
    expected_by: str


@dataclass(frozen=True, slots=True)
class CalendarReading:
    """A feed's calendar: the picture of its last periods, its sentence, and every period."""

    chart: str
    sentence: str
    entries: tuple[EntryReading, ...]

    @property
    def recent(self) -> tuple[EntryReading, ...]:
        """The periods that are shown at once."""
        return self.entries[:SHOWN_AT_ONCE]

    @property
    def older(self) -> tuple[EntryReading, ...]:
        """The periods that are shown on request."""
        return self.entries[SHOWN_AT_ONCE:]


def read_calendar(
    feed: Feed, entries: Sequence[Entry], expectations: Sequence[FeedExpectation]
) -> CalendarReading:
    """Read a feed's calendar, the newest period first.

    Args:
        feed: whose calendar it is.
        entries: the oldest first.
        expectations: what was stated; for one period, the newest statement first.
    """
    stated: dict[Period, FeedExpectation] = {}
    for each in expectations:
        stated.setdefault(each.period, each)
    shown = [_point(Cadence(feed.cadence), entry) for entry in entries[-SHOWN:]]
    return CalendarReading(
        chart=calendar_chart(f"Files of {feed.name}", shown),
        sentence=calendar_sentence(shown),
        entries=tuple(
            _reading(feed, entry, stated.get(entry.period)) for entry in reversed(entries)
        ),
    )


def _reading(feed: Feed, entry: Entry, stated: FeedExpectation | None) -> EntryReading:
    word, tone = _WORDS[entry.state]
    is_past_due = entry.days_late and entry.state is not State.EXPECTED
    return EntryReading(
        period=entry.period,
        word=word,
        tone=tone,
        detail=f"{days(entry.days_late)} late" if is_past_due else "",
        due_on=entry.due_on,
        came_on=entry.came_on,
        expected_rows=stated.rows if stated else feed.expected_rows,
        expected_by=stated.source if stated else "",
    )


def _point(cadence: Cadence, entry: Entry) -> CalendarPeriod:
    start = entry.period.start
    name = MONTH_NAMES[start.month - 1] if cadence != Cadence.YEARLY else ""
    return CalendarPeriod(name, start.year, entry.state.value)


@dataclass(frozen=True, slots=True)
class FeedReading:
    """A feed in the list: itself, and how fresh it is."""

    feed: Feed
    freshness: Freshness


def read_feeds(feeds: Collection[Feed], *, today: date, zone: ZoneInfo) -> list[FeedReading]:
    """Read feeds for the list in three queries: what needs somebody first, then by name."""
    came, plans = arrivals_of(feeds, zone=zone), plans_of(feeds)
    readings = [
        FeedReading(
            feed,
            freshness(
                feed.name,
                came[feed.pk].accepted,
                calendar(plans[feed.pk], came[feed.pk], today=today),
                within=None,
            ),
        )
        for feed in feeds
    ]
    return sorted(
        readings,
        key=lambda each: (_TONES.index(each.freshness.tone), each.feed.name.lower()),
    )
