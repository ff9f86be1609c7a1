"""The further parts of a year's pay, from the terms and the work that was approved. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from adjudication.compensation.dues import Due, Payee, flat_pay
from adjudication.compensation.early_end import EarlyEnd, savings_due
from adjudication.compensation.hours import HourlyTerms, pay_hours
from adjudication.compensation.savings import SavingsCount, SavingsTerms, share_savings
from adjudication.compensation.terms import CompensationError
from adjudication.compensation.wrvu import PersonalWork, Rung, WrvuTerms, pay_wrvus
from comanage.values.money import Money
from comanage.values.period import Period, day_text
from comanage.values.rounding import fraction_from_text

Component = Mapping[str, Any]
Work = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Done:
    """What the further parts of a year's pay go by.

    Attributes:
        work: approved totals: `component` by its number, `npi`, `month` by its first day, and
            `minutes`, or `wrvus` with their `table_year`.
        savings: approved counts: `component`, `base_cost`, `base_cases`, `cost` and `cases`.
        points: of 100, that the year's indicators earned.
    """

    work: Work = ()
    savings: Work = ()
    points: Fraction = Fraction(0)


def further_dues(
    components: Sequence[Component], done: Done, period: Period, ended: EarlyEnd | None = None
) -> tuple[Due, ...]:
    """Say what each further part comes to, before any cap of the opinion.

    Args:
        components: of the terms document, in their order.
        done: in the year.
        period: the year.
        ended: how the agreement ended inside the year; None where it did not.

    Raises:
        CompensationError: work is about no such part or none of its months, or was counted by
            another table than the terms name; savings are not counted.

    Source:
        42 CFR 411.354(d)(1): the formula is set in advance and yields the same for the same work.
    """
    numbers = {component["number"] for component in components}
    for total in (*done.work, *done.savings):
        if total["component"] not in numbers:
            raise CompensationError(
                f"Work is recorded for part {total['component']} of the pay, which the terms do "
                "not have."
            )
    return tuple(_due(component, done, period, ended) for component in components)


def work_of(component: Component, work: Work) -> Work:
    """Return the work for one part."""
    return [total for total in work if total["component"] == component["number"]]


def in_effect_of(component: Component) -> Period:
    """Read the days on which a part is in effect."""
    return Period(date.fromisoformat(component["start"]), date.fromisoformat(component["end"]))


def _due(component: Component, done: Done, period: Period, ended: EarlyEnd | None) -> Due:
    agreed = in_effect_of(component)
    in_effect = _while(agreed, ended)
    work = work_of(component, done.work)
    if in_effect is None:
        due = _never(component, work, agreed)
    elif component["kind"] == "savings":
        due = _savings(component, done, ended.in_effect(period) if ended else period)
        due = savings_due(due, ended, period) if ended else due
    else:
        due = _KINDS[component["kind"]](component, work, in_effect, period)
    payee = component["payee"]
    return replace(
        due,
        number=component["number"],
        payee=Payee(payee["npi"], payee["name"]) if payee else None,
    )


def _while(agreed: Period, ended: EarlyEnd | None) -> Period | None:
    """Return the days of a part on which the agreement was in effect; None for no day."""
    if ended is None or agreed.end <= ended.on:
        return agreed
    return Period(agreed.start, ended.on) if agreed.start < ended.on else None


def _never(component: Component, work: Work, agreed: Period) -> Due:
    """Pay nothing for a part that was to begin once the agreement had ended."""
    label = component["label"]
    if work:
        raise CompensationError(
            f"{label} was to begin {day_text(agreed.start)}, after the agreement had ended, and "
            "work is recorded for it. Withdraw the work."
        )
    reason = f"{label} was to begin {day_text(agreed.start)}, after the agreement had ended"
    return Due(component["kind"], label, reason, Money(0))


def _hourly(component: Component, work: Work, in_effect: Period, period: Period) -> Due:
    terms = HourlyTerms(
        component["label"],
        Money.from_dollars(component["rate"]),
        component["month_cap"],
        component["quarter_cap"],
        component["year_cap"],
    )
    minutes: dict[date, int] = {}
    for total in work:
        start = date.fromisoformat(total["month"])
        minutes[start] = minutes.get(start, 0) + total["minutes"]
    for month in period.months():
        if month.start in minutes and not month.overlaps(in_effect):
            raise CompensationError(
                f"{terms.label} is in effect {in_effect}, on no day of {month}."
            )
    return pay_hours(terms, minutes, period).due


def _salary(component: Component, _work: Work, in_effect: Period, period: Period) -> Due:
    amount = Money.from_dollars(component["amount"])
    return flat_pay("salary", component["label"], amount, in_effect, period)


def _wrvu(component: Component, work: Work, in_effect: Period, period: Period) -> Due:
    terms = WrvuTerms(
        component["label"],
        component["table_year"],
        tuple(
            Rung(fraction_from_text(rung["above"]), fraction_from_text(rung["rate"]))
            for rung in component["rungs"]
        ),
    )
    for total in work:
        if total["table_year"] != terms.table_year:
            raise CompensationError(
                f"{terms.label}: the agreement counts by the table of {terms.table_year}, work was "
                f"counted by that of {total['table_year']}. Count it again."
            )
    wrvus = sum((fraction_from_text(total["wrvus"]) for total in work), Fraction(0))
    done = PersonalWork(terms.table_year, wrvus)
    return pay_wrvus(terms, done, in_effect, period)


def _savings(component: Component, done: Done, period: Period) -> Due:
    label, limit = component["label"], component["limit_rate"]
    counts = work_of(component, done.savings)
    if len(counts) != 1:
        raise CompensationError(
            f"{label}: the cost of the year and of the one before is not recorded and approved. "
            "Record it first."
        )
    terms = SavingsTerms(
        label,
        fraction_from_text(component["share_rate"]),
        fraction_from_text(component["minimum_rate"]),
        None if limit is None else fraction_from_text(limit),
        Money.from_dollars(component["fee"]),
        Fraction(component["least_points"]),
    )
    (count,) = counts
    counted = SavingsCount(
        Money.from_dollars(count["base_cost"]),
        count["base_cases"],
        Money.from_dollars(count["cost"]),
        count["cases"],
    )
    return share_savings(terms, counted, done.points, period)


_KINDS = {"hourly": _hourly, "salary": _salary, "wrvu": _wrvu}
