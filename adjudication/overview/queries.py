"""The overview: one row per program and year to be settled, and what is due from the reader."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from adjudication.committee.policies import can_comment
from adjudication.committee.queries import windows_of
from adjudication.compensation.reconciliation import Clock
from adjudication.holds.causes import Cause
from adjudication.holds.models import Hold
from adjudication.holds.queries import Found, Holds, holds_of_years, is_open
from adjudication.payments.items import Item, is_paid, unpaid_estimates, year_items
from adjudication.payments.models import LedgerEntry
from adjudication.payments.presenters import Words, clock_status, read_clock
from adjudication.payments.queries import (
    entries_of_programs,
    estimates_waiting,
    overpaid_items,
)
from adjudication.years.models import SignOff, Snapshot
from adjudication.years.policies import can_sign
from adjudication.years.presenters import who_is_next
from adjudication.years.queries import Standing, in_order, is_reviewed
from agreements.credentials.queries import with_rosters
from agreements.drafting.queries import is_being_written
from agreements.lint.counting import Held, drafts_with_findings, read_held
from agreements.programs.models import Program
from agreements.programs.queries import visible_programs
from agreements.proposals.queries import Asked, proposals_waiting, read_waiting
from agreements.signing.queries import rounds_waiting
from agreements.terms.models import MeasurementYear, YearStatus
from agreements.terms.policies import can_open
from agreements.workplans.queries import Overdue, overdue_of, read_overdue
from comanage.identity.actor import Actor
from comanage.identity.roles import Permission
from comanage.values.money import Money
from comanage.values.period import day_text
from scorecards.cards.models import Scorecard


@dataclass(frozen=True, slots=True)
class Row:
    """One year of a program and where that stands.

    Attributes:
        clock: of the program, as are `to_approve`, `overdue`, `asked`, `held`, `to_pay` and
            `is_overpaid`: on its first row.
        is_written_here: whether an agreement of the program will lock its terms once executed.
    """

    program: Program
    year: MeasurementYear | None
    scorecard: Scorecard | None
    standing: Standing
    is_paid: bool
    clock: Clock | None = None
    to_approve: int = 0
    overdue: tuple[Overdue, ...] = ()
    asked: tuple[Asked, ...] = ()
    held: tuple[Held, ...] = ()
    to_pay: int = 0
    is_overpaid: bool = False
    is_written_here: bool = False
    is_year_overpaid: bool = False
    holds: Holds = field(default_factory=Holds)

    @property
    def word(self) -> str:
        """The state in words."""
        if self.year is None:
            return "No year drafted"
        if self.is_paid and self.standing.is_restated:
            return "Paid, a correction is due"
        if self.is_paid and self.standing.is_authorized:
            return "Paid"
        if self.standing.is_restated:
            return "Restated, to be frozen anew"
        if self.standing.is_authorized:
            return "Authorized, to be paid"
        if self.standing.returned is not None and self.year.status == YearStatus.OPEN:
            return "Returned for changes"
        if self.standing.next_step is not None:
            return f"In adjudication: {who_is_next(self.standing)}"
        return str(YearStatus(self.year.status).label)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to be done about the year."""
        is_done = self.is_paid and self.standing.is_authorized
        return is_done and not self.standing.is_restated and not self.is_year_overpaid

    @property
    def can_be_paid(self) -> bool:
        """Whether everybody signed, and neither is it paid nor is something to come back first."""
        return self.standing.is_authorized and not self.is_paid and not self.is_year_overpaid

    @property
    def clock_words(self) -> Words | None:
        """How long the accounts of an agreement that ended may still be open."""
        return clock_status(self.clock) if self.clock else None

    @property
    def tone(self) -> str:
        """The tone of the state, for its shape."""
        if self.standing.is_restated:
            return "concern"
        if self.is_paid and self.standing.is_authorized:
            return "good"
        if self.standing.returned is not None and self.year and self.year.status == YearStatus.OPEN:
            return "concern"
        return "waiting" if self.year is None or self.year.is_draft else "next"


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing the reader can do now."""

    text: str
    program: str
    url_name: str
    pk: UUID


def overview_rows(by: Actor, *, today: date, zone: ZoneInfo) -> list[Row]:
    """List the programs a person sees with their years to be settled, the oldest first.

    A program whose years are all settled shows its newest. In six queries, and while a year is
    frozen and unpaid in up to four more, for what holds it and what the committee says.
    """
    programs = visible_programs(by).annotate(
        to_approve=estimates_waiting(),
        overdue=overdue_of(by=by, today=today),
        is_written_here=is_being_written(),
        asked=proposals_waiting(by),
    )
    if by.holds(Permission.FINDING_WAIVE):
        programs = programs.annotate(drafts=drafts_with_findings())
    years: dict[UUID, list[MeasurementYear]] = defaultdict(list)
    of_programs = with_rosters(MeasurementYear.objects.filter(program__in=programs))
    for year in of_programs.order_by("starts_on"):
        years[year.program_id].append(year)
    every = [year for of_program in years.values() for year in of_program]
    cards = {
        card.year_id: card
        for card in Scorecard.objects.defer("document")
        .filter(year__in=every)
        .order_by("year_id", "-version")
        .distinct("year_id")
    }
    standings = _standings([year.pk for year in every])
    ledger = entries_of_programs(programs)
    held = _holds(every, standings, ledger, today=today, zone=zone)
    rows = []
    for program in programs:
        entries = ledger.get(program.pk, [])
        of_years = [
            _row(
                program,
                year,
                cards.get(year.pk),
                standings.get(year.pk, Standing(None, ())),
                [item for item in year_items(entries) if item.key.year_id == year.pk],
                held.get(year.pk, Holds()),
            )
            for year in years[program.pk]
        ] or [Row(program, None, None, Standing(None, ()), is_paid=False)]
        of_years = [replace(row, is_written_here=program.is_written_here) for row in of_years]
        first, *more = [row for row in of_years if not row.is_settled] or of_years[-1:]
        signed = [year for year in years[program.pk] if not year.is_draft]
        rows.append(
            replace(
                first,
                clock=read_clock(signed, entries, today=today),
                to_approve=program.to_approve,
                overdue=read_overdue(program.overdue),
                asked=read_waiting(program.asked),
                held=read_held(vars(program).get("drafts", ())),
                to_pay=len(unpaid_estimates(entries)),
                is_overpaid=bool(overpaid_items(entries)),
            )
        )
        rows += more
    return rows


def _row(
    program: Program,
    year: MeasurementYear,
    card: Scorecard | None,
    standing: Standing,
    items: list[Item],
    holds: Holds,
) -> Row:
    return Row(
        program=program,
        year=year,
        scorecard=card,
        standing=_with_card(standing, year, card) if standing.snapshot else standing,
        is_paid=is_paid(items),
        holds=holds,
        is_year_overpaid=any(item.to_come_back > Money(0) for item in items),
    )


def due_items(rows: list[Row], *, by: Actor, today: date) -> list[DueItem]:
    """List what the reader can do now, program by program."""
    items = []
    for row in rows:
        if row.year is None:
            if by.holds(Permission.PROGRAM_EDIT):
                items.append(
                    DueItem(
                        "Draft the first measurement year",
                        row.program.name,
                        "agreements:program-detail",
                        row.program.pk,
                    )
                )
            continue
        items += _due_in_negotiation(row, by=by)
        items += _due_findings(row)
        items += _due_on_account(row, by=by)
        items += _due_on_holds(row, row.year, by=by)
        text, url_name = _due(row, row.year, by=by, today=today)
        if text:
            items.append(
                DueItem(text, f"{row.program.name}, {row.year.period}", url_name, row.year.pk)
            )
    return items


def due_agreements(by: Actor) -> list[DueItem]:
    """List the agreements that the reader approves or signs next, in at most two queries."""
    return [
        DueItem(
            f"{each.deed}: {each.agreement.title}",
            each.agreement.program.name,
            "agreements:signing",
            each.agreement.pk,
        )
        for each in rounds_waiting(by)
    ]


def _due_findings(row: Row) -> list[DueItem]:
    """List the agreements that a finding holds back until the reader mends or waives it."""
    return [
        DueItem(
            f"Findings for counsel in version {each.found.version_number}: {each.title}",
            row.program.name,
            "agreements:version-findings",
            each.found.version_pk,
        )
        for each in row.held
    ]


def _due_in_negotiation(row: Row, *, by: Actor) -> list[DueItem]:
    """List the agreements in which the other side waits for an answer of the reader's side."""
    if not by.holds(Permission.AGREEMENT_PROPOSE):
        return []
    where = "agreements:negotiation"
    return [
        DueItem(
            f"Accept or decline {_proposals(each.number)}: {each.title}",
            row.program.name,
            where,
            each.agreement_id,
        )
        for each in row.asked
    ]


def _proposals(number: int) -> str:
    return "a proposal" if number == 1 else f"{number} proposals"


def due_tasks(rows: list[Row]) -> list[DueItem]:
    """List the programs in whose workplan the reader's own tasks are overdue."""
    where = "agreements:workplan-detail"
    return [
        DueItem(_overdue(row.overdue), row.program.name, where, row.program.pk)
        for row in rows
        if row.overdue
    ]


def _overdue(tasks: tuple[Overdue, ...]) -> str:
    first, *more = tasks
    since = f"Overdue since {day_text(first.due_on)}: {first.title}"
    return f"{since}, and {len(more)} more" if more else since


def _due_on_account(row: Row, *, by: Actor) -> list[DueItem]:
    """List what waits in the program's ledger beside the year's own amount."""
    found = []
    if row.to_approve and by.holds(Permission.ESTIMATE_APPROVE):
        found.append(f"{_counted(row.to_approve)} to approve")
    if row.to_pay and by.holds(Permission.PAYMENT_RECORD):
        found.append(f"{_counted(row.to_pay)} to pay and record")
    if row.is_overpaid and by.holds(Permission.PAYMENT_RECORD):
        found.append("An overpayment to recoup")
    where = "adjudication:ledger"
    return [DueItem(text, row.program.name, where, row.program.pk) for text in found]


def _due_on_holds(row: Row, year: MeasurementYear, *, by: Actor) -> list[DueItem]:
    """List the causes that the reader was asked to mend."""
    causes: list[Found | Hold] = [*row.holds.found, *filter(is_open, row.holds.named)]
    return [
        DueItem(
            f"Mend what holds the year: {Cause(each.cause).label.lower()}",
            f"{row.program.name}, {year.period}",
            "adjudication:year-detail",
            year.pk,
        )
        for each in causes
        if each.owner == by.role and by.holds(Permission.ADJUDICATION_VIEW)
    ]


def _counted(estimates: int) -> str:
    return "An estimate" if estimates == 1 else f"{estimates} estimates"


def _due(row: Row, year: MeasurementYear, *, by: Actor, today: date) -> tuple[str, str]:
    if row.standing.is_restated:
        is_mine = by.holds(Permission.ADJUDICATION_PREPARE)
        words = "Its data was restated: freeze the year anew" if is_mine else ""
        return words, "adjudication:year-detail"
    if can_comment(row.standing, by=by) and row.standing.window is not None:
        until = day_text(row.standing.window.last_day)
        return f"Comment for the committee until {until}", "adjudication:year-detail"
    step = can_sign(row.standing, by=by)
    if step is not None and not row.standing.is_commenting:
        return f"{step.label}: your signature is next", "adjudication:year-detail"
    if row.can_be_paid and by.holds(Permission.PAYMENT_RECORD):
        return "Pay and record the payment", "adjudication:year-detail"
    if year.is_draft and by.holds(Permission.TERMS_LOCK) and not row.is_written_here:
        return "Complete and lock the terms", "agreements:year-detail"
    if can_open(year, today=today) and by.holds(Permission.PERIOD_OPEN):
        return "Open the measurement year", "agreements:year-detail"
    return _due_on_the_clock(row, year, by=by, today=today)


def _due_on_the_clock(
    row: Row, year: MeasurementYear, *, by: Actor, today: date
) -> tuple[str, str]:
    if year.status != YearStatus.OPEN:
        return "", ""
    if row.scorecard is None and by.holds(Permission.UPLOAD_SUBMIT):
        return "Send the year's data", "scorecards:scorecard"
    if today >= year.pay_ends_on and row.scorecard and by.holds(Permission.ADJUDICATION_PREPARE):
        return "The year is over: freeze it for adjudication", "adjudication:year-detail"
    return "", ""


def _holds(
    years: list[MeasurementYear],
    standings: dict[UUID, Standing],
    ledger: dict[UUID, list[LedgerEntry]],
    *,
    today: date,
    zone: ZoneInfo,
) -> dict[UUID, Holds]:
    """Read what holds the years that are frozen, not returned and not paid."""
    waiting = []
    for year in years:
        now = standings.get(year.pk)
        entries = ledger.get(year.program_id, [])
        own = [item for item in year_items(entries) if item.key.year_id == year.pk]
        if now is not None and now.returned is None and not is_paid(own):
            waiting.append(year)
    return holds_of_years(waiting, today=today, zone=zone)


def _with_card(
    standing: Standing, year: MeasurementYear | None, card: Scorecard | None
) -> Standing:
    """Mark a closed year that has an edition newer than the one that was frozen."""
    is_closed = year is not None and year.status == YearStatus.CLOSED
    frozen = standing.snapshot.scorecard_id if standing.snapshot else None
    is_restated = is_closed and card is not None and card.pk != frozen
    return replace(standing, is_restated=is_restated)


def _standings(years: list[UUID]) -> dict[UUID, Standing]:
    snapshots = {
        snapshot.year_id: snapshot
        for snapshot in Snapshot.objects.defer("canonical")
        .filter(year__in=years)
        .order_by("number")
    }
    signed: dict[UUID, list[SignOff]] = defaultdict(list)
    for sign_off in SignOff.objects.select_related("signed_by").filter(
        snapshot__in=snapshots.values()
    ):
        signed[sign_off.snapshot_id].append(sign_off)
    reviewed = [pk for pk, sign_offs in signed.items() if is_reviewed(sign_offs)]
    windows = windows_of(reviewed) if reviewed else {}
    return {
        year_id: Standing(snapshot, in_order(signed[snapshot.pk]), window=windows.get(snapshot.pk))
        for year_id, snapshot in snapshots.items()
    }
