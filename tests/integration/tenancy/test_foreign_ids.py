"""Another hospital's ids in every field that takes one: refused, like ids that are nowhere."""

from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from agreements.terms.models import MeasurementYear
from agreements.valuations.models import Opinion
from comanage.identity.models import ExtractClient, Membership
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope
from indicators.library.models import IndicatorVersion
from scorecards.dataagreements.models import DataAgreement
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import write_scope
from tests.ground import FEED_FACTS
from tests.settled import OTHER_PROGRAM, World

pytestmark = pytest.mark.xdist_group("foreign ids")  # one world for the module

YEAR = {
    "starts_on": "2027-01-01",
    "last_day": "2027-12-31",
    "fixed_fee": "1",
    "incentive_pool": "1",
    "missing_rule": "redistribute",
    "early_end": "by_days",
}
AGREED = {
    "weight": "10",
    "baseline_numerator": "1",
    "baseline_denominator": "2",
    "data_source": "EHR",
    "baseline_source": "2024",
    "minimum_cases": "20",
    "compare_places": "1",
    "threshold_goal": "8%",
    "threshold_share": "50%",
}
FEED = {
    "name": "New feed",
    "source_system": "EHR",
    "level": "L1",
    **FEED_FACTS,
    "columns": "encounter_id code required",
    "row_key": "encounter_id",
}
FIELDS = ("membership", "opinion", "version", "programs", "scopes", "owner", "agreement")


def an_id(field: str, tenant: Tenant) -> UUID:
    model = {
        "membership": Membership,
        "opinion": Opinion,
        "version": IndicatorVersion,
        "programs": MeasurementYear,
        "scopes": Feed,
        "owner": Membership,
        "agreement": DataAgreement,
    }[field]
    with tenant_scope(tenant.pk):
        rows = model.objects.all()
        if field == "membership":  # only who needs a seat can be given one
            rows = rows.filter(role=Role.PHYSICIAN_MANAGER)
        row = rows.first()
        return row.program_id if field == "programs" else row.pk


def submit(world: World, field: str, value: UUID) -> list[str]:
    """Send a form of Riverside with a value in a field, and return that field's errors."""
    with tenant_scope(world.riverside.pk):
        year = MeasurementYear.objects.get(program__name=OTHER_PROGRAM)
        program, feed_scope = year.program_id, f"feed:{value}:write"
    name, args, body, role = {
        "membership": ("agreements:seat-give", [program], {}, Role.CONSULTANT),
        "opinion": ("agreements:year-draft", [program], YEAR, Role.CONSULTANT),
        "version": ("agreements:indicator-agree", [year.pk], AGREED, Role.CONSULTANT),
        "programs": ("scorecards:feed-declare", [], FEED, Role.CONSULTANT),
        "owner": ("scorecards:feed-declare", [], FEED, Role.CONSULTANT),
        "agreement": ("scorecards:feed-declare", [], FEED, Role.CONSULTANT),
        "scopes": ("web:client-create", [], {"name": "New"}, Role.TENANT_ADMINISTRATOR),
    }[field]
    sent = {**body, field: feed_scope if field == "scopes" else str(value)}
    answer = world.browser(world.riverside, role).post(
        reverse(name, args=["riverside", *args]), sent
    )
    shown = "facts" if name == "scorecards:feed-declare" else "form"
    if answer.status_code == 302 or shown not in answer.context:
        return []
    errors = answer.context[shown].errors.get(field, [])
    return [str(error).replace(str(value), "…") for error in errors]


@pytest.mark.parametrize("field", FIELDS)
def test_another_hospitals_id_is_refused_like_one_that_is_nowhere(world: World, field: str):
    foreign = submit(world, field, an_id(field, world.lakeshore))
    absent = submit(world, field, uuid4())

    assert foreign
    assert foreign == absent


@pytest.mark.parametrize("field", [each for each in FIELDS if each != "opinion"])
def test_an_own_id_is_accepted_in_the_same_form(world: World, field: str):
    """Otherwise the refusals above would prove nothing."""
    own = an_id(field, world.riverside)
    with tenant_scope(world.riverside.pk):
        year = MeasurementYear.objects.get(program__name=OTHER_PROGRAM)
        if field == "programs":
            own = year.program_id
        if field == "version":
            agreed = year.indicators.get().version_id
            own = IndicatorVersion.objects.exclude(pk=agreed).first().pk

    assert submit(world, field, own) == []


def test_an_opinion_of_another_program_is_refused(world: World):
    with tenant_scope(world.riverside.pk):
        own = Opinion.objects.get(program__name=OTHER_PROGRAM).pk
        others = Opinion.objects.exclude(program__name=OTHER_PROGRAM).get().pk

    assert submit(world, "opinion", others) != []
    assert submit(world, "opinion", own) == []


def test_a_tenant_in_the_body_changes_nothing(world: World):
    browser = world.browser(world.riverside, Role.TENANT_ADMINISTRATOR)

    browser.post(
        reverse("web:member-grant", args=["riverside"]),
        {
            "name": "New Member",
            "email": "new@riverside.example",
            "role": Role.EXECUTIVE,
            "starts_on": "2026-01-01",
            "tenant": str(world.lakeshore.pk),
            "tenant_id": str(world.lakeshore.pk),
        },
    )

    with tenant_scope(world.lakeshore.pk):
        assert not Membership.objects.filter(user__email="new@riverside.example").exists()
    with tenant_scope(world.riverside.pk):
        assert Membership.objects.filter(user__email="new@riverside.example").exists()


def test_a_machine_cannot_write_to_another_hospitals_feed(world: World):
    with tenant_scope(world.lakeshore.pk):
        feed = Feed.objects.get()
    with tenant_scope(world.riverside.pk):  # even a scope that names it opens nothing
        client = ExtractClient.objects.get()
        client.scopes = [*client.scopes, write_scope(feed)]
        client.save(update_fields=["scopes"])

    for feed_id in (feed.pk, uuid4()):
        answer = world.machine(world.riverside).post(
            f"/t/riverside/api/v1/feeds/{feed_id}/submissions?period=2025",
            b"x",
            "text/csv",
            headers={"Idempotency-Key": "key-of-the-file"},
        )
        assert answer.status_code == 404
