"""What-if on a live scorecard: four months of dated stays, the rest of the year played through."""

import html
import re
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from adjudication.years.actions import freeze_year
from agreements.drafting.models import Agreement
from agreements.participants.actions import give_seat
from agreements.terms.models import MeasurementYear
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from scorecards.cards.models import Scorecard
from scorecards.feeds.queries import READ_SCORECARDS
from tests.dated import AT_RISK, RETURNED, dated_hospital
from tests.ground import YEAR, rolled_back, storage_in
from tests.machines import assert_problem, make_key

DAYS, DAYS_LEFT = 31 + 28 + 31 + 30, 365 - 120
CASES, BACK = 4 * AT_RISK, sum(RETURNED[2:6])  # 120 stays from January to April, 12 of them back


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    with (
        django_db_blocker.unblock(),
        storage_in(tmp_path_factory.mktemp("storage")),
        rolled_back(),
    ):
        tenant = dated_hospital(until=date(2025, 5, 1))
        with tenant_scope(tenant.pk):
            give_seat(
                program=MeasurementYear.objects.first().program,
                membership=Membership.objects.get(role=Role.PHYSICIAN_MANAGER),
                by=member(Role.CONSULTANT),
            )
        yield tenant


@pytest.fixture
def tenant(built, db):
    return built


@pytest.fixture
def year(tenant):
    with tenant_scope(tenant.pk):
        return MeasurementYear.objects.get(starts_on=YEAR.start)


@pytest.fixture
def look(tenant, year, client):
    """Ask the page as the physician manager, on the phone; return it in words."""
    with tenant_scope(tenant.pk):
        seat = Membership.objects.select_related("user").get(role=Role.PHYSICIAN_MANAGER)
    client.force_login(seat.user)

    def ask(*, htmx=False, **typed):
        headers = {"HX-Request": "true"} if htmx else {}
        address = reverse("scorecards:what-if", args=[tenant.slug, year.pk])
        answer = client.get(address, typed, headers=headers)
        assert answer.status_code == 200
        return words(answer.content.decode())

    return ask


def ask_api(tenant, year, query):
    key = make_key(tenant, [READ_SCORECARDS], name=uuid4().hex)
    address = f"/t/{tenant.slug}/api/v1/years/{year.pk}/what-if?{query}"
    return Client().get(address, headers={"Authorization": f"Bearer {key}"})


def words(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def test_with_nothing_typed_the_answer_is_the_scorecards_projection(look, tenant, year):
    with tenant_scope(tenant.pk):
        earned = Scorecard.objects.filter(year=year).latest("version").earned

    text = look()

    assert f"covers {DAYS} days of the year; {DAYS_LEFT} are still to come" in text
    assert f"What if: {earned} of $60,000.01, as projected" in text
    assert f"{BACK / CASES * 100:.1f} % so far, {BACK} / {CASES}" in text
    assert "A projection and no promise" in text


def test_the_cases_that_separate_the_year_from_its_next_tier_are_named(look):
    text = look()

    # 120 stays in 120 days, so 245 are expected in the 245 days to come. Of 365 stays in all
    # up to 5.0 % may be back to reach Target: fewer than 5.05 % of 365 are 18, and 12 are already.
    assert "Empty: 245, at the pace so far" in text
    assert (
        "Reach Target (5.0 %): At most 6 of the next 245 cases may be in the numerator: 19 fewer "
        in text
    )
    # Fewer than 10.05 % of 365 are 36: 24 may still come, and as so far 24.5 would.
    assert "Keep Threshold (10.0 %): At most 24 of the next 245 cases" in text
    assert "Worth $36,000.01, $18,000.00 more than projected." in text


def test_what_is_typed_is_added_to_what_was_counted_and_scored_by_the_terms(look):
    # 12 + 2 % of 300 are 18 of 420: 4.3 % reaches Target.
    text = look(**{"rest-readmission-30-day": "2 %", "size-readmission-30-day": "300"})

    assert "4.3 % of 420 cases Target reached $36,000.01 of $36,000.01" in text
    assert "$18,000.00 more than projected" in text
    assert "Readmission within 30 days $36,000.01 instead of $18,000.01" in text


def test_the_answer_alone_comes_while_typing_and_leaves_the_fields_alone(look):
    text = look(htmx=True, **{"rest-readmission-30-day": "2"})

    assert "What if: $" in text
    assert "Cases still to come" not in text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("rest-readmission-30-day", "abc", "Type a number such as 7.5, or leave this empty."),
        ("rest-readmission-30-day", "101", "Type 100 at most."),
        ("rest-readmission-30-day", "-1", "Type 0 at least."),
        ("size-readmission-30-day", "12.5", "Type a whole number: cases come whole."),
        ("size-readmission-30-day", "9" * 21, "at most 20 characters"),
    ],
)
def test_what_cannot_be_read_is_named_beside_its_field_and_nothing_is_worked_out(
    look, field, typed, sentence
):
    text = look(**{field: typed})

    assert sentence in text
    assert "Not worked out: a number above cannot be read." in text
    assert "instead of" not in text


def test_a_machine_gets_the_same_answer_in_exact_numbers(tenant, year):
    query = "performance=readmission-30-day:2%25&remaining=readmission-30-day:300"
    said = ask_api(tenant, year, query).json()

    assert (said["days_received"], said["days_left"]) == (DAYS, DAYS_LEFT)
    assert said["what_if"]["earned"] == "60000.01"
    assert said["projected"]["earned"] == "42000.01"
    readmission = said["indicators"][0]
    assert (readmission["remaining"], readmission["performance"]) == ("300", "1/50")
    assert readmission["what_if"]["tier"] == "Target"
    # Fewer than 5.05 % of 420 are 21, and 12 are already.
    assert [tier["events"] for tier in readmission["tiers"]] == [30, 9]
    for wrong in ("performance=x", "performance=readmission-30-day:2", "remaining=other:1", "x=1"):
        assert_problem(ask_api(tenant, year, wrong), 400, "invalid-request")


def test_a_closed_year_has_nothing_to_come(look, tenant, year):
    with tenant_scope(tenant.pk):
        freeze_year(year=year, by=member(Role.CONSULTANT))

    text = look()

    refusal = "The year is closed for adjudication, so nothing of it is still to come."
    assert refusal in text
    assert "What if:" not in text
    answer = ask_api(tenant, year, "")
    assert_problem(answer, 409, "refused-by-policy")
    assert refusal in answer.json()["detail"]


def test_the_dollars_of_a_scorecard_lead_to_the_terms_or_to_their_clause(tenant, year, client):
    with tenant_scope(tenant.pk):
        client.force_login(Membership.objects.select_related("user").get(role=Role.CEO).user)
        address = reverse("scorecards:scorecard", args=[tenant.slug, year.pk])
        assert "the signed terms</a>" in client.get(address).content.decode()

        agreement = Agreement.objects.create(
            program=year.program,
            title="Heart agreement",
            starts_on=YEAR.start,
            ends_on=date(2028, 1, 1),
            hospital_name="Riverside Hospital, Inc.",
            facility="Heart Center",
            state="TX",
            created_at=datetime(2024, 12, 1, tzinfo=UTC),
            created_by_id=member(Role.CONSULTANT).user_id,
        )
        clause = reverse(
            "agreements:clause-detail", args=[tenant.slug, agreement.pk, "incentive-fee"]
        )
        assert clause in client.get(address).content.decode()
