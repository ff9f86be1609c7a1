"""Contracts in words: how each stands, what its clocks say, and the register as cells."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from agreements.contracts.amending import Writing
from agreements.contracts.clocks import (
    Grace,
    barred_until,
    days_late,
    reconciliation_deadline,
    served_share,
    signature_clock,
)
from agreements.contracts.models import Contract, ContractEvent, ContractEventKind, Relation
from agreements.contracts.queries import happening, standing_as_made, standing_of
from agreements.contracts.standing import Standing, State, after
from comanage.exports.cells import Cell
from comanage.values.period import Period, day_text

_TONES = {
    State.UNSIGNED: "concern",
    State.AHEAD: "waiting",
    State.IN_FORCE: "good",
    State.HELD_OVER: "waiting",
    State.EXPIRED: "quiet",
    State.TERMINATED: "quiet",
}
_GRACE = {
    Grace.WARN: "Have it signed.",
    Grace.HOLD: "Hold every payment under it until it is signed.",
    Grace.BLOCK: "The days are over: pay nothing, and ask counsel.",
}
HEADINGS = (
    *("party", "group", "physicians", "family_of", "title", "kind", "program", "state"),
    *("signed_on", "first_day", "last_day", "ended", "reconciled", "notice_days"),
    *("holdover_notice_days", "kept", "history"),
)


@dataclass(frozen=True, slots=True)
class ContractReading:
    """One contract on a day.

    Attributes:
        fmv_last_day: of the opinion, where one was given with the contract.
        grace: how late it was signed; empty for one that was signed in time.
    """

    contract: Contract
    stands: Standing
    word: str
    tone: str
    term: Period
    first_term: Period
    names: tuple[str, ...]
    family: tuple[str, ...]
    fmv_last_day: date | None
    grace: str


DEEDS = {
    ContractEventKind.SIGNED: "Record its signature",
    ContractEventKind.AMENDED: "Record an amendment",
    ContractEventKind.EXTENDED: "Record an extension",
    ContractEventKind.RENEWED: "Record a renewal",
    ContractEventKind.HELD_OVER: "Record its holdover",
    ContractEventKind.TERMINATED: "Record its end",
    ContractEventKind.END_RULE: "Record what the paper says is due at its end",
    ContractEventKind.RECONCILED: "Record that payments were reconciled",
}


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One event of a contract.

    Attributes:
        when: of a reconciliation whether it was in time; empty for any other.
    """

    event: ContractEvent
    when: str


def read_contract(contract: Contract, *, today: date) -> ContractReading:
    """Read a contract whose people and events are at hand."""
    stands = standing_of(contract)
    state = stands.state(today)
    people = list(contract.people.all())
    ends = stands.ended_on if stands.ended_on is not None and today < stands.ended_on else None
    return ContractReading(
        contract=contract,
        stands=stands,
        word=f"{state.value}, last day {day_text(ends - timedelta(days=1))}"
        if ends
        else state.value,
        tone="waiting" if ends else _TONES[state],
        term=Period(stands.starts_on, stands.ends_on),
        first_term=Period(contract.starts_on, contract.ends_on),
        names=tuple(each.physician.name for each in people if each.relation == Relation.PARTY),
        family=tuple(each.physician.name for each in people if each.relation == Relation.FAMILY),
        fmv_last_day=contract.fmv_until and contract.fmv_until - timedelta(days=1),
        grace=_grace_words(stands),
    )


def clock_words(
    stands: Standing, *, year: Period | None, today: date
) -> tuple[tuple[str, str], ...]:
    """Say what runs for a contract on a day: each clock with its sentence.

    Args:
        stands: the contract.
        year: the measurement year of its program in which it ends, if there is one.
        today: at the hospital.
    """
    words: list[tuple[str, str]] = []
    if stands.ended_on is None:
        words.extend(_signature_words(stands, today))
    over = stands.over_on
    if over is None or today < over - timedelta(days=90):
        return tuple(words)
    if stands.reconciled_on is None:
        words.append(("Reconciliation", _reconciliation_words(over, today)))
    if stands.ended_on is None:
        return tuple(words)
    until = barred_until(stands.began_on, stands.ended_on)
    if until is not None:
        words.append(
            (
                "First year",
                (
                    f"It {'ended' if stands.ended_on <= today else 'ends'} in its first year. No "
                    f"same or similar contract with this party begins before {day_text(until)} "
                    f"(42 CFR 411.357(d)(1)(iv))."
                ),
            )
        )
    if year is not None:
        share = served_share(year, stands.ended_on)
        words.append(
            (
                "Pay of the year",
                (
                    f"{share.numerator}/{share.denominator} of the days of {year} were served. The "
                    f"fixed fee is owed for their months and days; indicators are scored on the "
                    f"cases up to the last day, and the incentive is due as the terms say. The "
                    f"year can be frozen from {day_text(stands.ended_on)} on."
                ),
            )
        )
    return tuple(words)


def read_history(contract: Contract) -> tuple[HistoryRow, ...]:
    """Read the events of a contract, in order; they are at hand."""
    rows: list[HistoryRow] = []
    stands = standing_as_made(contract)
    for event in contract.events.all():
        stands = after(stands, happening(event))
        is_done = event.kind == ContractEventKind.RECONCILED
        rows.append(HistoryRow(event, _done_words(event.effective_on, stands) if is_done else ""))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class WritingReading:
    """The writing of a later year, for whoever would lock its terms.

    Attributes:
        contract: the id of the contract.
        lacks: what is missing before the terms can be locked; empty for nothing.
        rests_on: in a sentence, by what they are locked; empty where something is missing.
    """

    contract: UUID
    title: str
    lacks: str
    rests_on: str


def read_writing(writing: Writing, *, today: date, by: UUID | None) -> WritingReading:
    """Read the writing that a later year takes effect by."""
    lacks, found = writing.lacks(today=today, by=by), writing.rests_on(by=by)
    said = ""
    if found is not None and not lacks:
        amendment, paper = found
        said = (
            f"Both parties signed the amendment of “{writing.title}” on "
            f"{day_text(amendment.signed_on)}; it takes effect on {day_text(writing.first_day)}. "
            f"Its paper, “{paper.title}”, came in on {day_text(paper.received_on)}."
        )
    return WritingReading(writing.contract, writing.title, lacks, said)


def _reconciliation_words(over: date, today: date) -> str:
    deadline = reconciliation_deadline(over)
    late = days_late(today, deadline)
    if late:
        return (
            f"What was due and what was paid had to be reconciled by {day_text(deadline)}, 90 days "
            f"after the last day (42 CFR 411.353(h)). It is {_days(late)} late: have it done and "
            f"recorded, and ask counsel."
        )
    recorded = " Have it recorded here." if today >= over else ""
    return (
        f"What was due and what was paid are reconciled by {day_text(deadline)}, 90 days after the "
        f"last day (42 CFR 411.353(h)).{recorded}"
    )


def _done_words(done_on: date, stands: Standing) -> str:
    deadline = reconciliation_deadline(stands.over_on or done_on)
    late = days_late(done_on, deadline)
    when = f"{_days(late)} late" if late else "In time"
    return f"{when}: the last day was {day_text(deadline)}"


def _days(days: int) -> str:
    return "a day" if days == 1 else f"{days} days"


def _signature_words(stands: Standing, today: date) -> Iterable[tuple[str, str]]:
    """Say where the grace for a signature stands, or that the last one came after it."""
    clock = signature_clock(stands.began_on, today=stands.signed_on or today)
    if stands.signed_on is not None:
        if clock is not None and clock.grace is Grace.BLOCK:
            yield (
                "Signature",
                (
                    f"The last signature came on {day_text(stands.signed_on)}; the last day in "
                    f"time was {day_text(clock.deadline)} (42 CFR 411.354(e)(4)). Ask counsel "
                    f"before anything more is paid."
                ),
            )
    elif clock is None:
        yield "Signature", f"All sign before the first day, {day_text(stands.began_on)}."
    else:
        yield (
            "Signature",
            (
                f"Day {clock.day} of 90 without all signatures; the last is "
                f"{day_text(clock.deadline)} (42 CFR 411.354(e)(4)). {_GRACE[clock.grace]}"
            ),
        )


def _grace_words(stands: Standing) -> str:
    """Say how much of the grace a signature took that came after the first day of service."""
    if stands.signed_on is None:
        return ""
    clock = signature_clock(stands.began_on, today=stands.signed_on)
    if clock is None or clock.day == 0:
        return ""
    return f"Day {clock.day} after the first day of service; a late signature has 90."


def register_rows(readings: Iterable[ContractReading]) -> list[list[Cell]]:
    """Return the register as rows of cells, under `HEADINGS`."""
    return [_row(each) for each in readings]


def _row(reading: ContractReading) -> list[Cell]:
    contract, stands = reading.contract, reading.stands
    history = "; ".join(
        f"{each.get_kind_display()} from {each.effective_on}: {each.text}"
        for each in contract.events.all()
    )
    return [
        contract.party,
        contract.group.name if contract.group else "",
        "; ".join(reading.names),
        "; ".join(reading.family),
        contract.title,
        contract.get_kind_display(),
        contract.program.name if contract.program else "",
        reading.word,
        stands.signed_on,
        reading.term.start,
        reading.term.last,
        stands.ended_on,
        stands.reconciled_on,
        contract.notice_days,
        contract.holdover_notice_days,
        contract.place,
        history,
    ]
