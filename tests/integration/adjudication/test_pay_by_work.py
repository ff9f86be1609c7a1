"""Years that pay by work: from the terms to the ledger, and never above a cap."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from adjudication.holds.actions import HoldFacts, open_hold, release_hold
from adjudication.holds.causes import Cause
from adjudication.holds.models import Hold, Outcome
from adjudication.payments.items import accounts_of
from adjudication.payments.models import Component, EntryKind, LedgerEntry, Side
from adjudication.payments.queries import entries_of_year
from adjudication.stacking.queries import stacks_of
from adjudication.years.snapshot import recompute, result_of
from adjudication.years.steps import Step
from agreements.components.actions import agree_component
from agreements.lint.earlier import HoursPaid, Reached, Stage, YearShown, years_shown
from agreements.programs.models import AlignmentModel
from agreements.terms.actions import lock_terms
from agreements.terms.models import MeasurementYear
from agreements.work.actions import approve_work, record_savings
from agreements.work.models import WorkDecision, WorkOutcome
from agreements.work.totals import Total, YearCosts
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.values.money import Money
from comanage.web.errors import PolicyError
from tests.ground import (
    FIXED_FEE,
    HBA1C,
    INCENTIVE,
    READMISSION,
    SIGNED_ON,
    YEAR,
    hand_in,
    small_opinion,
    stays,
)
from tests.signing import book, freeze, send_back, sign, sign_up_to
from tests.working import (
    ADA,
    MONTH_CAP,
    ada,
    costs,
    draft_by_work,
    duties,
    minutes,
    open_by_work,
    record,
    salary,
    savings,
    work,
    wrvus,
)

NOTHING = Money(0)
# 1,000 minutes of January, of which the cap pays 960, and 900 of February, at $185.00 an hour.
DUTIES = Money.from_dollars("2960.00") + Money.from_dollars("2775.00")


def worked_year(*totals: Total, **given) -> MeasurementYear:
    year = open_by_work(duties(), **given)
    work(year, *totals)
    hand_in(stays())
    return year


def test_duties_by_the_hour_go_from_the_terms_to_the_payment(inside):
    year = worked_year(minutes(1000), minutes(900, month=2))
    snapshot = freeze(year)
    sign_up_to(year, Step.CEO)
    book(year)

    statement = json.loads(snapshot.canonical)["result"]["statement"]
    assert [line["component"] for line in statement["lines"]] == [
        "fixed_fee",
        "hourly",
        "incentive",
    ]
    assert statement["lines"][1]["payee"] == {"npi": ADA, "name": "Dr. Ada"}
    assert (
        "0.67 approved hours above a cap are on record and not paid"
        in (statement["lines"][1]["basis"])
    )
    assert snapshot.total == FIXED_FEE + DUTIES + INCENTIVE
    assert recompute(snapshot.canonical)
    accounts = accounts_of(entries_of_year(year))
    assert [(a.component, a.payee, a.owed, a.balance) for a in accounts] == [
        ("Fixed fee", "Heart Group, LLC", FIXED_FEE, NOTHING),
        ("Hourly duties", "Dr. Ada", DUTIES, NOTHING),
        ("Incentive", "Heart Group, LLC", INCENTIVE, NOTHING),
    ]


def test_a_minute_more_in_the_frozen_work_is_another_result(inside):
    document = json.loads(freeze(worked_year(minutes(900))).canonical)
    document["inputs"]["work"][0]["minutes"] += 1

    assert result_of(document["inputs"]) != document["result"]


def test_employment_pays_salary_and_wrvus_without_a_fixed_fee(inside):
    year = open_by_work(salary(), wrvus(), model=AlignmentModel.EMPLOYMENT, fixed_fee=Money(0))
    work(year, Total(2, ADA, date(2025, 3, 1), wrvus=Decimal("1200.50")))
    hand_in(stays())

    lines = json.loads(freeze(year).canonical)["result"]["statement"]["lines"]
    assert [(line["component"], line["amount"]) for line in lines] == [
        ("salary", "240000.00"),
        ("wrvu", "11127.75"),  # 200.50 above the mark, times 55.50
        ("incentive", INCENTIVE.dollars_text),
    ]


def test_savings_go_from_the_terms_to_the_ledger_once_somebody_approved_them(inside):
    year = open_by_work(savings())
    hand_in(stays())
    with pytest.raises(PolicyError, match="is not recorded and approved"):
        freeze(year)
    first = costs(year, "950000.00")
    with pytest.raises(PolicyError, match="waits to be approved"):
        freeze(year)
    approve_work(sheet=first, by=member(Role.SERVICE_LINE_ADMINISTRATOR))
    second = costs(year, "1880000.00", cases=200)
    approve_work(sheet=second, by=member(Role.SERVICE_LINE_ADMINISTRATOR))
    snapshot = freeze(year)

    document = json.loads(snapshot.canonical)
    lines = document["result"]["statement"]["lines"]
    # 60,000.00 saved on 100 of 200 cases, less 10,000.00; half of it.
    assert [(line["component"], line["amount"]) for line in lines][1] == ("savings", "25000.00")
    assert recompute(snapshot.canonical)
    document["inputs"]["savings"][0]["cases"] += 1
    assert result_of(document["inputs"]) != document["result"]
    sign_up_to(year, Step.CEO)
    book(year)
    accounts = {a.component: a.owed for a in accounts_of(entries_of_year(year))}
    assert accounts["Shared savings"] == Money.from_dollars("25000.00")


@pytest.mark.parametrize(
    ("given", "today", "message"),
    [
        ({"part": 2}, YEAR.end, "no part 2 that shares savings"),
        ({}, YEAR.last, "once the year is over"),
        ({"cases": 0}, YEAR.end, "at least one case"),
        ({"base_cost": NOTHING}, YEAR.end, "above zero"),
    ],
)
def test_savings_that_cannot_be_counted_are_refused(inside, given, today, message):
    year = open_by_work(savings())
    count = YearCosts(
        **{"part": 1, "base_cost": Money(1), "base_cases": 1, "cost": Money(1), "cases": 1} | given
    )
    with pytest.raises(PolicyError, match=message):
        record_savings(year=year, source="A", count=count, today=today, by=member(Role.CONSULTANT))


def test_nobody_is_paid_savings_in_person_and_the_opinion_must_cap_them(inside):
    with pytest.raises(PolicyError, match="Pay no physician"):
        draft_by_work(replace(savings(), physician=ada()))
    year = MeasurementYear.objects.get()
    by = member(Role.CONSULTANT)
    third = savings(share_rate=Fraction(1, 3))
    with pytest.raises(PolicyError, match="not a decimal of at most 8 places"):
        agree_component(year=year, terms=third, by=by)
    agree_component(year=year, terms=savings(), by=by)
    MeasurementYear.objects.update(opinion=small_opinion(savings=None))
    with pytest.raises(PolicyError, match="says nothing about shared savings"):
        lock_terms(year=MeasurementYear.objects.get(), signed_on=SIGNED_ON, by=by)


def test_the_opinion_caps_what_work_comes_to_and_the_ledger_holds_it(inside):
    cap = {"wrvu": Money.from_dollars("5000.00")}
    year = open_by_work(wrvus(), model=AlignmentModel.PSA, fixed_fee=Money(0), opinion=cap)
    work(year, Total(1, ADA, date(2025, 3, 1), wrvus=Decimal("1200.50")))
    hand_in(stays())
    snapshot = freeze(year)
    sign_up_to(year, Step.CEO)

    due = LedgerEntry.objects.get(component=Component.WRVU)
    assert due.amount == cap["wrvu"]
    for component in (
        Component.WRVU,
        Component.FIXED_FEE,
        Component.SALARY,
        Component.SAVINGS,
    ):
        with pytest.raises(ProgrammingError, match="above the fair-market"), transaction.atomic():
            _owe(year, snapshot, component, Money.from_dollars("400000.00"))


def test_one_account_is_booked_once_for_the_group_and_once_for_each_physician(inside):
    year = worked_year(minutes(600))
    snapshot = freeze(year)
    sign_up_to(year, Step.CEO)
    due = LedgerEntry.objects.get(component=Component.HOURLY)

    _owe(year, snapshot, Component.HOURLY, NOTHING)  # to the group, beside the physician's own
    for component, physician in (
        (Component.HOURLY, due.physician),
        (Component.HOURLY, None),
        (Component.INCENTIVE, None),
    ):
        with pytest.raises(IntegrityError, match="year_booked_once"), transaction.atomic():
            _owe(year, snapshot, component, NOTHING, physician)


def _owe(year, snapshot, component, amount, physician=None):
    return LedgerEntry.objects.create(
        program=year.program,
        year=year,
        sequence=LedgerEntry.objects.count() + 1,
        starts_on=YEAR.start,
        ends_on=YEAR.end,
        component=component,
        payee=year.program.group,
        physician=physician,
        kind=EntryKind.DUE,
        side=Side.OWED,
        amount=amount,
        snapshot=snapshot,
        reason="Other",
        clause="Other",
        recorded_at=timezone.now(),
        recorded_by_id=member(Role.CONSULTANT).user_id,
    )


def test_an_effective_rate_outside_the_opinion_holds_the_year(inside):
    year = worked_year(minutes(2 * MONTH_CAP))  # half of the hours are above the cap: $92.50
    freeze(year)
    hold = Hold.objects.get()

    assert "$92.50 an hour; the opinion supports $150.00 to $200.00" in hold.what
    sign_up_to(year, Step.COUNSEL)
    with pytest.raises(PolicyError, match=r"on hold for this: “Medical director, Dr\. Ada"):
        sign(year, Step.CEO)

    release_hold(
        hold=hold, outcome=Outcome.MENDED, answer="Unpaid by choice.", by=member(Role.COMPLIANCE)
    )
    sign(year, Step.CEO)


def test_a_year_shows_the_next_agreement_what_it_came_to(inside):
    year = worked_year(minutes(1000), minutes(900, month=2), fixed_fee=Money(0))
    years = {year.pk: year.period}
    assert years_shown(years) == (YearShown(str(YEAR)),)
    snapshot = freeze(year)
    missing = HoldFacts(Cause.DEFICIENCY, "Falls rose in March.", Role.CONSULTANT, YEAR.end)
    hold = open_hold(year=year, facts=missing, by=member(Role.COMPLIANCE))

    with CaptureQueriesContext(connection) as asked:
        (frozen,) = years_shown(years)
    sign_up_to(year, Step.REVIEW)
    answer = {"answer": "Rounds are back.", "by": member(Role.COUNSEL)}
    release_hold(hold=hold, outcome=Outcome.MENDED, **answer)
    (known,) = years_shown(years)
    send_back(year, Step.COMPLIANCE)

    assert len(asked) == 1
    assert (frozen.stage, frozen.open_until) == (Stage.FROZEN, (YEAR.end,))
    assert known == YearShown(
        str(YEAR),
        Stage.REVIEWED,
        snapshot.sha256,
        reached=(
            Reached(READMISSION[0], titles(year)[0], "Threshold", Fraction(1, 2), is_most=False),
            Reached(HBA1C[0], titles(year)[1], "Target", Fraction(1), is_most=True),
        ),
        hours=(
            HoursPaid("Medical director", "Dr. Ada", DUTIES, 1900, Money.from_dollars("200.00")),
        ),
        worked=1900,
    )
    (returned,) = years_shown(years)
    assert returned.stage is Stage.FROZEN


def titles(year):
    return [each["definition"]["title"] for each in year.terms["indicators"]]


def test_nobody_approves_their_own_work_not_even_in_the_database(inside):
    year = open_by_work(duties())
    sheet = record(year, minutes(60))

    with pytest.raises(PolicyError, match="Nobody approves the work that they recorded"):
        approve_work(sheet=sheet, by=member(Role.CONSULTANT))
    with pytest.raises(ProgrammingError, match="nobody approves their own"), transaction.atomic():
        WorkDecision.objects.create(
            sheet=sheet,
            outcome=WorkOutcome.APPROVED,
            decided_at=timezone.now(),
            decided_by_id=sheet.recorded_by_id,
        )


def test_a_year_with_undecided_work_is_not_frozen(inside):
    year = worked_year(minutes(60))
    record(year, minutes(70))

    with pytest.raises(PolicyError, match="waits to be approved"):
        freeze(year)


def test_a_later_approved_total_takes_the_place_of_an_earlier_one(inside):
    year = worked_year(minutes(60), minutes(30, month=2))
    work(year, minutes(120))

    assert [total["minutes"] for total in json.loads(freeze(year).canonical)["inputs"]["work"]] == [
        120,
        30,
    ]


def test_the_agreements_of_a_physician_stack(inside):
    limit = {"all_agreements": Money.from_dollars("30000.00")}
    worked_year(minutes(600), opinion=limit)

    (stack,) = stacks_of(2025, by=member(Role.COMPLIANCE))
    assert (stack.name, stack.approved_minutes, stack.minutes) == ("Dr. Ada", 600, 12 * MONTH_CAP)
    assert stack.most == Money.from_dollars("35520.00")  # 192 hours at $185.00
    assert (stack.has_too_many_hours, stack.has_too_many_dollars) == (False, True)
    assert stacks_of(2024, by=member(Role.COMPLIANCE)) == []
