"""When work is recorded and approved, and by whom."""

from datetime import date

from agreements.components.completeness import NAMES, in_a_sentence
from agreements.components.models import ComponentKind, PayComponent
from agreements.terms.models import MeasurementYear, YearStatus
from agreements.work.models import LONGEST_MONTH_MINUTES, WorkDecision, WorkSheet
from agreements.work.totals import Total, YearCosts, month_of
from comanage.identity.actor import Actor
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.web.errors import PolicyError


def check_is_on_the_clock(year: MeasurementYear) -> None:
    """Raise PolicyError unless work of the year can still be recorded and decided on."""
    if year.status != YearStatus.OPEN:
        raise PolicyError(
            "Work is recorded and approved while the year is on the clock. This one is "
            f"{year.get_status_display().lower()}."
        )


def check_has_totals(count: int) -> None:
    """Raise PolicyError for a sheet of nothing."""
    if not count:
        raise PolicyError("There is nothing to record. Give at least one month.")


def check_total(
    total: Total, component: PayComponent | None, *, year: Period, days: Period | None, today: date
) -> None:
    """Raise PolicyError unless a total fits the part of the pay, the physician and the year.

    Args:
        total: of one month.
        component: of its number; None when the terms have none.
        year: of the terms.
        days: on which the physician took part in the program; None for no day.
        today: at the hospital.
    """
    if component is None:
        raise PolicyError(
            f"{total.where}: the terms have no part {total.part} that is paid by work."
        )
    month = month_of(year, total.month)
    if month is None or not month.overlaps(component.in_effect):
        raise PolicyError(
            f"{total.where}: “{component.label}” is in effect {component.in_effect}. Give a month "
            "of these days."
        )
    if today < month.end:
        raise PolicyError(f"{total.where}: the month is not over. Record its total after that.")
    if days is None or not days.overlaps(month):
        raise PolicyError(
            f"{total.where}: no physician with this NPI took part in the program in this month."
        )
    if component.physician and component.physician.npi != total.npi:
        raise PolicyError(
            f"{total.where}: “{component.label}” is paid to another physician. Check the NPI."
        )
    _check_quantity(total, component)


def _check_quantity(total: Total, component: PayComponent) -> None:
    name = in_a_sentence(NAMES[component.kind])
    if component.kind == ComponentKind.HOURLY and total.minutes is None:
        raise PolicyError(f"{total.where}: {name} are counted in minutes. Give them.")
    if component.kind == ComponentKind.WRVU and total.wrvus is None:
        raise PolicyError(f"{total.where}: {name} counts wRVUs. Give them.")
    if total.minutes is not None and total.wrvus is not None:
        raise PolicyError(f"{total.where}: give minutes or wRVUs, not both.")
    if total.minutes is not None and total.minutes > LONGEST_MONTH_MINUTES:
        raise PolicyError(f"{total.where}: a month has at most {LONGEST_MONTH_MINUTES:,} minutes.")


def shared_savings(
    component: PayComponent | None, count: YearCosts, *, year: Period, today: date
) -> PayComponent:
    """Return the part of the pay that a count is about.

    Raises:
        PolicyError: there is none, the year is not over, or a year has no case or no cost.
    """
    if component is None:
        raise PolicyError(f"The terms have no part {count.part} that shares savings.")
    if today < year.end:
        raise PolicyError("Savings are counted once the year is over. Record them after that.")
    if min(count.base_cases, count.cases) < 1 or count.base_cost <= Money(0):
        raise PolicyError(
            "Savings need at least one case in each year, and a cost of the year before above zero."
        )
    return component


def check_can_decide(sheet: WorkSheet, decision: WorkDecision | None, *, by: Actor) -> None:
    """Raise PolicyError unless a sheet waits for a decision that this person may take."""
    if decision is not None:
        raise PolicyError(f"This sheet is {decision.get_outcome_display().lower()} already.")
    if sheet.recorded_by_id == by.user_id:
        raise PolicyError("Nobody approves the work that they recorded. Ask somebody else.")


def can_decide(
    sheet: WorkSheet, decision: WorkDecision | None, year: MeasurementYear, *, by: Actor
) -> bool:
    """Say whether the buttons of a decision should be shown."""
    try:
        check_is_on_the_clock(year)
        check_can_decide(sheet, decision, by=by)
    except PolicyError:
        return False
    return True
