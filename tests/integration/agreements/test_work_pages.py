"""Parts of the pay and months of work, through the browser's doors."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from agreements.components.actions import Caps, agree_component, withdraw_component
from agreements.components.models import ComponentKind, PayComponent
from agreements.participants.actions import add_participant
from agreements.programs.models import Program
from agreements.terms.actions import draft_next_year, lock_terms
from agreements.terms.completeness import gaps
from agreements.terms.document import terms_document
from agreements.terms.models import MeasurementYear
from agreements.work.actions import decline_work, record_work
from agreements.work.models import WorkEntry, WorkSheet
from agreements.work.queries import approved_work
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from tests.clock import stand_at, standing_at
from tests.ground import SIGNED_ON, YEAR, small_draft, small_opinion
from tests.growth import copied
from tests.working import (
    ADA,
    HOURLY_RATE,
    WIDE,
    ada,
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

BOB = "1234567893"
MODEL_OF = {
    "hourly": "co_management",
    "salary": "employment",
    "wrvu": "psa",
    "savings": "co_management",
}
DAYS = {"starts_on": "2025-01-01", "last_day": "2025-12-31"}


def browser(role=Role.CONSULTANT):
    browser = Client()
    browser.force_login(Membership.objects.select_related("user").get(role=role).user)
    return browser


def post(hospital, name, record, values, role=Role.CONSULTANT, query="", **extra):
    address = reverse(f"agreements:{name}", args=[hospital.slug, record.pk])
    return browser(role).post(f"{address}{query}", values, **extra)


def page(hospital, name, record, role=Role.CONSULTANT, query=""):
    address = reverse(f"agreements:{name}", args=[hospital.slug, record.pk])
    return browser(role).get(f"{address}{query}")


@pytest.mark.parametrize(
    ("kind", "figures", "kept"),
    [
        (
            "hourly",
            {"rate": "185.00", "month_hours": "16", "quarter_hours": "", "year_hours": "150.5"},
            {"rate": HOURLY_RATE, "month_cap": 960, "quarter_cap": None, "year_cap": 9030},
        ),
        ("salary", {"amount": "$240,000.00"}, {"amount": Money.from_dollars("240000.00")}),
        (
            "wrvu",
            {
                "table_year": "2025",
                "above_1": "0",
                "rate_1": "48.1250",
                "above_2": "4500.50",
                "rate_2": "52",
            },
            {
                "table_year": 2025,
                "rungs": [{"above": "0", "rate": "48.125"}, {"above": "4500.5", "rate": "52"}],
            },
        ),
        (
            "savings",
            {
                "share_rate": "50%",
                "minimum_rate": "2.5%",
                "limit_rate": "",
                "fee": "0",
                "least_points": "60",
            },
            {
                "share_rate": Decimal("0.5"),
                "minimum_rate": Decimal("0.025"),
                "limit_rate": None,
                "least_points": 60,
            },
        ),
    ],
)
def test_each_kind_of_pay_is_typed_and_kept_exactly(inside, kind, figures, kept):
    Program.objects.update(alignment_model=MODEL_OF[kind])
    year = small_draft()
    payee = None if kind == "savings" else ada()

    assert page(inside, "component-agree", year, query=f"?kind={kind}").status_code == 200
    values = {"label": "Part", "payee": str(payee.pk) if payee else "group", **DAYS, **figures}
    answer = post(inside, "component-agree", year, values, query=f"?kind={kind}")

    assert answer.status_code == 302, answer.context["form"].errors
    component = PayComponent.objects.get()
    assert (component.kind, component.physician, component.in_effect) == (kind, payee, YEAR)
    assert {name: getattr(component, name) for name in kept} == kept
    assert "1. Part" in page(inside, "year-detail", year).text

    post(inside, "component-withdraw", component, {})
    assert not PayComponent.objects.exists()


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("hourly", {"rate": "185.00"}, "Paid hours need a cap"),
        ("hourly", {"rate": "185.00", "month_hours": "0.01"}, "whole minutes, such as 12.5"),
        ("hourly", {"rate": "185.00", "last_day": "2024-12-31"}, "The last day is before"),
        ("salary", {"amount": "1.00", "payee": "group"}, "Choose one of the list"),
        (
            "wrvu",
            {"table_year": "2025", "above_1": "0", "rate_1": "48.12505"},
            "at most 4 decimals",
        ),
        (
            "wrvu",
            {"table_year": "2025", "above_1": "0", "rate_1": "1", "above_2": "5"},
            "Step 2 needs a mark and a rate",
        ),
    ],
)
def test_a_part_that_is_not_whole_is_refused_in_its_form(inside, kind, changes, said):
    Program.objects.update(alignment_model=MODEL_OF[kind])
    year = small_draft()
    values = {"label": "Part", "payee": str(ada().pk), **DAYS, **changes}

    answer = post(inside, "component-agree", year, values, query=f"?kind={kind}")

    assert answer.status_code == 200
    assert said in answer.text
    assert not PayComponent.objects.exists()


def test_terms_without_further_parts_are_written_as_they_were(inside):
    year = small_draft()
    document = terms_document(year)

    assert "components" not in document
    assert document["opinion"].keys() == {
        *("id", "valuator", "opined_on", "valid_from", "valid_until", "fixed", "incentive"),
        "total",
    }


def test_locked_terms_hold_their_parts_and_the_database_keeps_them(inside):
    year = open_by_work(duties())

    assert year.terms["components"] == [
        {
            "number": 1,
            "kind": "hourly",
            "label": "Medical director",
            "payee": {"npi": ADA, "name": "Dr. Ada"},
            "start": "2025-01-01",
            "end": "2026-01-01",
            "rate": "185.00",
            "month_cap": 960,
            "quarter_cap": None,
            "year_cap": None,
        }
    ]
    assert year.terms["opinion"]["hourly_range"] == {"low": "150.00", "high": "200.00"}
    shown = page(inside, "year-detail", year).text
    assert "an hour of duties is worth $150.00 to $200.00; a wRVU $40.00 to $60.25" in shown
    assert "percentile 60 of its survey" in shown
    with pytest.raises(PolicyError, match="locked"):
        withdraw_component(component=PayComponent.objects.get(), by=member(Role.CONSULTANT))
    part = PayComponent.objects.get()
    for deed in (
        lambda: PayComponent.objects.update(rate=Money(1)),
        lambda: PayComponent.objects.all().delete(),
        lambda: copied(part, number=2),
    ):
        with pytest.raises((InternalError, ProgrammingError), match="locked"), transaction.atomic():
            deed()


def test_no_part_is_locked_that_the_opinion_is_silent_about(inside):
    year = draft_by_work(duties(), opinion={"hourly": None})
    assert "says nothing about duties by the hour" in " ".join(gaps(terms_document(year)))

    with (
        pytest.raises((InternalError, ProgrammingError), match="above the fair-market"),
        transaction.atomic(),
    ):
        MeasurementYear.objects.filter(pk=year.pk).update(
            status="locked", terms={}, terms_sha256="0" * 64, signed_on=SIGNED_ON, locked_at=_now()
        )


def _now():
    return "2025-01-01T00:00:00Z"


def test_the_next_year_begins_with_the_parts_in_effect_at_the_end(inside):
    ended = duties(label="Interim", in_effect=Period(date(2025, 1, 1), date(2025, 7, 1)))
    year = open_by_work(ended, duties(in_effect=Period(date(2025, 7, 1), YEAR.end)))

    following = draft_next_year(year=year, by=member(Role.CONSULTANT))

    (carried,) = following.components.all()
    assert (carried.label, carried.in_effect) == ("Medical director", following.period)
    assert carried.month_cap == duties().caps.month


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"caps": Caps()}, "need a cap"),
        ({"kind": ComponentKind.SALARY, "physician": None}, "one physician's"),
    ],
)
def test_a_part_without_its_bounds_is_refused_by_the_action_too(inside, part, said):
    kind = part.get("kind", ComponentKind.HOURLY)
    Program.objects.update(alignment_model=MODEL_OF[kind])
    with pytest.raises(PolicyError, match=said):
        agree_component(year=small_draft(), terms=duties(**part), by=member(Role.CONSULTANT))


def test_an_opinion_with_half_a_range_is_refused(inside):
    with pytest.raises(PolicyError, match="has two ends"):
        small_opinion(hourly_low=Money(1))
    with pytest.raises(PolicyError, match="ends below where it begins"):
        small_opinion(**(WIDE | {"hourly_low": Money.from_dollars("200.01")}))


def test_work_is_recorded_by_hand_and_approved_by_somebody_else(inside):
    year = open_by_work(duties())
    values = {"part": "1", "npi": ADA, "month": "2025-03-01", "minutes": "960", "source": "Log 3"}

    assert post(inside, "work-record", year, values).status_code == 302
    sheet = WorkSheet.objects.get()
    assert "Approve" not in page(inside, "work-detail", year).text  # the consultant recorded it
    role = Role.SERVICE_LINE_ADMINISTRATOR
    assert "Approve" in page(inside, "work-detail", year, role).text
    post(inside, "work-approve", sheet, {}, role)

    assert approved_work(year) == [
        {"component": 1, "npi": ADA, "month": "2025-03-01", "minutes": 960, "source": "Log 3"}
    ]
    assert "16 hours" in page(inside, "work-detail", year).text
    again = post(inside, "work-approve", sheet, {}, role, follow=True)
    assert "This sheet is approved already." in again.text
    kinds = Event.objects.filter(kind__in=[EventKind.WORK_RECORDED, EventKind.WORK_APPROVED])
    assert kinds.count() == 2


def test_declined_work_says_why_and_does_not_count(inside):
    year = open_by_work(duties())
    sheet = record(year, minutes(60))
    role = Role.SERVICE_LINE_ADMINISTRATOR

    assert "This is needed." in post(inside, "work-decline", sheet, {}, role, follow=True).text
    with pytest.raises(PolicyError, match="Say what is wrong"):
        decline_work(sheet=sheet, note=" ", by=member(role))
    post(inside, "work-decline", sheet, {"note": "Not signed"}, role)

    assert approved_work(year) == []
    assert "Not signed" in page(inside, "work-detail", year).text
    late = post(inside, "work-decline", sheet, {"note": "Again"}, role, follow=True)
    assert "This sheet is declined already." in late.text


def test_a_file_of_work_is_taken_whole_or_refused_with_every_reason(inside):
    year = open_by_work(duties())
    head = "part,npi,month,minutes,wrvus\n"

    answer = _send(inside, year, f"{head}x,{ADA},2025-01,60,\n")
    assert "Row 2: part is the number" in answer.text
    assert "Parts by their number in the terms: 1. Medical director" in answer.text
    wrong = (f"2,{ADA},2025-01,60,", f"1,{BOB},2025-01,60,", f"1,{ADA},2024-12,60,")
    more = (f"1,{ADA},2025-02,,1", f"1,{ADA},2025-03,60,1", f"1,{ADA},2025-04,44641,")
    answer = _send(inside, year, head + "\n".join([*wrong, *more, ""]))
    for said in (
        "Row 2: the terms have no part 2",
        "Row 3: no physician with this NPI",
        "Row 4: “Medical director” is in effect",
        "Row 5: duties by the hour are counted in minutes",
        "Row 6: give minutes or wRVUs, not both",
        "Row 7: a month has at most 44,640 minutes",
    ):
        assert said in answer.text
    assert not WorkEntry.objects.exists()

    assert (
        _send(inside, year, f"{head}1,{ADA},2025-01,60,\n1,{ADA},2025-02,90,\n").status_code == 302
    )
    assert [entry.minutes for entry in WorkEntry.objects.order_by("month")] == [60, 90]


def _send(hospital, year, text):
    file = SimpleUploadedFile("work.csv", text.encode())
    return post(hospital, "work-file", year, {"file": file, "source": "Logs"})


def test_work_of_a_salary_another_physician_or_a_month_to_come_is_refused(inside, monkeypatch):
    year = open_by_work(salary(), wrvus(), model="employment", fixed_fee=Money(0))
    with standing_at(datetime(2025, 1, 1, 18, tzinfo=UTC)):
        add_participant(
            program=year.program,
            npi=BOB,
            name="Dr. Bob",
            specialty="Cardiology",
            joined_on=YEAR.start,
            by=member(Role.CONSULTANT),
        )

    for total, said in (
        (minutes(60), "no part 1 that is paid by work"),
        (minutes(60, part=2, npi=BOB), "paid to another physician"),
        (minutes(60, part=2), "counts wRVUs"),
    ):
        with pytest.raises(PolicyError, match=said):
            record(year, total)
    with pytest.raises(PolicyError, match="nothing to record"):
        record(year)
    stand_at(monkeypatch, datetime(2025, 3, 31, 18, tzinfo=UTC))
    with pytest.raises(PolicyError, match="month is not over"):
        record(year, minutes(60, part=2, month=3))


def test_many_reasons_are_cut_and_counted(inside):
    year = open_by_work(duties())
    totals = [minutes(60, part=number) for number in range(2, 25)]

    with pytest.raises(PolicyError, match="And 3 more"):
        record_work(year=year, source="Logs", totals=totals, by=member(Role.CONSULTANT))


def test_work_is_recorded_while_the_year_is_on_the_clock_alone(inside):
    by = member(Role.CONSULTANT)
    year = lock_terms(year=draft_by_work(duties()), signed_on=SIGNED_ON, by=by)

    with pytest.raises(PolicyError, match="This one is terms locked"):
        record(year, minutes(60))
    assert "Record a month" not in page(inside, "work-detail", year).text


def test_whoever_left_and_came_back_counts_from_the_first_day_to_the_last(inside):
    year = open_by_work(duties())
    year.program.participants.update(left_on=date(2025, 2, 1))
    with standing_at(datetime(2025, 6, 1, 18, tzinfo=UTC)):
        add_participant(
            program=year.program,
            npi=ADA,
            name="",
            specialty="",
            joined_on=date(2025, 6, 1),
            by=member(Role.CONSULTANT),
        )

    work(year, minutes(60, month=1), minutes(60, month=7))
    assert len(approved_work(year)) == 2


def test_the_stacking_page_shows_each_physician(inside):
    open_by_work(duties(), opinion={"all_agreements": Money.from_dollars("30000.00")})
    address = reverse("adjudication:stacking", args=[inside.slug])

    shown = browser(Role.COMPLIANCE).get(address).text

    assert "Dr. Ada" in shown
    assert "192 hours" in shown
    assert "More than $30,000.00, which an opinion states for all agreements" in shown
    assert "2025" in browser(Role.COMPLIANCE).get(f"{address}?year=1").text


def test_costs_are_recorded_on_their_page_and_read_there_once_approved(inside):
    year = open_by_work(savings())
    assert "Nothing is approved yet" in page(inside, "work-detail", year).text
    assert "indicators earn at least 1 point<" in page(inside, "year-detail", year).text
    given = {
        "part": "1",
        "base_cost": "$1,000,000.00",
        "base_cases": "100",
        "cost": "940000",
        "cases": "100",
        "source": "Cost accounts",
    }
    refused = post(inside, "work-savings", year, {**given, "cases": "0"})
    assert "greater than or equal to 1" in refused.text or "at least 1" in refused.text

    assert post(inside, "work-savings", year, given).status_code == 302
    sheet = WorkSheet.objects.get()
    post(inside, "work-approve", sheet, {}, role=Role.SERVICE_LINE_ADMINISTRATOR)

    read = page(inside, "work-detail", year).text
    assert "$940,000.00 in 100 cases, after $1,000,000.00 in 100" in read
    assert "Twelve months before" in read
