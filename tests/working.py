"""A small hospital's year that pays by work too: its opinion, its parts, and months of them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from agreements.components.actions import (
    Caps,
    ComponentTerms,
    SavingsShare,
    WrvuRung,
    agree_component,
)
from agreements.components.models import ComponentKind
from agreements.participants.models import Physician
from agreements.programs.models import AlignmentModel, Program
from agreements.terms.actions import lock_terms, open_period
from agreements.terms.models import MeasurementYear
from agreements.work.actions import approve_work, record_savings, record_work
from agreements.work.models import WorkSheet
from agreements.work.totals import Total, YearCosts
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.values.money import Money
from tests.ground import SIGNED_ON, YEAR, small_draft, small_opinion

ADA = "2999999008"
HOURLY_RATE = Money.from_dollars("185.00")
MONTH_CAP = 960
WIDE = {
    "hourly": Money.from_dollars("40000.00"),
    "hourly_low": Money.from_dollars("150.00"),
    "hourly_high": Money.from_dollars("200.00"),
    "salary": Money.from_dollars("300000.00"),
    "wrvu": Money.from_dollars("100000.00"),
    "savings": Money.from_dollars("100000.00"),
    "wrvu_low": Decimal(40),
    "wrvu_high": Decimal("60.25"),
    "percentile": 60,
    "total": Money.from_dollars("500000.00"),
}


def ada() -> Physician:
    """Return the small hospital's physician."""
    return Physician.objects.get(npi=ADA)


def duties(**changes) -> ComponentTerms:
    """Duties by the hour, paid to the physician: $185.00, at most 16 hours a month."""
    given = {
        "kind": ComponentKind.HOURLY,
        "label": "Medical director",
        "in_effect": YEAR,
        "physician": ada(),
        "rate": HOURLY_RATE,
        "caps": Caps(month=MONTH_CAP),
    }
    return ComponentTerms(**(given | changes))


def salary(**changes) -> ComponentTerms:
    """A salary of $240,000.00."""
    given = {
        "kind": ComponentKind.SALARY,
        "label": "Salary",
        "in_effect": YEAR,
        "physician": ada(),
        "amount": Money.from_dollars("240000.00"),
    }
    return ComponentTerms(**(given | changes))


def wrvus(**changes) -> ComponentTerms:
    """$55.50 for each wRVU above 1,000, by the fee schedule of 2025."""
    given = {
        "kind": ComponentKind.WRVU,
        "label": "Productivity",
        "in_effect": YEAR,
        "physician": ada(),
        "table_year": 2025,
        "rungs": (WrvuRung(Decimal(1000), Decimal("55.5000")),),
    }
    return ComponentTerms(**(given | changes))


def savings(**changes) -> ComponentTerms:
    """Half of what was saved above 2 %, from 1 point on, to the group."""
    sharing = {
        "share_rate": Fraction(1, 2),
        "minimum_rate": Fraction(1, 50),
        "fee": Money.from_dollars("10000.00"),
        "least_points": 1,
    }
    return ComponentTerms(
        kind=ComponentKind.SAVINGS,
        label="Shared savings",
        in_effect=YEAR,
        sharing=SavingsShare(**(sharing | changes)),
    )


def draft_by_work(
    *parts: ComponentTerms, model=AlignmentModel.CO_MANAGEMENT, opinion=None, **changes
) -> MeasurementYear:
    """Draft a year with parts; `opinion` changes what the opinion says."""
    Program.objects.update(alignment_model=model)
    filed = small_opinion(**(WIDE | (opinion or {})))
    year = small_draft(opinion=filed, **changes)
    for part in parts:
        agree_component(year=year, terms=part, by=member(Role.CONSULTANT))
    return MeasurementYear.objects.select_related("program__group", "opinion").get(pk=year.pk)


def open_by_work(*parts: ComponentTerms, **given) -> MeasurementYear:
    """Draft, lock and open such a year."""
    by = member(Role.CONSULTANT)
    year = lock_terms(year=draft_by_work(*parts, **given), signed_on=SIGNED_ON, by=by)
    return open_period(year=year, today=year.starts_on, by=by)


def minutes(amount: int, month: int = 1, part: int = 1, npi: str = ADA) -> Total:
    """So many minutes of a month of 2025."""
    return Total(part, npi, date(2025, month, 1), minutes=amount)


def record(year: MeasurementYear, *totals: Total) -> WorkSheet:
    """Record work as the consultant."""
    by = member(Role.CONSULTANT)
    return record_work(year=year, source="Logs of the year", totals=totals, by=by)


def costs(year: MeasurementYear, cost: str, **changes) -> WorkSheet:
    """Record what a year's 100 cases cost, after 100 cases for $1,000,000.00 the year before."""
    given = {
        "part": 1,
        "base_cost": Money.from_dollars("1000000.00"),
        "base_cases": 100,
        "cost": Money.from_dollars(cost),
        "cases": 100,
    }
    return record_savings(
        year=year,
        source="Cost accounts of the year",
        count=YearCosts(**(given | changes)),
        today=YEAR.end,
        by=member(Role.CONSULTANT),
    )


def work(year: MeasurementYear, *totals: Total) -> WorkSheet:
    """Record work, and approve it as the service-line administrator."""
    sheet = record(year, *totals)
    approve_work(sheet=sheet, by=member(Role.SERVICE_LINE_ADMINISTRATOR))
    return sheet
