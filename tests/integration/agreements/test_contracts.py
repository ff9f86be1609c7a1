"""The register through its doors: contracts, what happens to them, and what is refused."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse

from agreements.contracts.models import Contract, ContractEvent, ContractKind
from agreements.contracts.queries import reconcile_by, standing_of
from agreements.dates.queries import dates_seen_by
from agreements.participants.models import Physician, PhysicianGroup
from agreements.programs.models import Program
from agreements.terms.actions import draft_next_year
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.notices.models import Notice
from tests.clock import stand_at
from tests.ground import YEAR, open_year

TODAY = date(2025, 6, 15)


@pytest.fixture(autouse=True)
def today(inside, monkeypatch):
    stand_at(monkeypatch, datetime(2025, 6, 15, 18, tzinfo=UTC))


def browser(role=Role.COUNSEL):
    client = Client()
    client.force_login(Membership.objects.select_related("user").get(role=role).user)
    return client


def post(hospital, name, values, *args):
    return browser().post(reverse(f"agreements:{name}", args=[hospital.slug, *args]), values)


def enter(hospital, **changes):
    values = {
        "title": "=Call coverage",
        "kind": ContractKind.CALL_COVERAGE,
        "party": "Heart Group",
        "starts_on": "2025-01-01",
        "last_day": "2025-12-31",
        "signed_on": "2024-12-20",
        "notice_days": "90",
        "fmv_last_day": "2026-12-31",
    }
    return post(hospital, "contract-enter", values | changes)


def happens(hospital, kind, **values):
    contract = Contract.objects.get()
    path = reverse("agreements:contract-event", args=[hospital.slug, contract.pk])
    return browser().post(f"{path}?kind={kind}", {"text": "As signed."} | values)


def reconcile(hospital, day, found="All was even."):
    return happens(hospital, "reconciled", done_on=day, found=found)


def refusal(answer) -> str:
    assert answer.status_code == 200
    errors = answer.context["form"].errors.values()
    return " ".join(str(each) for found in errors for each in found)


def test_a_contract_is_listed_and_taken_away_with_its_history(inside):
    physician = Physician.objects.first()
    enter(inside, physicians=[physician.pk])
    done = happens(inside, "extended", signed_on="2025-06-01", last_day="2026-06-30")
    page = browser().get(reverse("agreements:contract-list", args=[inside.slug])).text
    taken = post(inside, "contract-csv", {})

    assert done.status_code == 302
    assert standing_of(Contract.objects.get()).ends_on == date(2026, 7, 1)
    assert physician.name in page
    assert "In force" in page
    (row,) = csv.DictReader(io.StringIO(taken.content.decode("utf-8-sig")))
    assert row["title"] == "'=Call coverage"
    assert (row["last_day"], row["physicians"]) == ("2026-06-30", physician.name)
    assert Event.objects.filter(kind=EventKind.CONTRACT_LIST_COPIED).count() == 1
    with pytest.raises(Error), transaction.atomic():
        ContractEvent.objects.update(text="Other")


def test_a_contract_is_refused_that_is_short_or_follows_one_that_ended_in_its_first_year(inside):
    group = PhysicianGroup.objects.get().pk
    short = enter(inside, last_day="2025-12-30")
    ahead = enter(inside, signed_on="2025-06-16")
    enter(inside, group=group)
    unripe = happens(
        inside,
        "terminated",
        cause="without_cause",
        ended_by="hospital",
        notice_on="2025-06-01",
        last_day="2025-08-28",
    )
    unsaid = happens(inside, "terminated", last_day="2025-08-29")  # no cause is guessed
    ended = happens(
        inside,
        "terminated",
        cause="without_cause",
        ended_by="hospital",
        notice_on="2025-06-01",
        last_day="2025-08-29",
    )
    more = happens(
        inside, "amended", subject="other", signed_on="2025-06-01", effective_on="2025-07-01"
    )
    later = {"starts_on": "2025-09-01", "last_day": "2026-12-31", "signed_on": ""}
    again = enter(inside, party="Another name", group=group, **later)
    other = enter(inside, kind=ContractKind.LEASE_OF_SPACE, **later)

    assert "shorter than a year" in refusal(short)
    assert "has not come yet" in refusal(ahead)
    assert "Its last day is 29 Aug 2025 or later" in refusal(unripe)
    assert unsaid.context["form"].errors.keys() == {"cause", "ended_by"}
    assert ended.status_code == other.status_code == 302
    assert "another contract" in refusal(more)
    assert "begins before 1 Jan 2026" in refusal(again)


def test_an_amendment_is_prospective_and_leaves_an_open_period_as_it_was_signed(inside):
    open_year()
    enter(inside, program=Program.objects.get().pk, kind=ContractKind.CO_MANAGEMENT)
    signed = {"signed_on": "2025-06-10"}
    back = happens(inside, "amended", effective_on="2025-06-10", subject="duties", **signed)
    today = happens(inside, "amended", effective_on="2025-06-15", subject="duties", **signed)
    target = happens(inside, "amended", effective_on="2025-09-01", subject="target", **signed)
    duties = happens(inside, "amended", effective_on="2025-07-01", subject="duties", **signed)
    next_year = happens(inside, "amended", effective_on="2026-01-01", subject="target", **signed)
    held = happens(inside, "held_over", effective_on="2026-01-01", is_identical="on")

    assert "prospective only" in refusal(back)
    assert "locked here" in refusal(today)
    assert f"inside the signed period {YEAR}" in refusal(target)
    assert duties.status_code == next_year.status_code == 302
    assert "very same terms" in refusal(held)


def test_a_contract_is_held_over_only_while_an_opinion_holds_and_nothing_changes(inside):
    open_year()
    enter(inside, fmv_last_day="2025-12-31")
    unvalued = happens(inside, "held_over", effective_on="2026-01-01", is_identical="on")
    changed = happens(inside, "held_over", effective_on="2026-01-01")
    late = happens(inside, "held_over", effective_on="2026-01-02", is_identical="on")
    gap = happens(
        inside,
        "renewed",
        signed_on="2025-06-01",
        effective_on="2026-02-01",
        last_day="2027-01-31",
    )
    renewed = happens(
        inside,
        "renewed",
        signed_on="2025-06-01",
        effective_on="2026-01-01",
        last_day="2026-12-31",
        is_identical="on",
    )

    assert "No fair-market-value opinion" in refusal(unvalued)
    assert "very same terms" in refusal(changed)
    assert "day after the term" in refusal(late)
    assert "no contract" in refusal(gap)
    assert renewed.status_code == 302


def test_the_page_of_a_contract_says_its_clocks(inside):
    open_year()
    program = Program.objects.get()
    enter(inside, signed_on="", program=program.pk)
    path = reverse("agreements:contract-detail", args=[inside.slug, Contract.objects.get().pk])
    unsigned = browser().get(path).text
    happens(inside, "signed", signed_on="2025-06-14")
    late = browser().get(path).text
    happens(inside, "terminated", cause="mutual", ended_by="both", last_day="2025-06-30")
    ended = browser().get(path).text

    assert "Day 165 of 90" in unsigned
    assert "1 Apr 2025" in unsigned
    assert "Day 164 after the first day of service" in late
    assert "the last day in time was 1 Apr 2025" in late
    assert "28 Sep 2025" in ended
    assert "before 1 Jan 2026" in ended
    assert "181/365 of the days" in ended
    assert reconcile_by(program) == date(2025, 9, 28)


def test_that_payments_were_reconciled_is_recorded_once_and_late_ones_are_said_to_be_late(
    inside, monkeypatch
):
    enter(inside)
    early = reconcile(inside, "2025-06-15")
    happens(inside, "terminated", cause="mutual", ended_by="both", last_day="2025-06-30")
    ahead = reconcile(inside, "2025-06-15")
    stand_at(monkeypatch, datetime(2025, 10, 3, 18, tzinfo=UTC))
    path = reverse("agreements:contract-detail", args=[inside.slug, Contract.objects.get().pk])
    open_page = browser().get(path).text
    counsel, october = member(Role.COUNSEL), date(2025, 10, 3)
    (asked,) = [each for each in dates_seen_by(counsel, today=october) if "Reconc" in each.title]
    before = reconcile(inside, "2025-06-30")
    found = "Two hours were paid twice and are repaid."
    done = reconcile(inside, "2025-10-01", found)
    again = reconcile(inside, "2025-10-02")
    page = browser().get(path).text

    assert "not over" in refusal(early)
    assert "not over" in refusal(ahead)
    assert "It is 5 days late" in open_page
    assert "?kind=reconciled" in open_page
    assert (asked.due_on, asked.owner) == (date(2025, 9, 28), Role.FINANCE)
    assert "Give a day from 1 Jul 2025 to 3 Oct 2025" in refusal(before)
    assert done.status_code == 302
    assert "reconciled on 1 Oct 2025" in refusal(again)
    assert "?kind=reconciled" not in page
    assert "5 days late" not in page
    assert found in page
    assert "3 days late: the last day was 28 Sep 2025" in page
    assert asked.key not in {each.key for each in dates_seen_by(counsel, today=october)}


def test_a_program_that_goes_on_asks_for_its_next_year_until_it_is_drafted(inside):
    year = open_year()
    enter(inside, program=Program.objects.get().pk, kind=ContractKind.CO_MANAGEMENT)
    path = reverse("agreements:contract-detail", args=[inside.slug, Contract.objects.get().pk])
    before = browser().get(path).text
    happens(inside, "extended", signed_on="2025-06-01", last_day="2026-12-31")
    happens(inside, "extended", signed_on="2025-06-02", last_day="2027-12-31")
    consultant = member(Role.CONSULTANT)
    ahead = {each.key: each for each in dates_seen_by(consultant, today=TODAY)}
    after = browser().get(path).text
    draft_next_year(year=year, by=consultant)
    drafted = browser().get(path).text

    asked = "The next year is not drafted"
    assert (asked in before, asked in after, asked in drafted) == (False, True, False)
    (told,) = Notice.objects.filter(key=f"next-year:{year.pk}")
    assert (told.user_id, told.path) == (
        consultant.user_id,
        reverse("agreements:year-detail", args=[inside.slug, year.pk]),
    )
    due = ahead[f"year-{year.pk}-next"]
    assert (due.due_on, due.owner) == (date(2025, 10, 3), Role.CONSULTANT)
    keys = {each.key for each in dates_seen_by(consultant, today=TODAY)}
    assert due.key not in keys


def test_a_signed_paper_is_kept_sealed_with_the_day_it_came_in(inside):
    scan = b"%PDF-1.7 signed by both\n%%EOF\n"
    refused = enter(inside, document=SimpleUploadedFile("signed.pdf", b"No PDF at all"))
    enter(inside, document=SimpleUploadedFile("signed.pdf", scan))
    contract = Contract.objects.get()
    more = {"title": "First amendment", "document": SimpleUploadedFile("scan.pdf", scan)}
    post(inside, "contract-paper-keep", more, contract.pk)
    first, second = contract.papers.all()
    path = reverse("agreements:contract-paper", args=[inside.slug, second.pk])
    taken = browser(Role.FINANCE).get(path)
    page = browser(Role.FINANCE).get(
        reverse("agreements:contract-detail", args=[inside.slug, contract.pk])
    )

    assert "no PDF" in refusal(refused)
    assert (first.title, second.title) == ("The contract as it was signed", "First amendment")
    assert {first.received_on, second.received_on} == {TODAY}
    assert taken.getvalue() == scan
    assert "First amendment (PDF)" in page.text
    assert "Keep a signed paper" not in page.text
    assert browser(Role.CONSULTANT).get(path).status_code == 403
    kinds = Event.objects.values_list("kind", flat=True)
    assert kinds.filter(kind=EventKind.CONTRACT_PAPER_KEPT).count() == 2
    assert kinds.filter(kind=EventKind.CONTRACT_PAPER_TAKEN).count() == 1


def test_a_term_that_is_over_takes_only_amendments_from_inside_it(inside):
    enter(inside, starts_on="2024-01-01", last_day="2024-12-31", signed_on="2023-12-20")
    old = {"subject": "duties", "signed_on": "2024-05-20"}
    late = happens(inside, "amended", effective_on="2025-01-01", **old)
    inside_it = happens(inside, "amended", effective_on="2024-12-31", **old)

    assert "nothing to amend" in refusal(late)
    assert inside_it.status_code == 302
