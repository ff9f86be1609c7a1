"""A draft tried on past results: the year before, or the baseline where that counted otherwise."""

import html
import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from agreements.terms.document import terms_document
from agreements.terms.models import MeasurementYear
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from comanage.values.period import Period
from tests.ground import (
    HBA1C,
    READMISSION,
    YEAR,
    hand_in,
    open_year,
    rolled_back,
    small_draft,
    small_hospital,
    small_opinion,
    stays,
    storage_in,
)

NEXT = Period(date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    with (
        django_db_blocker.unblock(),
        storage_in(tmp_path_factory.mktemp("storage")),
        rolled_back(),
    ):
        tenant = small_hospital()
        with tenant_scope(tenant.pk):
            open_year(indicators=((*READMISSION[:1], 100, READMISSION[2]),))
            hand_in(stays())
            opinion = small_opinion(valid_from=NEXT.start, valid_until=NEXT.end)
            small_draft(indicators=(READMISSION, HBA1C), period=NEXT, opinion=opinion)
        yield tenant


@pytest.fixture
def tenant(built, db):
    return built


def draft(tenant):
    with tenant_scope(tenant.pk):
        return MeasurementYear.objects.get(starts_on=NEXT.start)


def look(tenant, **tried):
    with tenant_scope(tenant.pk):
        user = Membership.objects.select_related("user").get(role=Role.CONSULTANT).user
    client = Client()
    client.force_login(user)
    address = reverse("scorecards:design", args=[tenant.slug, draft(tenant).pk])
    begun = client.get(address)
    assert begun.status_code == 200
    fields = {}
    if tried:
        form = begun.context["form"]
        fields = {
            name: form.get_initial_for_field(each, name) for name, each in form.fields.items()
        }
    given = {name.replace("__", "-"): value for name, value in tried.items()}
    assert given.keys() <= fields.keys()
    answer = client.get(address, fields | given) if tried else begun
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split())


def test_the_year_before_is_scored_where_it_counted_alike_else_the_baseline(tenant):
    text = look(tenant)

    # 3 of 40 are 7.5 %, half of 36,000.01; the baseline of 4 over 40 is below HbA1c's tiers.
    assert "7.5 % Scorecard of 1 Jan 2025 to 31 Dec 2025 $18,000.01 Threshold" in text
    assert "10.0 % Baseline: Last year $0.00 Below every tier" in text
    assert str(YEAR) in text


def test_the_draft_tried_unchanged_is_the_draft(tenant):
    assert (
        look(tenant, fixed_fee="90000.00").count("$18,000.01") == 4
    )  # a line and the total, twice


def test_other_weights_tiers_and_shares_are_scored_by_the_same_engine(tenant):
    text = look(
        tenant,
        **{
            "weight-readmission-30-day": "50",
            "weight-hba1c-measured": "50",
            "goal-readmission-30-day-0": "8",
            "share-readmission-30-day-0": "60",
            "incentive_pool": "50000",
        },
    )

    assert "$15,000.00 Threshold" in text  # 60 % of a half of 50,000
    assert "could not be locked" not in text


def test_what_the_opinion_does_not_support_and_weights_that_do_not_add_up_are_named(tenant):
    text = look(tenant, **{"incentive_pool": "65000.01", "weight-hba1c-measured": "41"})

    assert "Terms like these could not be locked" in text
    assert "The incentive pool of $65,000.01 is above the opinion's $65,000.00." in text
    assert "The weights add up to 101, not 100." in text


def test_tiers_out_of_order_are_named_and_nothing_is_scored(tenant):
    text = look(tenant, **{"goal-readmission-30-day-1": "12"})

    assert "the goal must get better from “Threshold” to “Target”" in text
    assert "As tried" not in text


def test_trying_leaves_the_draft_as_it_is(tenant):
    with tenant_scope(tenant.pk):
        before = terms_document(draft(tenant))

    look(tenant, **{"weight-hba1c-measured": "1"})

    with tenant_scope(tenant.pk):
        assert terms_document(draft(tenant)) == before


def test_terms_that_are_locked_are_not_tried_on(tenant):
    with tenant_scope(tenant.pk):
        user = Membership.objects.select_related("user").get(role=Role.CONSULTANT).user
        signed = MeasurementYear.objects.get(starts_on=YEAR.start)
    client = Client()
    client.force_login(user)

    answer = client.get(reverse("scorecards:design", args=[tenant.slug, signed.pk]))

    assert "These terms are locked." in answer.content.decode()
