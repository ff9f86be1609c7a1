"""Duties, the fee they come to, opinions with their papers and memos, through the browser."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from agreements.contracts.models import Contract, ContractEvent
from agreements.duties.actions import DutyTerms, agree_duty, change_duty, take_fee
from agreements.duties.models import Duty, Frequency
from agreements.participants.actions import add_participant
from agreements.programs.models import Program
from agreements.terms.actions import draft_next_year, lock_terms
from agreements.terms.document import terms_document
from agreements.valuations.models import Memo, Opinion
from agreements.valuations.queries import opinion_triggers
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import AGREEMENT, member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.values.canonical import sha256_of
from comanage.values.money import Money
from comanage.web.errors import PolicyError
from tests.clock import stand_at, standing_at
from tests.ground import SIGNED_ON, YEAR, small_draft, small_opinion

HALF_A_YEAR_IN = date(2025, 7, 1)
DIRECTION = DutyTerms(
    "Medical direction", "Monthly report", Frequency.MONTHLY, 9600, Money.from_dollars("185.00")
)


def browser(role=Role.CONSULTANT):
    client = Client()
    client.force_login(Membership.objects.select_related("user").get(role=role).user)
    return client


def address(hospital, name, record):
    return reverse(f"agreements:{name}", args=[hospital.slug, record.pk])


def post(hospital, name, record, values, query="", role=Role.CONSULTANT):
    return browser(role).post(f"{address(hospital, name, record)}{query}", values)


def page(hospital, name, record, role=Role.CONSULTANT):
    return browser(role).get(address(hospital, name, record)).text


def last_kind() -> str:
    return Event.objects.order_by("-sequence")[0].kind


def test_a_fee_is_built_up_from_the_catalogue_and_taken(inside):
    year = small_draft()
    assert "Build the fixed fee up from duties" in page(inside, "year-detail", year)
    begun = browser().get(f"{address(inside, 'duty-agree', year)}?from=medical-direction")
    typed = {name: begun.context["form"][name].value() for name in ("name", "deliverable")}
    values = typed | {"frequency": "monthly", "hours": "160.5", "rate": "$185.00"}

    answer = post(inside, "duty-agree", year, values, "?from=medical-direction")
    assert answer.status_code == 302
    duty = Duty.objects.get()
    assert (duty.key, duty.minutes) == ("medical-direction", 9630)
    assert (
        "among the duties of these terms already" in post(inside, "duty-agree", year, values).text
    )
    assert (
        "whole minutes, such as 12.5"
        in post(inside, "duty-agree", year, values | {"hours": "1.01"}).text
    )

    shown = page(inside, "duty-list", year)
    assert "in the terms" in shown
    assert "$29,692.50" in shown  # 160.5 x 185
    assert "The fixed fee is $60,307.50 more than the duties come to." in shown
    post(inside, "duty-change", duty, values | {"hours": "200"})
    post(inside, "fee-take", year, {})
    year.refresh_from_db()
    assert year.fixed_fee == Money.from_dollars("37000.00")  # 200 x 185
    assert last_kind() == EventKind.FEE_TAKEN
    assert "The fixed fee is what the duties come to." in page(inside, "year-detail", year)

    post(inside, "duty-withdraw", duty, {})
    assert not Duty.objects.exists()
    post(inside, "fee-take", year, {})
    year.refresh_from_db()
    assert year.fixed_fee == Money.from_dollars("37000.00")


def test_duties_are_in_what_is_signed_and_stay(inside):
    year, by = small_draft(), member(Role.CONSULTANT)
    before = terms_document(year)
    assert "duties" not in before
    duty = agree_duty(year=year, terms=DIRECTION, by=by)
    take_fee(year=year, by=by)

    year = lock_terms(year=year, signed_on=SIGNED_ON, by=member(Role.COUNSEL))

    assert year.terms["duties"] == [
        {
            "number": 1,
            "key": "",
            "name": "Medical direction",
            "deliverable": "Monthly report",
            "frequency": "monthly",
            "minutes": 9600,
            "rate": "185.00",
        }
    ]
    assert year.terms_sha256 == sha256_of(year.terms)
    assert "Take out" not in page(inside, "duty-list", year)
    with pytest.raises(PolicyError, match="These terms are locked"):
        change_duty(duty=duty, terms=DIRECTION, by=by)
    with pytest.raises(Error, match="locked terms cannot change"), transaction.atomic():
        Duty.objects.update(minutes=1)
    following = draft_next_year(year=year, by=by)
    assert terms_document(following)["duties"] == year.terms["duties"]


def test_an_opinion_goes_stale_by_hours_new_duties_and_roster(inside, monkeypatch):
    program, by = Program.objects.get(), member(Role.CONSULTANT)
    opinion = small_opinion(assumed_minutes=6000, basis="both", valid_until=date(2027, 1, 1))
    year = small_draft(opinion=opinion)
    agree_duty(year=year, terms=DIRECTION, by=by)

    def reasons(today=HALF_A_YEAR_IN, **more):
        found = dict(opinion_triggers(program, today=today, **more))
        return [each.reason for each in found[opinion]]

    assert len(reasons()) == 1
    assert "The duties take 160 hours a year; the opinion assumed 100 hours" in reasons()[0]
    take_fee(year=year, by=by)
    following = draft_next_year(
        year=lock_terms(year=year, signed_on=SIGNED_ON, by=member(Role.COUNSEL)), by=by
    )
    more = DutyTerms("Value analysis", "Review", Frequency.QUARTERLY, 600, Money(100))
    agree_duty(year=following, terms=more, by=by)
    with standing_at(datetime(2025, 3, 1, 18, tzinfo=UTC)):
        add_participant(
            program=program,
            npi="1234567893",
            name="Dr. Bob",
            specialty="Cardiology",
            joined_on=date(2025, 3, 1),
            by=by,
        )
    assert ["1 of 1 physicians" in each for each in reasons()] == [True, False, False]
    assert "“Value analysis” is a new duty" in reasons()[1]
    assert "renewed or held over from 1 Jun 2025" in reasons(changed_on=[date(2025, 6, 1)])[0]
    assert "It ended on 31 Dec 2026" in reasons(today=date(2027, 1, 1))[0]

    stand_at(monkeypatch, opinion.filed_at.replace(year=2025, month=7, day=1))
    shown = page(inside, "program-detail", program)
    assert "To be looked at" in shown
    assert "Cost and market approach, 100 hours a year assumed" in shown
    assert "renewed or held over" not in shown
    contract = Contract.objects.create(
        kind="co_management",
        title="Heart agreement",
        party="Heart group",
        program=program,
        signed_on=SIGNED_ON,
        starts_on=YEAR.start,
        ends_on=YEAR.end,
        notice_days=90,
        entered_at=opinion.filed_at,
        entered_by_id=by.user_id,
    )
    ContractEvent.objects.create(
        contract=contract,
        number=1,
        kind="extended",
        signed_on=date(2025, 6, 1),
        effective_on=YEAR.end,
        ends_on=date(2026, 7, 1),
        text="Half a year more.",
        recorded_at=opinion.filed_at,
        recorded_by_id=by.user_id,
    )
    assert "renewed or held over from 1 Jan 2026 on" in page(inside, "program-detail", program)


def test_an_opinion_that_another_takes_over_from_has_no_triggers(inside):
    program = Program.objects.get()
    first = Opinion.objects.get()
    small_opinion(valid_from=YEAR.end, valid_until=date(2027, 1, 1), opined_on=date(2025, 11, 1))

    found = dict(opinion_triggers(program, today=YEAR.end - timedelta(days=10)))

    assert found[first] == ()
    assert dict(opinion_triggers(program, today=YEAR.end))[first] == ()


def test_the_paper_of_an_opinion_is_sealed_and_handed_out_with_an_event(inside):
    program = Program.objects.get()
    values = {
        "valuator": "Northgate",
        "opined_on": "2024-11-01",
        "valid_from": "2025-01-01",
        "valid_to": "2025-12-31",
        "fixed": "100",
        "incentive": "50",
        "total": "150",
        "basis": "cost",
        "assumed_hours": "160.5",
    }

    def send(content):
        paper = SimpleUploadedFile("opinion.pdf", content, "application/pdf")
        return post(inside, "opinion-file", program, values | {"document": paper})

    assert "The file is no PDF. Save the opinion as PDF." in send(b"GIF89a").text
    assert send(AGREEMENT.read_bytes()).status_code == 302
    opinion = Opinion.objects.get(valuator="Northgate")
    assert (opinion.assumed_minutes, opinion.filed_by.name) == (9630, "Consultant")

    answer = browser(Role.COMPLIANCE).get(address(inside, "opinion-download", opinion))
    assert b"".join(answer.streaming_content) == AGREEMENT.read_bytes()
    assert last_kind() == EventKind.OPINION_DOWNLOADED
    refused = browser(Role.FINANCE).get(address(inside, "opinion-download", opinion))
    assert refused.status_code == 403
    without = Opinion.objects.exclude(pk=opinion.pk).get()
    told = browser().get(address(inside, "opinion-download", without), follow=True)
    assert "The paper itself is not on file here" in told.text


def test_a_memo_is_written_once_and_read_by_few(inside):
    program, today = Program.objects.get(), inside.today()
    values = {
        "purpose": "Fewer returns.",
        "need": "Nobody on staff directs the laboratory.",
        "alternatives": "Employing a director was looked at.",
        "approver": "Helen Brandt",
        "approver_role": "ceo",
        "approved_on": today + timedelta(days=1),
    }
    assert "has not come yet" in post(inside, "memo-write", program, values).text
    paper = SimpleUploadedFile("memo.pdf", AGREEMENT.read_bytes(), "application/pdf")
    sent = values | {"approved_on": today, "document": paper}
    assert post(inside, "memo-write", program, sent).status_code == 302
    assert "Employing a director was looked at." in page(inside, "memo-list", program, Role.COUNSEL)
    assert browser(Role.FINANCE).get(address(inside, "memo-list", program)).status_code == 403
    memo = Memo.objects.get()
    answer = browser(Role.CEO).get(address(inside, "memo-download", memo))
    assert b"".join(answer.streaming_content) == AGREEMENT.read_bytes()
    assert last_kind() == EventKind.MEMO_DOWNLOADED
    with pytest.raises(Error), transaction.atomic():
        Memo.objects.update(need="Other.")
    with pytest.raises(IntegrityError, match="memo_says_why"), transaction.atomic():
        Memo.objects.create(
            program=program,
            purpose="",
            need="",
            alternatives="",
            approver="X",
            approver_role="ceo",
            approved_on=today,
            written_at=memo.written_at,
            written_by=memo.written_by,
        )
