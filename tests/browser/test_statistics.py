"""Fourteen months of dated stays, read by the data steward: over time, by group, case by case."""

import pytest
from django.db import transaction

from agreements.terms.models import MeasurementYear
from comanage.demo.build import _password_hash
from comanage.identity.models import User
from comanage.tenancy.scope import tenant_scope
from tests.browser.people import Door
from tests.dated import dated_hospital

STEWARD = "service_line_administrator@smallville.example"
CONSULTANT = "consultant@smallville.example"


@pytest.fixture(scope="module")
def year_pk(house, django_db_blocker):
    """A dated hospital beside the others; nothing rings before it is whole."""
    with transaction.atomic():
        tenant = dated_hospital()
        people = User.objects.filter(email__in=(STEWARD, CONSULTANT))
        people.update(password=_password_hash())
    with tenant_scope(tenant.pk):
        return MeasurementYear.objects.order_by("-starts_on").first().pk


@pytest.mark.long
def test_the_statistics_of_a_year_are_read_from_its_scorecard(door: Door, year_pk):
    steward = door.enter(STEWARD, "smallville")
    steward.go(f"/t/smallville/data/scorecards/{year_pk}/")
    steward.reads("Not met, within the reach of chance", "chance alone could explain it")
    steward.looks("scorecard-statistics", dark=True)

    steward.click("What if…")
    steward.reads("A projection and no promise", "Its data covers the whole year")
    fields = steward.page.get_by_label("Cases still to come")
    fields.first.fill("60")
    steward.page.get_by_label("Their rate, in %", exact=True).fill("0")
    # The answer comes without a press: 43 of 420 stays are 10.2 %.
    steward.reads("10.2 % of 420 cases")
    steward.looks("what-if", dark=True)
    steward.go(f"/t/smallville/data/scorecards/{year_pk}/")

    steward.click("Over time")
    steward.reads("Hit or miss: chance decides", "Oct 2025", "12 of 30 cases")
    steward.page.get_by_text("Readmission within 30 days: the same as a table").click()
    steward.looks("trend", dark=True)

    steward.page.go_back()
    steward.click("By group")
    steward.looks("strata-choice")
    steward.field("By").select_option(label="Attending")
    steward.click("Show")
    steward.reads("All together", "Of 12 groups compared")
    steward.looks("strata", dark=True)
    steward.field("By").select_option(label="Specialty of the admitting physician")
    steward.click("Show")
    steward.reads("A funnel needs 10 units or more, not 1")

    steward.go(f"/t/smallville/data/scorecards/{year_pk}/")
    steward.click("Cases and why")
    steward.reads("43", "outside the scope of the program")
    steward.page.get_by_role("link", name="Not eligible").click()
    steward.reads("Holds: Discharge disposition is one of")
    steward.looks("cases", dark=True)


@pytest.mark.long
def test_an_opportunity_is_asked_computed_and_read_with_its_arithmetic(door: Door, year_pk):
    consultant = door.enter(CONSULTANT, "smallville")
    consultant.click("Programs")
    consultant.page.locator("main table a").first.click()
    consultant.click("Opportunities")
    consultant.click("New assessment")
    consultant.fill(
        {
            "First day": "2025-01-01",
            "Last day": "2025-12-31",
            "Compare": "Attending",
            "Which cases": "medical_specialty = 'Cardiology'",
        }
    )
    assess = consultant.page.get_by_role("group").filter(has_text="Readmission").first
    assess.get_by_label("Assess it").check()
    consultant.looks("opportunity-asked")
    consultant.click("Assess")
    # 12 attendings of 30 stays each in the year; the job is a worker's.
    consultant.reads("Practice against evidence", "Of 12 units compared", "Over time", "Size")
    consultant.looks("opportunity", dark=True)
