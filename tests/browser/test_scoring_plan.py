"""A scoring plan written in the browser: begun, mistaken, mended, tried, saved, and read."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from comanage.demo.build import _password_hash, member
from comanage.identity.models import User
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from tests.browser.people import Door
from tests.ground import small_draft, small_hospital

HOSPITAL = "planville"
EMAIL = f"{Role.CONSULTANT.value}@{HOSPITAL}.example"


@pytest.fixture(scope="module")
def draft(house, django_db_blocker):
    """A small hospital with the draft of a year."""
    with transaction.atomic():
        tenant = small_hospital(HOSPITAL)
        with tenant_scope(tenant.pk):
            assert member(Role.CONSULTANT)
            year = small_draft()
        User.objects.filter(email=EMAIL).update(password=_password_hash())
    return year.pk


@pytest.mark.long
def test_a_plan_is_begun_mistaken_mended_tried_saved_and_read(door: Door, draft):
    consultant = door.enter(EMAIL, HOSPITAL)
    consultant.go(f"/t/{HOSPITAL}/data/plans/{draft}/")
    consultant.reads("The standard tiers pay")
    consultant.click("Write a scoring plan")
    consultant.looks("plan-starts", dark=True)
    consultant.click("Achievement and improvement points by domain")
    consultant.reads("Nothing is saved before you have seen what changes")
    consultant.looks("plan-fields")
    weight = consultant.page.locator("[name=domains-0-weight]")
    right = weight.input_value()
    weight.fill("nine")
    consultant.reads("takes an exact number")
    consultant.looks("plan-mistake", dark=True)
    weight.fill(right)
    expect(consultant.page.get_by_text("takes an exact number")).to_have_count(0)

    consultant.click("Try these results")
    consultant.reads("Every step")
    consultant.looks("plan-tried")
    consultant.click("Edit as text")
    consultant.reads('"comanage.scoring-plan/1"')
    consultant.looks("plan-text")
    consultant.click("Edit as fields")
    consultant.click("Look at the changes")
    consultant.reads("What the plan would change")
    consultant.looks("plan-changes")
    consultant.click("Save the plan")
    consultant.reads("A scoring plan pays, in place of the weights and tiers")
    consultant.looks("plan-in-words", dark=True)
    consultant.click("Take the plan out")
    consultant.reads("The plan is out of the terms. Weights and tiers pay again.")
