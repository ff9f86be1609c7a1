"""The ledger as pages show it: balances and clocks in words, and the months beside each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from adjudication.compensation.estimates import EstimateTerms, fixed_fee_by_month
from adjudication.compensation.reconciliation import Clock, ClockState, reconciliation_clock
from adjudication.payments.items import Account, Item, items_of
from adjudication.payments.models import Component, EntryKind, LedgerEntry, Side
from agreements.terms.models import MeasurementYear
from comanage.documents.charts import ChartTable, MonthPoint, months_chart, months_sentence
from comanage.values.money import Money
from comanage.values.period import MONTH_NAMES, Period, day_text

NOTHING = Money(0)


@dataclass(frozen=True, slots=True)
class Words:
    """A state in words, and the tone of its shape."""

    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class EntryReading:
    """One entry, the balance of its account after it, and whether it can be taken back."""

    entry: LedgerEntry
    balance: Money
    can_correct: bool = False

    @property
    def owed(self) -> Money | None:
        """The amount, where it stands in the column of what is owed."""
        return self.entry.amount if self.entry.side == Side.OWED else None

    @property
    def settled(self) -> Money | None:
        """The amount, where it stands in the column of what was settled."""
        return -self.entry.amount if self.entry.side == Side.SETTLED else None


@dataclass(frozen=True, slots=True)
class MonthReading:
    """One month: what fell due and what was paid in it, and both since the first."""

    month: Period
    due: Money
    paid: Money
    due_to_date: Money
    paid_to_date: Money
    has_come: bool

    @property
    def name(self) -> str:
        """The month's name, short."""
        return MONTH_NAMES[self.month.start.month - 1]

    @property
    def word(self) -> str:
        """Where owed and paid stand to each other at its end."""
        if not self.has_come:
            return "still to come"
        return difference_words(self.due_to_date - self.paid_to_date)


@dataclass(frozen=True, slots=True)
class MonthsReading:
    """The months of a year as a chart, its sentence and its table."""

    chart: str
    sentence: str
    table: ChartTable


def difference_words(open_: Money) -> str:
    """Say what lies between owed and paid."""
    if open_ == NOTHING:
        return "even"
    return f"{open_} to be paid" if open_ > NOTHING else f"{-open_} paid ahead"


def balance_words(balance: Money) -> Words:
    """Say what an account comes to."""
    if balance == NOTHING:
        return Words("Even", "good")
    if balance > NOTHING:
        return Words(f"{balance} to be paid", "next")
    return Words(f"{-balance} to come back", "concern")


def read_accounts(accounts: Sequence[Account]) -> list[tuple[Account, Words]]:
    """Read the balance of each account."""
    return [(account, balance_words(account.balance)) for account in accounts]


def read_entries(
    entries: Sequence[LedgerEntry], correctable: frozenset[object] = frozenset()
) -> list[EntryReading]:
    """Give each entry the balance of its account after it, the newest first.

    Args:
        entries: of one program or year, the oldest first.
        correctable: keys of those that can be taken back.
    """
    balances: dict[tuple[str, object], Money] = {}
    readings = []
    for entry in entries:
        account = (entry.component, entry.physician_id or entry.payee_id)
        balances[account] = balances.get(account, NOTHING) + entry.amount
        readings.append(EntryReading(entry, balances[account], entry.pk in correctable))
    return readings[::-1]


def read_clock(
    years: Sequence[MeasurementYear], entries: Sequence[LedgerEntry], *, today: date
) -> Clock | None:
    """Read the clock of an agreement that ended with the last of its signed years, or inside it.

    Of several, one after the other, that of the first whose accounts are not even; else of the
    last.

    Args:
        years: of the program, signed, the oldest first.
        entries: of all of them.
        today: at the hospital.
    """
    clocks = [_clock_of(each, entries, today=today) for each in _by_agreement(years)]
    uneven = [each for each in clocks if each and each.state != ClockState.RECONCILED]
    return next(iter([*uneven, *clocks[-1:]]), None)


def years_of_agreement(
    years: Sequence[MeasurementYear], year: MeasurementYear
) -> list[MeasurementYear]:
    """Pick the years of the agreement that a year is of: one that ended early is its last.

    Args:
        years: of the program, signed, the oldest first.
        year: one of them, or a draft, which is of none yet.
    """
    return next((each for each in _by_agreement(years) if year in each), [year])


def _by_agreement(years: Iterable[MeasurementYear]) -> list[list[MeasurementYear]]:
    found: list[list[MeasurementYear]] = []
    is_over = True
    for year in years:
        if year.in_effect is None:
            continue
        if is_over:
            found.append([])
        found[-1].append(year)
        is_over = year.ended_on is not None
    return found


def _clock_of(
    years: Sequence[MeasurementYear], entries: Iterable[LedgerEntry], *, today: date
) -> Clock | None:
    """Read the clock of one agreement's years, which are in effect on some day."""
    own = {year.pk: year for year in years}
    of_them = [entry for entry in entries if entry.year_id in own]
    booked = {entry.year_id for entry in of_them if entry.kind in {"due", "true_up"}}
    is_even = booked == own.keys() and all(item.open == NOTHING for item in items_of(of_them))
    last = max(own.values(), key=lambda year: year.pay_ends_on)
    during = last.in_effect or last.period
    return reconciliation_clock(during.last, today=today, is_even=is_even)


def clock_words(clock: Clock) -> Words:
    """Say how long the accounts of an agreement that ended may still be open."""
    ended = f"The agreement ended on {day_text(clock.last_day)}"
    deadline = day_text(clock.deadline)
    if clock.state == ClockState.RECONCILED:
        return Words(f"{ended}, and its accounts are even.", "good")
    if clock.state == ClockState.OVERDUE:
        late = _days(-clock.days_left)
        return Words(
            f"{ended}. Its accounts had to be even by {deadline}, {late} ago, and are not.",
            "concern",
        )
    left = f"{_days(clock.days_left)} left" if clock.days_left else "today is the last day"
    tone = "concern" if clock.state == ClockState.SOON else "next"
    return Words(f"{ended}. Its accounts must be even by {deadline}: {left}.", tone)


def clock_status(clock: Clock) -> Words:
    """Say the same in a few words, for a row."""
    if clock.state == ClockState.RECONCILED:
        return Words("Ended, accounts even", "good")
    if clock.state == ClockState.OVERDUE:
        return Words(f"90 days ended {day_text(clock.deadline)}", "concern")
    tone = "concern" if clock.state == ClockState.SOON else "next"
    return Words(f"{_days(clock.days_left)} left to reconcile", tone)


def read_months(
    year: MeasurementYear, entries: Sequence[LedgerEntry], *, today: date, zone: ZoneInfo
) -> MonthsReading:
    """Hold what the agreement owes by each month's end against what was paid by then.

    The fixed fee falls due by the days of each month, the other parts on the day of approval.
    """
    months = month_readings(year, entries, today=today, zone=zone)
    points = [
        MonthPoint(month.name, month.month.start.year, month.due_to_date, month.paid_to_date)
        for month in months
        if month.has_come
    ]
    title = "Owed and paid, month by month"
    rows = tuple(
        (
            f"{month.name} {month.month.start.year}",
            str(month.due),
            str(month.paid),
            str(month.due_to_date),
            str(month.paid_to_date),
            month.word,
        )
        for month in months
    )
    head = ("Month", "Due", "Paid", "Due to date", "Paid to date", "At its end")
    return MonthsReading(
        chart=months_chart(title, points),
        sentence=months_sentence(points),
        table=ChartTable(title, head, rows),
    )


def month_readings(
    year: MeasurementYear, entries: Sequence[LedgerEntry], *, today: date, zone: ZoneInfo
) -> list[MonthReading]:
    """Read each month from the year's first to the one of its newest entry."""
    terms = EstimateTerms.from_terms(year.terms or {}, year.period, ended_on=year.ended_on)
    by_day = fixed_fee_by_month(terms)
    due = _due_by_entry(entries, sum((fee for _, fee in by_day), NOTHING), zone)
    paid = _paid_by_day(entries, zone)
    days = [day for day, _ in (*due, *paid)]
    last = max([year.period.last, *days])
    months = Period(year.starts_on, last + timedelta(days=1)).months()
    fee = {month.start: amount for month, amount in by_day}
    readings: list[MonthReading] = []
    due_to_date = paid_to_date = NOTHING
    for month in months:
        is_first = month is months[0]
        due_now = fee.get(month.start, NOTHING) + _within(due, month, is_first=is_first)
        paid_now = _within(paid, month, is_first=is_first)
        due_to_date, paid_to_date = due_to_date + due_now, paid_to_date + paid_now
        readings.append(
            MonthReading(month, due_now, paid_now, due_to_date, paid_to_date, month.start <= today)
        )
    return readings


def _paid_by_day(entries: Sequence[LedgerEntry], zone: ZoneInfo) -> list[tuple[date, Money]]:
    """List what was settled on the day money moved.

    A payment that was taken back never moved, so its correction counts on the payment's own day.
    """
    by_pk: dict[UUID | None, LedgerEntry] = {entry.pk: entry for entry in entries}
    found = []
    for entry in (entry for entry in entries if entry.side == Side.SETTLED):
        taken_back = by_pk.get(entry.about_id) if entry.kind == EntryKind.CORRECTION else None
        found.append((_day(taken_back or entry, zone), -entry.amount))
    return found


def _due_by_entry(
    entries: Sequence[LedgerEntry], by_month: Money, zone: ZoneInfo
) -> list[tuple[date, Money]]:
    """List what falls due on the day it is booked: all but the fixed fee, and its changes."""
    found = []
    fee_booked = NOTHING
    for entry in (entry for entry in entries if entry.side == Side.OWED):
        if entry.component != Component.FIXED_FEE:
            found.append((_day(entry, zone), entry.amount))
            continue
        fee_booked += entry.amount
        if entry.kind in {EntryKind.DUE, EntryKind.TRUE_UP}:
            found.append((_day(entry, zone), fee_booked - by_month))
        elif entry.kind == EntryKind.CORRECTION and entry.estimate_id is None:
            found.append((_day(entry, zone), entry.amount))
    return found


def _day(entry: LedgerEntry, zone: ZoneInfo) -> date:
    return entry.paid_on or entry.recorded_at.astimezone(zone).date()


def _within(amounts: Sequence[tuple[date, Money]], month: Period, *, is_first: bool) -> Money:
    """Sum what lies in a month; whatever lies before the first is counted with it."""
    return sum(
        (amount for day, amount in amounts if day in month or (is_first and day < month.start)),
        NOTHING,
    )


def item_words(item: Item) -> Words:
    """Say how far an amount is settled."""
    if item.open == NOTHING:
        return Words("Paid" if item.is_paid else "Even", "good")
    return balance_words(item.open)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
