"""The worked examples of what components of pay come to."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from adjudication.compensation.dues import flat_pay
from adjudication.compensation.hours import HourlyTerms, pay_hours
from adjudication.compensation.wrvu import PersonalWork, Rung, WrvuTerms, pay_wrvus
from comanage.values import Money, Period, fraction_from_text

EXAMPLES = tomllib.loads((Path(__file__).parent / "components.toml").read_text("utf-8"))
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))


def named(example):
    return example["name"]


def in_effect(example):
    return Period.inclusive(example["from"], example["to"])


@pytest.mark.parametrize("example", EXAMPLES["flat"], ids=named)
def test_flat_pay_is_that_of_the_pencil(example):
    amount = Money.from_dollars(example["amount"])

    due = flat_pay("salary", "Salary", amount, in_effect(example), YEAR)

    assert due.amount.dollars_text == example["pays"]


@pytest.mark.parametrize("example", EXAMPLES["hourly"], ids=named)
def test_hours_are_paid_as_the_pencil_says(example):
    caps = {name: example.get(name) for name in ("month_cap", "quarter_cap", "year_cap")}
    terms = HourlyTerms("Medical director", Money.from_dollars(example["rate"]), **caps)
    starts = [month.start for month in YEAR.months()]

    pay = pay_hours(terms, dict(zip(starts, example["approved"], strict=False)), YEAR)

    months = pay.months[: len(example["approved"])]
    assert [month.paid for month in months] == example["paid"]
    assert [month.cut_by for month in months] == example["cut_by"]
    assert pay.due.amount.dollars_text == example["pays"]
    assert pay.unpaid_minutes == example["unpaid_minutes"]


@pytest.mark.parametrize("example", EXAMPLES["wrvu"], ids=named)
def test_wrvus_are_paid_as_the_pencil_says(example):
    rungs = [
        Rung(fraction_from_text(rung["above"]), fraction_from_text(rung["rate"]))
        for rung in example["rungs"]
    ]
    work = PersonalWork(2026, fraction_from_text(example["wrvus"]))

    due = pay_wrvus(WrvuTerms("wRVU pay", 2026, tuple(rungs)), work, in_effect(example), YEAR)

    assert due.amount.dollars_text == example["pays"]
