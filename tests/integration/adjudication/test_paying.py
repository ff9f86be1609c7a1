"""A year is paid once, to the cent, after the CEO and by nobody who signed."""

import json
from datetime import date

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from adjudication.payments.models import Component, EntryKind, LedgerEntry, Side
from adjudication.years.models import Snapshot
from adjudication.years.snapshot import recompute, statement_of
from adjudication.years.steps import ORDER, OWNER, Step
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.values.canonical import canonical_json, sha256_of
from comanage.values.money import Money
from comanage.web.errors import PolicyError
from tests.ground import FIXED_FEE, INCENTIVE, hand_in, small_opinion, stays
from tests.signing import PAID_ON, book, freeze, send_back, sign, sign_up_to


@pytest.fixture
def authorized(computed):
    """The year, signed by everybody."""
    freeze(computed)
    sign_up_to(computed, Step.CEO)
    return computed


def refused(match, deed, *given, **named):
    with pytest.raises(PolicyError, match=match):
        deed(*given, **named)
    assert not payments()


def payments():
    return list(LedgerEntry.objects.filter(kind=EntryKind.PAID))


def test_the_entries_are_the_statement_to_the_cent(authorized):
    entries = {entry.component: -entry.amount for entry in book(authorized)}

    document = json.loads(Snapshot.objects.get().canonical)
    stated = {
        line["component"]: Money.from_dollars(line["amount"])
        for line in statement_of(document)["lines"]
    }
    assert entries == stated == {"fixed_fee": FIXED_FEE, "incentive": INCENTIVE}
    assert sum(entries.values(), Money(0)) == Snapshot.objects.get().total
    event = Event.objects.first()
    assert (event.kind, event.details["total"]) == (
        EventKind.PAYMENT_RECORDED,
        (FIXED_FEE + INCENTIVE).dollars_text,
    )


@pytest.mark.parametrize("done", range(len(ORDER)))
def test_nothing_is_paid_before_the_ceo_authorizes_it(computed, done):
    freeze(computed)
    for step in ORDER[:done]:
        sign(computed, step)

    refused(f"“{ORDER[done].label}” is still to come", book, computed)


def test_nothing_is_paid_that_was_not_frozen(computed):
    refused("the year is not signed", book, computed)


def test_nothing_is_paid_that_the_ceo_returned(computed):
    freeze(computed)
    sign_up_to(computed, Step.COUNSEL)
    send_back(computed, Step.CEO)

    refused("the year is not signed", book, computed)


def test_a_year_is_paid_once(authorized):
    book(authorized)

    with pytest.raises(PolicyError, match="paid already"):
        book(authorized)

    assert {each.component for each in payments()} == {Component.FIXED_FEE, Component.INCENTIVE}


@pytest.mark.parametrize("step", ORDER)
def test_nobody_who_signed_pays(authorized, step):
    refused("Whoever signed the year does not pay it", book, authorized, by=member(OWNER[step]))


def test_a_payment_of_another_snapshot_than_the_one_looked_at_is_refused(authorized):
    refused("frozen anew", book, authorized, sha256="0" * 64)


def test_the_database_pays_a_component_once(authorized):
    book(authorized)

    with pytest.raises(Error, match="one_live_payment"):
        entry(authorized, Money(0))
    with pytest.raises(Error, match="nothing was corrected since"):
        entry(authorized, Money(0), number=2)


def test_the_database_keeps_the_ledger_within_the_opinion(authorized):
    fee, incentive = LedgerEntry.objects.filter(kind=EntryKind.DUE)
    opinion = authorized.opinion
    of_the_fee = opinion.fixed - FIXED_FEE
    of_the_whole = opinion.total - opinion.fixed - INCENTIVE

    for due, room in ((fee, of_the_fee), (incentive, of_the_whole)):
        owed = {
            "kind": EntryKind.CORRECTION,
            "side": Side.OWED,
            "component": due.component,
            "about": due,
        }
        with pytest.raises(Error, match="above the fair-market-value opinion"):
            entry(authorized, room + Money(1), **owed)
        entry(authorized, room, **owed)


def test_the_database_pays_no_more_than_is_owed_and_takes_nothing_in_as_a_payment(authorized):
    with pytest.raises(Error, match="more would be paid than is owed"):
        entry(authorized, -FIXED_FEE - Money(1))
    with pytest.raises(Error, match="payment_has_its_day_and_reference"):
        entry(authorized, Money(1))
    entry(authorized, -FIXED_FEE)


@pytest.mark.parametrize("step", [Step.ATTEST, Step.CEO])
def test_the_database_lets_nobody_pay_what_they_signed(authorized, step):
    with pytest.raises(Error, match="whoever authorized does not pay"):
        entry(authorized, -FIXED_FEE, recorded_by_id=member(OWNER[step]).id)


def entry(year, amount, **facts):
    """Write an entry past every action."""
    given = {
        "program": year.program,
        "year": year,
        "sequence": LedgerEntry.objects.count() + 1,
        "starts_on": year.starts_on,
        "ends_on": year.ends_on,
        "snapshot": Snapshot.objects.get(),
        "component": Component.FIXED_FEE,
        "kind": EntryKind.PAID,
        "side": Side.SETTLED,
        "payee": year.program.group,
        "amount": amount,
        "reason": "Test.",
        "clause": "Test.",
        "paid_on": PAID_ON,
        "reference": "AP-2",
        "recorded_at": timezone.now(),
        "recorded_by_id": member(Role.FINANCE).id,
    }
    with transaction.atomic():
        return LedgerEntry.objects.create(**given | facts)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE adjudication_ledgerentry SET amount = 0",
        "UPDATE adjudication_ledgerentry SET reference = ''",
        "DELETE FROM adjudication_ledgerentry",
        "UPDATE adjudication_snapshot SET total = 0",
        "DELETE FROM scorecards_scorecard",
        "UPDATE comanage_event SET actor_name = ''",
    ],
)
def test_what_is_recorded_is_not_changed_by_sql(authorized, statement):
    book(authorized)

    with (
        pytest.raises(Error, match=r"Cannot update|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_snapshot_recomputes_to_its_own_result(computed):
    snapshot = freeze(computed)

    assert recompute(snapshot.canonical)
    assert sha256_of(json.loads(snapshot.canonical)) == snapshot.sha256
    assert canonical_json(json.loads(snapshot.canonical)) == snapshot.canonical


@pytest.mark.parametrize(
    ("slug", "name", "change"),
    [("readmission-30-day", "numerator", -1), ("hba1c-measured", "numerator", 1)],
)
def test_a_snapshot_with_one_changed_count_does_not_recompute(computed, slug, name, change):
    document = json.loads(freeze(computed).canonical)
    tally = document["inputs"]["tallies"][slug]
    tally[name] += change
    tally["not_met"] -= change

    assert not recompute(canonical_json(document))


def test_a_snapshot_with_one_changed_cent_does_not_recompute(computed):
    document = json.loads(freeze(computed).canonical)
    document["result"]["statement"]["total"] = (FIXED_FEE + INCENTIVE + Money(1)).dollars_text

    assert not recompute(canonical_json(document))


def test_the_reviewer_cannot_approve_a_snapshot_that_does_not_recompute(computed):
    good = freeze(computed)
    document = json.loads(good.canonical)
    document["result"]["statement"]["total"] = "1.00"
    Snapshot.objects.create(
        year=computed,
        number=good.number + 1,
        scorecard=good.scorecard,
        canonical=canonical_json(document),
        sha256=sha256_of(document),
        total=Money(100),
        frozen_at=timezone.now(),
        frozen_by_id=member(Role.CONSULTANT).id,
    )
    sign(computed, Step.ATTEST)

    with pytest.raises(PolicyError, match="another result"):
        sign(computed, Step.REVIEW)


def test_what_the_opinion_does_not_support_is_not_paid(computed):
    assert small_opinion().valid_from == date(2025, 1, 1)  # a later opinion changes nothing signed

    freeze(computed)

    assert Snapshot.objects.get().total == FIXED_FEE + INCENTIVE
    send_back(computed, Step.ATTEST)
    hand_in(stays(50, readmitted=0, measured=50))
    assert freeze(computed).total == FIXED_FEE + computed.incentive_pool
