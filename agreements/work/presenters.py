"""Work as its page shows it: what counts, month by month, and the sheets it came in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from agreements.components.models import ComponentKind, PayComponent
from agreements.components.presenters import hours_text
from agreements.terms.models import MeasurementYear
from agreements.work.models import WorkDecision, WorkEntry, WorkSheet
from agreements.work.policies import can_decide
from comanage.identity.actor import Actor
from comanage.values.money import Money
from comanage.values.period import month_text
from comanage.values.rounding import decimal_text

WRVU_PLACES = 2


@dataclass(frozen=True, slots=True)
class MonthLine:
    """What counts of one month, all physicians together."""

    month: str
    quantity: str
    physicians: str


@dataclass(frozen=True, slots=True)
class PartReading:
    """The approved work for one part of the pay."""

    label: str
    total: str
    months: tuple[MonthLine, ...]


@dataclass(frozen=True, slots=True)
class ShareReading:
    """The approved costs of a part that shares savings: who, dollars and cases; none yet."""

    label: str
    rows: tuple[tuple[str, Money, int], ...]


@dataclass(frozen=True, slots=True)
class SheetReading:
    """One sheet, what was said of it, and whether the reader can decide on it."""

    sheet: WorkSheet
    decision: WorkDecision | None
    lines: tuple[str, ...]
    can_decide: bool


def read_parts(
    components: Iterable[PayComponent], counted: Sequence[WorkEntry]
) -> tuple[PartReading, ...]:
    """Read the work that counts, part by part."""
    return tuple(
        _part(each, [entry for entry in counted if entry.component_id == each.pk])
        for each in components
    )


def read_shares(
    components: Iterable[PayComponent], counted: Sequence[Mapping[str, Any]]
) -> tuple[ShareReading, ...]:
    """Read the costs that count, for each part that shares savings."""
    by_number = {count["component"]: count for count in counted}
    return tuple(
        ShareReading(each.label, _costs(by_number.get(each.number)))
        for each in components
        if each.kind == ComponentKind.SAVINGS
    )


def read_sheets(
    sheets: Iterable[WorkSheet], year: MeasurementYear, *, by: Actor, may_approve: bool
) -> tuple[SheetReading, ...]:
    """Read the sheets of a year with their entries at hand."""
    return tuple(
        SheetReading(
            sheet=sheet,
            decision=decision_of(sheet),
            lines=(*(_line(entry) for entry in sheet.entries.all()), *_savings_line(sheet)),
            can_decide=may_approve and can_decide(sheet, decision_of(sheet), year, by=by),
        )
        for sheet in sheets
    )


def decision_of(sheet: WorkSheet) -> WorkDecision | None:
    """Return what was said of a sheet; None while it waits."""
    return getattr(sheet, "decision", None)


def _costs(count: Mapping[str, Any] | None) -> tuple[tuple[str, Money, int], ...]:
    if count is None:
        return ()
    return (
        ("Twelve months before", Money.from_dollars(count["base_cost"]), count["base_cases"]),
        ("The year", Money.from_dollars(count["cost"]), count["cases"]),
    )


def _savings_line(sheet: WorkSheet) -> tuple[str, ...]:
    count = getattr(sheet, "savings", None)
    if count is None:
        return ()
    before = f"{count.base_cost} in {count.base_cases:,}"
    return (f"{count.component.label}: {count.cost} in {count.cases:,} cases, after {before}",)


def _part(component: PayComponent, entries: Sequence[WorkEntry]) -> PartReading:
    by_month: dict[date, list[WorkEntry]] = {}
    for entry in entries:
        by_month.setdefault(entry.month, []).append(entry)
    return PartReading(
        label=component.label,
        total=_sum(entries) if entries else "nothing yet",
        months=tuple(
            MonthLine(
                month_text(month),
                _sum(of_month),
                ", ".join(f"{entry.physician.name} {_quantity(entry)}" for entry in of_month),
            )
            for month, of_month in sorted(by_month.items())
        ),
    )


def _line(entry: WorkEntry) -> str:
    return (
        f"{entry.component.label}, {month_text(entry.month)}, {entry.physician.name}: "
        f"{_quantity(entry)}"
    )


def _quantity(entry: WorkEntry) -> str:
    return _sum([entry])


def _sum(entries: Sequence[WorkEntry]) -> str:
    if entries[0].minutes is not None:
        return hours_text(sum(entry.minutes or 0 for entry in entries))
    wrvus = sum((Fraction(entry.wrvus) for entry in entries if entry.wrvus), Fraction(0))
    return f"{decimal_text(wrvus, WRVU_PLACES)} wRVUs"
