"""Reading work: what counts, and what waits."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from agreements.participants.models import Physician
from agreements.terms.models import MeasurementYear
from agreements.terms.queries import visible_years
from agreements.work.models import SavingsCount, WorkEntry, WorkOutcome, WorkSheet
from comanage.identity.actor import Actor
from comanage.values.period import Period
from comanage.values.rounding import exact_text


def visible_sheets(by: Actor) -> QuerySet[WorkSheet]:
    """List the sheets of the programs a person sees, the newest first."""
    return WorkSheet.objects.select_related(
        "year", "recorded_by", "decision__decided_by", "savings__component"
    ).filter(year__in=visible_years(by))


def has_undecided_work(year: MeasurementYear) -> bool:
    """Say whether a sheet waits to be approved, in one query."""
    return WorkSheet.objects.filter(year=year, decision=None).exists()


def approved_entries(years: Iterable[UUID]) -> list[WorkEntry]:
    """List the totals that count, in one query.

    Of several approved for one part, physician and month, the one of the newest sheet counts.
    """
    entries = (
        WorkEntry.objects.select_related("sheet", "component", "physician")
        .filter(sheet__year__in=years, sheet__decision__outcome=WorkOutcome.APPROVED)
        .order_by("component__number", "month", "physician__npi", "sheet__number")
    )
    newest = {(each.component_id, each.month, each.physician_id): each for each in entries}
    return list(newest.values())


def approved_work(year: MeasurementYear) -> list[dict[str, Any]]:
    """Write the totals that count as plain values, in one query."""
    return [_document(entry) for entry in approved_entries([year.pk])]


def approved_work_of(years: Iterable[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Write the totals that count by year, in one query."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for entry in approved_entries(years):
        found.setdefault(entry.component.year_id, []).append(_document(entry))
    return found


def approved_savings(year: MeasurementYear) -> list[dict[str, Any]]:
    """Write what was saved as plain values, in one query; of a part the newest approved count."""
    counts = (
        SavingsCount.objects.select_related("sheet", "component")
        .filter(sheet__year=year, sheet__decision__outcome=WorkOutcome.APPROVED)
        .order_by("component__number", "sheet__number")
    )
    newest = {count.component.number: count for count in counts}
    return [
        {
            "component": number,
            "base_cost": count.base_cost.dollars_text,
            "base_cases": count.base_cases,
            "cost": count.cost.dollars_text,
            "cases": count.cases,
            "source": count.sheet.source,
        }
        for number, count in newest.items()
    ]


def days_taking_part(year: MeasurementYear) -> dict[str, tuple[Physician, Period]]:
    """Return each physician of the program by NPI, with the days in it, in one query.

    Whoever left and came back counts from the first day to the last.
    """
    found: dict[str, tuple[Physician, Period]] = {}
    for each in year.program.participants.select_related("physician"):
        start, end = each.joined_on, each.left_on or date.max
        if each.physician.npi in found:
            before = found[each.physician.npi][1]
            start, end = min(start, before.start), max(end, before.end)
        if start < end:
            found[each.physician.npi] = (each.physician, Period(start, end))
    return found


def _document(entry: WorkEntry) -> dict[str, Any]:
    quantity: dict[str, Any] = {"minutes": entry.minutes}
    if entry.wrvus is not None:
        quantity = {"wrvus": exact_text(Fraction(entry.wrvus)), "table_year": entry.table_year}
    return {
        "component": entry.component.number,
        "npi": entry.physician.npi,
        "month": entry.month.isoformat(),
        **quantity,
        "source": entry.sheet.source,
    }
