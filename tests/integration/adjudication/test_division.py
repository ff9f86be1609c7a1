"""How a group divides its pay: from the signed terms to the report, to the cent."""

import html
import json
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse

from adjudication.verifying.problems import DoesNotHoldError
from adjudication.verifying.snapshot import check_result
from adjudication.years.snapshot import recompute
from adjudication.years.steps import Step
from agreements.allocations.actions import AllocationTerms, agree_allocation, withdraw_allocation
from agreements.participants.actions import add_participant, part_with
from agreements.participants.models import Participant
from agreements.programs.models import Program
from agreements.terms.actions import draft_next_year, lock_terms, open_period
from agreements.terms.models import MeasurementYear
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.values.money import Money
from comanage.web.errors import PolicyError
from tests.clock import standing_at
from tests.ground import FIXED_FEE, INCENTIVE, SIGNED_ON, hand_in, small_draft, stays
from tests.signing import freeze, send_back

ADA, BEN = "2999999008", "2999999016"
HEADS = AllocationTerms("per_capita", "by_days", "by_days")
WHOLE = FIXED_FEE + INCENTIVE


def join(joined_on):
    add_participant(
        program=Program.objects.get(),
        npi=BEN,
        name="Dr. Ben",
        specialty="Cardiology",
        joined_on=joined_on,
        by=member(Role.CONSULTANT),
    )


def consultant() -> Client:
    client = Client()
    client.force_login(Membership.objects.get(role=Role.CONSULTANT).user)
    return client


def shown(year, page) -> str:
    address = reverse(page, args=[year.tenant.slug, year.pk])
    return html.unescape(consultant().get(address).content.decode())


def draft(terms):
    year = small_draft()
    agree_allocation(year=year, terms=terms, by=member(Role.CONSULTANT))
    return year


def opened(terms) -> MeasurementYear:
    by = member(Role.CONSULTANT)
    year = lock_terms(year=draft(terms), signed_on=SIGNED_ON, by=by)
    return open_period(year=year, today=year.starts_on, by=by)


def test_two_heads_divide_to_the_cent_and_the_report_can_be_recomputed(inside):
    join(date(2024, 6, 1))
    year = opened(HEADS)
    hand_in(stays())

    snapshot = freeze(year)

    division = json.loads(snapshot.canonical)["result"]["division"]
    amounts = {part["npi"]: Money.from_dollars(part["amount"]) for part in division["parts"]}
    assert Money.from_dollars(division["amount"]) == snapshot.total == WHOLE
    # $132,000.01 by two: the cent left over goes to who stands first.
    assert amounts == {
        ADA: Money.from_dollars("66000.01"),
        BEN: Money.from_dollars("66000.00"),
    }
    assert recompute(snapshot.canonical)
    page = shown(year, "adjudication:year-detail")
    assert "How Heart Group, LLC divides its part" in page
    assert "$66,000.01" in page


def test_shares_are_typed_in_percent_and_said_on_the_page(inside):
    join(date(2025, 7, 1))
    year = small_draft()
    address = reverse("agreements:allocation-agree", args=[year.tenant.slug, year.pk])
    rule = {"by": "fixed_shares", "joiners": "by_days", "leavers": "nothing"}

    refused = consultant().post(address, {**rule, f"share_{ADA}": "66.5"})
    done = consultant().post(address, {**rule, f"share_{ADA}": "66.5", f"share_{BEN}": "33.5"})

    assert "Give a share, such as 25 or 33.5." in refused.content.decode()
    assert done.status_code == 302
    assert "Shares: Dr. Ada 66.5 %, Dr. Ben 33.5 %." in shown(year, "agreements:year-detail")
    consultant().post(reverse("agreements:allocation-withdraw", args=[year.tenant.slug, year.pk]))
    assert "Say how the group divides it" in shown(year, "agreements:year-detail")


def test_who_joins_in_july_shares_for_the_days_they_were_there(inside):
    join(date(2025, 7, 1))
    year = opened(HEADS)
    hand_in(stays())

    division = json.loads(freeze(year).canonical)["result"]["division"]

    assert [part["basis"] for part in division["parts"]] == [
        "one head, 365 of 365 days: 365/549 of the whole.",
        "one head, 184 of 365 days: 184/549 of the whole.",
    ]


def test_fixed_shares_that_are_not_the_whole_cannot_be_locked(inside):
    join(date(2025, 7, 1))
    shares = {ADA: Fraction(3, 4), BEN: Fraction(1, 5)}
    year = draft(AllocationTerms("fixed_shares", "by_days", "nothing", shares))

    with pytest.raises(PolicyError, match="add up to 95 %, not to 100 %"):
        lock_terms(year=year, signed_on=SIGNED_ON, by=member(Role.CONSULTANT))

    agree_allocation(
        year=year,
        terms=AllocationTerms("fixed_shares", "by_days", "nothing", {ADA: Fraction(1)}),
        by=member(Role.CONSULTANT),
    )
    with pytest.raises(PolicyError, match="Ben has no share"):
        lock_terms(year=year, signed_on=SIGNED_ON, by=member(Role.CONSULTANT))


def test_hours_divide_only_where_hours_are_agreed(inside):
    year = draft(AllocationTerms("hours", "by_days", "by_days"))

    with pytest.raises(PolicyError, match="pay no duties by the hour"):
        lock_terms(year=year, signed_on=SIGNED_ON, by=member(Role.CONSULTANT))


def test_nobody_shares_in_full_for_days_that_are_measured(inside):
    with pytest.raises(PolicyError, match="nobody who was there for a part of the year"):
        draft(AllocationTerms("days", "in_full", "by_days"))


def test_a_signed_division_stays_and_goes_on_into_the_next_year(inside):
    year = opened(AllocationTerms("ownership", "by_days", "by_days", {ADA: Fraction(1)}))

    with pytest.raises(PolicyError, match="locked"):
        withdraw_allocation(year=year, by=member(Role.CONSULTANT))
    with (
        pytest.raises(Error, match="locked terms cannot change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE agreements_measurementyear SET allocation = NULL")
    following = draft_next_year(year=year, by=member(Role.CONSULTANT))
    assert following.allocation == year.allocation
    assert year.terms["allocation"] == {
        "by": "ownership",
        "joiners": "by_days",
        "leavers": "by_days",
        "shares": {ADA: "1"},
    }


def leave(npi, left_on):
    participant = Participant.objects.get(physician__npi=npi)
    part_with(participant=participant, left_on=left_on, by=member(Role.CONSULTANT))


def test_who_joins_or_leaves_after_the_lock_shares_for_their_days(inside):
    year = opened(HEADS)
    hand_in(stays())
    with pytest.raises(PolicyError, match="for the future only"):
        join(date(2025, 7, 1))
    with standing_at(datetime(2025, 7, 1, 18, tzinfo=UTC)):
        join(date(2025, 7, 1))
    leave(ADA, date(2025, 9, 1))  # one hears of it a year later

    snapshot = freeze(year)

    document = json.loads(snapshot.canonical)
    assert [each["left_on"] for each in document["inputs"]["terms"]["participants"]] == [None]
    assert [part["basis"] for part in document["result"]["division"]["parts"]] == [
        "one head, 243 of 365 days: 243/427 of the whole.",
        "one head, 184 of 365 days: 184/427 of the whole.",
    ]
    told, *_ = document["result"]["division"]["steps"]
    assert told["inputs"] == [["Dr. Ada", "left 1 Sep 2025"], ["Dr. Ben", "joined 1 Jul 2025"]]
    assert "record of participants" in told["rule"]
    sentence = "Dr. Ada left 1 Sep 2025; Dr. Ben joined 1 Jul 2025."
    assert sentence in shown(year, "adjudication:year-detail")
    assert check_result(document)
    document["inputs"]["roster"][0]["left_on"] = "2025-09-02"
    with pytest.raises(DoesNotHoldError, match="Result, division"):
        check_result(document)
    with pytest.raises(PolicyError, match="Give 1 Jan 2026 or later"):
        leave(BEN, date(2025, 12, 1))
    send_back(year, Step.ATTEST)
    leave(BEN, date(2025, 12, 1))
    assert "153 of 365 days" in freeze(year).canonical


def test_shares_stay_with_those_the_terms_name(inside):
    year = opened(AllocationTerms("fixed_shares", "by_days", "nothing", {ADA: Fraction(1)}))
    hand_in(stays())
    with standing_at(datetime(2025, 7, 1, 18, tzinfo=UTC)):
        join(date(2025, 7, 1))

    first = json.loads(freeze(year).canonical)["result"]["division"]
    send_back(year, Step.ATTEST)
    leave(ADA, date(2025, 9, 1))
    second = freeze(year)

    assert [part["amount"] for part in first["parts"]] == [WHOLE.dollars_text, "0.00"]
    division = json.loads(second.canonical)["result"]["division"]
    assert (division["parts"], second.total) == ([], WHOLE)
    assert "Nobody shares $132,000.01" in division["steps"][-1]["rule"]
    assert recompute(second.canonical)
