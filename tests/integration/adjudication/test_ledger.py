"""Estimates, true-up, recoupment and corrections: each its own entry, and nobody does two parts."""

import csv
import hashlib
import io
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from adjudication.compensation.reconciliation import ClockState
from adjudication.handoffs.actions import make_handoff
from adjudication.handoffs.handover import layout_of
from adjudication.handoffs.models import Handoff, HandoffLine
from adjudication.payments.actions import (
    Proposal,
    Recovery,
    approve_estimate,
    correct_entry,
    decline_estimate,
    pay_estimate,
    propose_estimate,
    recoup_overpayment,
)
from adjudication.payments.items import accounts_of
from adjudication.payments.models import (
    Component,
    EntryKind,
    Estimate,
    EstimateStatus,
    LedgerEntry,
)
from adjudication.payments.presenters import month_readings, read_clock
from adjudication.payments.queries import READ_LEDGER, entries_of_program, signed_years
from adjudication.years.steps import Step
from agreements.participants.models import PhysicianGroup
from agreements.terms.models import MeasurementYear
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.demo.cast import PASSWORD
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from tests.clock import stand_at
from tests.ground import FIXED_FEE, INCENTIVE, POOL, YEAR, hand_in, open_year, stays
from tests.machines import make_key
from tests.signing import PAID_ON, book, freeze, sign_up_to

QUARTERS = YEAR.quarters()
ON_ACCOUNT = POOL.times(Fraction(1, 2))
FINANCE, CEO = Role.FINANCE, Role.CEO
NOTHING = Money(0)


@pytest.fixture(scope="module")
def _open(ground):
    with tenant_scope(ground.pk):
        year = open_year(estimate_share=Fraction(1, 2))
        hand_in(stays())
    return year.pk


@pytest.fixture
def year(_open, ground, db):
    """A year on the clock whose terms let half of the incentive be paid on account."""
    with tenant_scope(ground.pk):
        yield MeasurementYear.objects.select_related("program__group").get(pk=_open)


A_HUNDRED = Money(100_00)


def propose(year, quarter=QUARTERS[0], component=Component.FIXED_FEE, amount=A_HUNDRED):
    proposal = Proposal(quarter, component, amount, "Ran the committee; filed under C-3.")
    return propose_estimate(year=year, proposal=proposal, by=member(FINANCE))


def approve(estimate, by=CEO):
    return approve_estimate(estimate=estimate, note="", by=member(by))


def pay(estimate, by=FINANCE, paid_on=PAID_ON):
    return pay_estimate(estimate=estimate, paid_on=paid_on, reference="AP-7", by=member(by))


def estimated(year, *, fixed=(), incentive=()):
    """Propose, approve and pay the whole of some quarters' estimates."""
    for component, quarters in ((Component.FIXED_FEE, fixed), (Component.INCENTIVE, incentive)):
        for quarter in quarters:
            whole = FIXED_FEE if component == Component.FIXED_FEE else ON_ACCOUNT
            amount = Money(whole.cents * quarter.days // YEAR.days)
            estimate = propose(year, quarter, component, amount)
            approve(estimate)
            pay(estimate)


def settle(year):
    freeze(year)
    sign_up_to(year, Step.CEO)


def entries(*kinds, **facts):
    return list(LedgerEntry.objects.filter(kind__in=kinds, **facts))


def balances(year):
    accounts = accounts_of(entries_of_program(year.program))
    return {account.component: account.balance for account in accounts}


def refused(match, deed, *given, **named):
    before = LedgerEntry.objects.count()
    with pytest.raises(PolicyError, match=match), transaction.atomic():
        deed(*given, **named)
    assert LedgerEntry.objects.count() == before


def test_an_estimate_is_proposed_approved_and_paid_each_by_its_own_entry(year):
    estimate = propose(year)
    assert not LedgerEntry.objects.exists()
    approve(estimate)
    assert balances(year) == {"Fixed fee": A_HUNDRED}
    pay(estimate)

    owed, paid = LedgerEntry.objects.order_by("sequence")
    assert (owed.kind, owed.amount, owed.reason) == ("estimated", A_HUNDRED, estimate.reason)
    assert (paid.kind, paid.amount, paid.paid_on) == ("paid", -A_HUNDRED, PAID_ON)
    assert (owed.recorded_by_id, paid.recorded_by_id) == (member(CEO).id, member(FINANCE).id)
    assert (paid.sequence, balances(year)) == (2, {"Fixed fee": NOTHING})
    assert [event.kind for event in Event.objects.all()[:3]] == [
        EventKind.ESTIMATE_PAID,
        EventKind.ESTIMATE_APPROVED,
        EventKind.ESTIMATE_PROPOSED,
    ]


def test_whoever_estimates_does_not_approve_and_whoever_approves_does_not_pay(year):
    estimate = propose(year)
    refused("does not decide", approve, estimate, by=FINANCE)
    refused("Only an approved one is paid", pay, estimate)
    approve(estimate)
    refused("decided once", approve, estimate)
    refused("approved an estimate does not pay it", pay, estimate, by=CEO)
    refused("has not come yet", pay, estimate, paid_on=date(2099, 1, 1))
    refused("nothing is paid for services to come", pay, estimate, paid_on=estimate.period.last)
    pay(estimate)

    refused("paid already", pay, estimate)


def test_the_database_separates_the_duties_of_an_estimate(year):
    estimate = propose(year)
    facts = {"decided_by_id": member(FINANCE).id, "decided_at": timezone.now()}

    with pytest.raises(Error, match="nobody_decides_their_own"), transaction.atomic():
        Estimate.objects.update(status="approved", **facts)
    approve(estimate)
    for change in ({"amount": Money(1)}, {"status": "proposed"}, {"status": "declined"}):
        with pytest.raises(Error, match="decided once and never edited"), transaction.atomic():
            Estimate.objects.update(**change)
    paid = LedgerEntry.objects.get()
    paid.pk, paid.sequence, paid.kind, paid.side = None, 2, "paid", "settled"
    paid.amount, paid.paid_on, paid.reference = -paid.amount, PAID_ON, "AP-8"
    paid._state.adding = True
    with pytest.raises(Error, match="whoever authorized does not pay"), transaction.atomic():
        paid.save(force_insert=True)


def test_a_quarter_is_estimated_once_until_it_is_declined(year):
    estimate = propose(year)
    refused("There is an estimate for 1 Jan 2025 to 31 Mar 2025 already", propose, year)
    with pytest.raises(Error, match="one_live_estimate_per_quarter"), transaction.atomic():
        Estimate.objects.create(
            year=year,
            starts_on=estimate.starts_on,
            ends_on=estimate.ends_on,
            component=estimate.component,
            payee=estimate.payee,
            amount=Money(1),
            reason="Past every action.",
            proposed_at=timezone.now(),
            proposed_by_id=member(FINANCE).id,
        )
    by = member(CEO)
    refused("Say why", decline_estimate, estimate=estimate, note=" ", by=by)
    decline_estimate(estimate=estimate, note="Minutes are missing.", by=by)

    again = propose(year)
    assert [each.status for each in Estimate.objects.order_by("proposed_at")] == [
        EstimateStatus.DECLINED,
        EstimateStatus.PROPOSED,
    ]
    refused("This estimate is declined", approve, estimate)
    approve(again)


@pytest.mark.parametrize(
    ("match", "change"),
    [
        ("not a quarter", {"quarter": Period(date(2025, 2, 1), date(2025, 5, 1))}),
        ("up to \\$22,191.78", {"amount": Money(22_191_79)}),
        ("pays nothing", {"amount": NOTHING}),
        ("up to \\$7,397.26", {"component": Component.INCENTIVE, "amount": Money(7_397_27)}),
    ],
)
def test_an_estimate_stays_within_the_quarter_and_the_terms(year, match, change):
    refused(match, propose, year, **change)


def test_a_quarter_is_estimated_once_it_is_over(year, monkeypatch):
    stand_at(monkeypatch, datetime(2025, 4, 1, 4, 59, tzinfo=UTC))  # 31 March at the hospital
    refused("is not over. Estimate it from 1 Apr 2025", propose, year)

    stand_at(monkeypatch, datetime(2025, 4, 1, 5, 0, tzinfo=UTC))
    propose(year)


def test_no_year_is_estimated_that_is_closed(year):
    waiting = propose(year)
    settle(year)

    refused("while the year is on the clock", propose, year, QUARTERS[1])
    refused("while the year is on the clock", approve, waiting)


def test_the_true_up_is_what_is_due_less_what_was_estimated(year):
    estimated(year, fixed=QUARTERS, incentive=QUARTERS[:2])
    before = sum((e.amount for e in entries("estimated")), NOTHING)
    settle(year)

    true_up = {e.component: e.amount for e in entries("true_up")}
    assert sum(true_up.values(), NOTHING) == FIXED_FEE + INCENTIVE - before
    assert not entries("due")
    paid = book(year)
    assert {e.component: -e.amount for e in paid} == true_up
    assert set(balances(year).values()) == {NOTHING}
    refused("paid already", book, year)


def test_a_year_without_estimates_is_due_as_its_statement_says(year):
    settle(year)

    assert {e.component: e.amount for e in entries("due")} == {
        "fixed_fee": FIXED_FEE,
        "incentive": INCENTIVE,
    }


@pytest.fixture
def overpaid(year):
    """The incentive was estimated and not earned; of the fixed fee a quarter is unpaid."""
    hand_in(stays(readmitted=30, measured=0))
    estimated(year, fixed=QUARTERS[:3], incentive=QUARTERS)
    settle(year)
    return next(e for e in entries("true_up") if e.component == "incentive")


def recovery(amount, against=None, reference="IN-1"):
    return Recovery(amount, PAID_ON, reference, "Agreed with the group.", against)


def recoup(entry, **given):
    return recoup_overpayment(entry=entry, recovery=recovery(**given), by=member(FINANCE))


def test_an_overpayment_comes_back_before_the_year_is_paid(year, overpaid, ground):
    whole, part = -overpaid.amount, Money(10_000_00)
    assert whole > part > NOTHING
    refused("was paid \\$29,999.99 above what is owed", book, year)
    fee = next(e for e in entries("true_up") if e.component == "fixed_fee")

    finance = signed_in(FINANCE, ground)
    needed = finance.get(reverse("adjudication:overview", args=[ground.slug])).content.decode()
    assert "An overpayment to recoup" in needed
    assert "Pay and record the payment" not in needed
    address = reverse("adjudication:year-detail", args=[ground.slug, year.pk])
    assert "More was paid than is owed" in finance.get(address).content.decode()
    refused("is to come back", recoup, overpaid, amount=whole + Money(1))
    refused("Nothing is to come back", recoup, fee, amount=Money(1))
    recoup(overpaid, amount=part)
    refused("only \\$", recoup, overpaid, amount=whole - part, against=overpaid)
    first, second = recoup(overpaid, amount=whole - part, against=fee)

    assert (first.amount, second.amount, second.about) == (whole - part, part - whole, first)
    paid = {e.component: -e.amount for e in book(year)}
    assert paid == {"incentive": NOTHING, "fixed_fee": fee.amount - (whole - part)}
    assert set(balances(year).values()) == {NOTHING}
    refused("Nothing is to come back", recoup, overpaid, amount=Money(1))


def test_what_is_with_accounts_payable_is_not_kept_back_from(year, overpaid):
    fee = next(e for e in entries("true_up") if e.component == "fixed_fee")
    make_handoff(program=year.program, by=member(FINANCE))

    refused("with accounts payable already", recoup, overpaid, amount=Money(1), against=fee)


def correct(entry, reason="Returned by the bank."):
    return correct_entry(entry=entry, reason=reason, by=member(FINANCE))


def test_a_payment_is_taken_back_by_a_new_entry_and_paid_anew(year):
    settle(year)
    first = book(year)[0]

    refused("Say why", correct, first, reason=" ")
    refused("frozen and signed anew", correct, entries("due")[0])
    taken_back = correct(first)

    assert (taken_back.amount, taken_back.about, taken_back.side) == (
        -first.amount,
        first,
        "settled",
    )
    refused("taken back already", correct, first)
    twin = LedgerEntry.objects.get(pk=taken_back.pk)
    twin.pk, twin.sequence, twin._state.adding = None, 99, True
    with pytest.raises(Error, match="entry_corrected_once"), transaction.atomic():
        twin.save(force_insert=True)
    (again,) = book(year)
    assert (again.number, again.amount) == (2, first.amount)
    assert balances(year)[first.get_component_display()] == NOTHING


def test_an_unpaid_estimate_is_taken_back_and_estimated_anew(year):
    estimate = propose(year)
    booked = approve(estimate)
    paid = pay(estimate)

    refused("Take back the payment first", correct, booked)
    correct(paid)
    correct(booked)

    assert Estimate.objects.get().status == EstimateStatus.TAKEN_BACK
    assert balances(year) == {"Fixed fee": NOTHING}
    approve(propose(year, amount=Money(200_00)))
    settle(year)
    refused("its true-up counts", correct, entries("estimated")[-1])


def test_a_batch_holds_what_is_to_be_paid_once_and_its_files_have_its_hashes(year, ground):
    PhysicianGroup.objects.update(name='=HYPERLINK("x")')
    estimate = propose(year)
    approve(estimate)
    handoff = make_handoff(program=year.program, by=member(FINANCE))

    refused("nothing to hand over", make_handoff, program=year.program, by=member(FINANCE))
    browser = signed_in(Role.EXECUTIVE, ground)
    table = browser.get(reverse("adjudication:handoff-csv", args=[ground.slug, handoff.pk]))
    (row,) = csv.DictReader(io.StringIO(table.content.decode()))
    assert (row["payee"], row["amount_usd"], row["voucher"]) == (
        '\'=HYPERLINK("x")',
        "100.00",
        "CM-00001-001",
    )
    assert hashlib.sha256(table.content).hexdigest() == handoff.csv_sha256
    address = reverse("adjudication:handoff-layout", args=[ground.slug, handoff.pk])
    layout = browser.get(address).content
    assert [line.split(",")[0] for line in layout.decode().splitlines()] == ["record", *"HVT"]
    assert hashlib.sha256(layout).hexdigest() == handoff.layout_sha256
    assert layout.endswith(b",1 voucher\r\n")
    of_before = layout.replace(b",1 voucher", b",1 vouchers")
    older = Handoff(**Handoff.objects.values("number", "total", "made_at").get())
    older.layout_sha256 = hashlib.sha256(of_before).hexdigest()
    assert layout_of(older, list(handoff.lines.all())) == of_before
    event = Event.objects.first()
    assert (event.kind, event.details) == (
        EventKind.HANDOFF_DOWNLOADED,
        {"sha256": handoff.layout_sha256},
    )
    line = HandoffLine.objects.get()
    line.pk, line.position, line._state.adding = None, 2, True
    with pytest.raises(Error, match="amount_handed_over_once"), transaction.atomic():
        line.save(force_insert=True)
    correct(pay(estimate))
    assert make_handoff(program=year.program, by=member(FINANCE)).lines.get().number == 2
    assert Handoff.objects.count() == 2


def test_the_months_hold_what_is_due_against_what_was_paid(year, ground):
    def months():
        return month_readings(
            year, entries_of_program(year.program), today=ground.today(), zone=ground.zone
        )

    estimated(year, fixed=QUARTERS[:1])
    settle(year)
    book(year)

    january, march, last = months()[0], months()[14], months()[-1]
    assert january.due == Money(round(FIXED_FEE.cents * 31 / 365))
    assert (january.paid, january.word) == (NOTHING, f"{january.due} to be paid")
    assert months()[11].due_to_date == FIXED_FEE  # the incentive falls due once it is authorized
    assert last.due_to_date == last.paid_to_date == march.paid == FIXED_FEE + INCENTIVE
    assert last.word == "even"

    taken_back = correct(entries("paid")[0]).about  # so no money moved on its day
    assert months()[14].paid == march.paid + taken_back.amount


def test_an_agreement_that_ended_is_even_once_every_year_is_booked_and_paid(year, ground):
    def state(today=date(2026, 2, 1)):
        years = signed_years(year.program)
        return read_clock(years, entries_of_program(year.program), today=today).state

    assert state() == ClockState.RUNNING
    settle(year)
    assert state(date(2026, 4, 1)) == ClockState.OVERDUE
    book(year)
    assert state(date(2026, 4, 1)) == ClockState.RECONCILED


def signed_in(role, hospital, *, is_fresh=False):
    """A browser of a role; a fresh one gave its password just now."""
    user = Membership.objects.get(role=role).user
    browser = Client()
    if not is_fresh:
        browser.force_login(user)
        return browser
    user.set_password(PASSWORD)
    user.save()
    browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return browser


def test_money_moves_on_a_fresh_proof_of_who_somebody_is_alone(year, ground):
    estimate = propose(year)
    entry = approve(propose(year, QUARTERS[1]))
    doors = {
        "estimate-approve": (Role.CEO, estimate.pk),
        "estimate-pay": (Role.FINANCE, estimate.pk),
        "entry-recoup": (Role.FINANCE, entry.pk),
        "entry-correct": (Role.FINANCE, entry.pk),
        "payment-record": (Role.FINANCE, year.pk),
    }

    for name, (role, pk) in doors.items():
        address = reverse(f"adjudication:{name}", args=[ground.slug, pk])
        answer = signed_in(role, ground).post(address, {"reason": "x", "note": ""})
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/?next="), name
    assert LedgerEntry.objects.get() == entry


def test_an_estimate_walks_through_its_pages(year, ground):
    def at(name, *pks):
        return reverse(f"adjudication:{name}", args=[ground.slug, *pks])

    finance = signed_in(FINANCE, ground, is_fresh=True)
    form = {"quarter": "2025-01-01", "component": "fixed_fee", "reason": "Done."}
    too_much = finance.post(at("estimate-propose", year.pk), form | {"amount": "22,191.79"})
    assert b"up to $22,191.78" in too_much.content
    finance.post(at("estimate-propose", year.pk), form | {"amount": "22,191.78"})
    estimate = Estimate.objects.get()
    ceo = signed_in(CEO, ground, is_fresh=True)
    assert b"An estimate to approve" in ceo.get(at("overview")).content
    assert b"Approve $22,191.78?" in ceo.get(at("estimate-approve", estimate.pk)).content
    ceo.post(at("estimate-approve", estimate.pk), {"note": ""})
    assert b"An estimate to pay and record" in finance.get(at("overview")).content
    finance.post(
        at("estimate-pay", estimate.pk), {"paid_on": PAID_ON.isoformat(), "reference": "AP-1"}
    )

    ledger = finance.get(at("ledger", year.program_id)).content.decode()
    assert "Paid on 2 Mar 2026, reference AP-1." in ledger
    assert ledger.count("Take entry 2 back") == 1
    paid = entries("paid")[0]
    finance.post(at("entry-correct", paid.pk), {"reason": "Wrong account."})
    assert "Wrong account." in finance.get(at("ledger", year.program_id)).content.decode()


def test_the_api_gives_the_ledger_and_the_batches_to_the_scope_alone(year, ground):
    estimate = propose(year)
    approve(estimate)
    make_handoff(program=year.program, by=member(FINANCE))
    key = make_key(ground, [READ_LEDGER])
    reader = Client(headers={"Authorization": f"Bearer {key}"})
    other = Client(headers={"Authorization": f"Bearer {make_key(ground, [], name='Other')}"})
    ledger = reverse("ledger:year-ledger", args=[ground.slug, year.pk])
    batches = reverse("ledger:batch-list", args=[ground.slug])

    assert [other.get(address).status_code for address in (ledger, batches)] == [403, 403]
    told = reader.get(ledger).json()
    assert told["accounts"][0]["balance"] == "100.00"
    assert [(e["kind"], e["amount"], e["period"]) for e in told["entries"]] == [
        (EntryKind.ESTIMATED, "100.00", "2025-01-01/2025-03-31")
    ]
    (batch,) = reader.get(batches).json()
    assert (batch["total"], batch["lines"][0]["voucher"]) == ("100.00", "CM-00001-001")
