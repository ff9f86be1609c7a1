"""A membership opens a hospital on its days and not a minute longer."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comanage.clients.actions import create_extract_client, revoke_extract_client
from comanage.identity.actions import end_membership
from comanage.identity.models import ExtractClient, Membership
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope
from comanage.web.errors import PolicyError
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import READ_SCORECARDS
from tests.clock import stand_at
from tests.settled import World

pytestmark = pytest.mark.xdist_group("memberships")  # one world for the module

HOME = "/t/riverside/"


def change(tenant: Tenant, role: Role, **given: object) -> None:
    with tenant_scope(tenant.pk):
        Membership.objects.filter(role=role).update(**given)


def at(zone: str, *clock: int) -> datetime:
    return datetime(*clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def opens(browser: Client, address: str = HOME) -> bool:
    answer = browser.get(address)
    assert answer.status_code in {200, 404}
    return answer.status_code == 200


def test_a_live_membership_opens_its_hospital(world: World):
    assert opens(world.browser(world.riverside, Role.CEO))


def test_a_revoked_membership_opens_nothing_at_once(world: World):
    browser = world.browser(world.riverside, Role.CEO)
    assert opens(browser)

    with tenant_scope(world.riverside.pk):
        end_membership(
            membership=Membership.objects.get(role=Role.CEO),
            by=world.actor(world.riverside, Role.TENANT_ADMINISTRATOR),
        )

    assert not opens(browser)


@pytest.mark.parametrize(
    ("role", "tenant", "zone"),
    [(Role.CEO, "riverside", "America/Chicago"), (Role.CEO, "lakeshore", "America/New_York")],
)
@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1), date(2028, 2, 29)])
def test_a_membership_begins_and_ends_at_the_hospitals_own_midnight(
    world: World, monkeypatch: pytest.MonkeyPatch, role: Role, tenant: str, zone: str, day: date
):
    """Also on the days the clocks change, and on 29 February."""
    hospital = getattr(world, tenant)
    change(hospital, role, starts_on=day, ends_on=day + timedelta(days=1))
    midnight = at(zone, day.year, day.month, day.day)
    after = day + timedelta(days=1)
    next_midnight = at(zone, after.year, after.month, after.day)
    second = timedelta(seconds=1)

    seen = []
    for moment in (midnight - second, midnight, next_midnight - second, next_midnight):
        stand_at(monkeypatch, moment)
        seen.append(opens(world.browser(hospital, role), f"/t/{tenant}/"))

    assert seen == [False, True, True, False]


@pytest.mark.parametrize(
    "given",
    [
        {"revoked_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"ends_on": date(2025, 1, 1)},
        {"starts_on": date(2999, 1, 1)},
    ],
    ids=["revoked", "ended", "not begun"],
)
def test_a_closed_membership_answers_like_a_hospital_that_is_not_there(
    world: World, given: dict[str, object]
):
    browser = world.browser(world.riverside, Role.CEO)
    absent = browser.get("/t/nowhere/")
    change(world.riverside, Role.CEO, **given)

    closed = browser.get(HOME)

    assert (closed.status_code, closed.content) == (absent.status_code, absent.content)
    assert absent.status_code == 404


def test_a_consultant_keeps_the_other_hospital_when_one_ends(world: World):
    browser = world.browser(world.riverside, Role.CONSULTANT)
    change(world.riverside, Role.CONSULTANT, revoked_at=timezone.now())

    assert not opens(browser, "/t/riverside/")
    assert opens(browser, "/t/lakeshore/")


def test_two_hospitals_in_two_tabs_do_not_mix(world: World):
    browser = world.browser(world.riverside, Role.CONSULTANT)

    for slug, own, other in (
        ("riverside", b"Cardiovascular", b"Orthopedic"),
        ("lakeshore", b"Orthopedic", b"Cardiovascular"),
    ) * 2:
        page = browser.get(f"/t/{slug}/programs/").content
        assert own in page
        assert other not in page


def test_an_inactive_person_is_signed_out(world: World):
    ceo = world.user(world.riverside, Role.CEO)
    browser = world.browser(world.riverside, Role.CEO)
    ceo.is_active = False
    ceo.save(update_fields=["is_active"])

    answer = browser.get(HOME)

    assert answer.status_code == 302
    assert "/accounts/login/" in answer.headers["Location"]


def test_nobody_ends_their_own_membership(world: World):
    admin = world.actor(world.riverside, Role.TENANT_ADMINISTRATOR)

    with tenant_scope(world.riverside.pk), pytest.raises(PolicyError, match="their own"):
        end_membership(membership=Membership.objects.get(pk=admin.membership_id), by=admin)


def test_an_administrator_cuts_a_members_access_on_the_page(world: World):
    with tenant_scope(world.riverside.pk):
        finance = Membership.objects.get(role=Role.FINANCE)
    browser = world.browser(world.riverside, Role.TENANT_ADMINISTRATOR)

    answer = browser.post(reverse("web:member-end", args=["riverside", finance.pk]), follow=True)

    assert answer.status_code == 200
    with tenant_scope(world.riverside.pk):
        assert Membership.objects.get(pk=finance.pk).revoked_at is not None


# --- Machines ---------------------------------------------------------------------------------

FEEDS = "/t/riverside/api/v1/feeds"


def test_a_key_opens_its_hospital(world: World):
    assert world.machine(world.riverside).get(FEEDS).status_code == 200


def test_a_key_of_another_hospital_finds_nothing(world: World):
    answer = world.machine(world.lakeshore).get(FEEDS)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_revoked_key_is_nobodys(world: World):
    with tenant_scope(world.riverside.pk):
        revoke_extract_client(
            client=ExtractClient.objects.get(),
            by=world.actor(world.riverside, Role.TENANT_ADMINISTRATOR),
        )

    assert world.machine(world.riverside).get(FEEDS).status_code == 401


def test_an_expired_key_is_nobodys(world: World, monkeypatch: pytest.MonkeyPatch):
    with tenant_scope(world.riverside.pk):
        expires_at = ExtractClient.objects.get().expires_at

    stand_at(monkeypatch, expires_at - timedelta(seconds=1))
    assert world.machine(world.riverside).get(FEEDS).status_code == 200
    stand_at(monkeypatch, expires_at)
    assert world.machine(world.riverside).get(FEEDS).status_code == 401


@pytest.mark.parametrize("part", [0, 1, 2, 3])
def test_a_key_with_one_part_changed_is_nobodys(world: World, part: int):
    parts = world.keys[world.riverside.pk].split("_")
    parts[part] = parts[part][:-1] + ("0" if parts[part][-1] != "0" else "1")

    answer = Client(headers={"Authorization": f"Bearer {'_'.join(parts)}"}).get(FEEDS)

    assert answer.status_code == 401


def test_a_key_with_another_hospitals_tenant_written_in_is_nobodys(world: World):
    """The key names its tenant; naming another one must not carry the machine over there."""
    mine, others = (
        world.keys[tenant.pk].split("_") for tenant in (world.riverside, world.lakeshore)
    )
    forged = "_".join([mine[0], others[1], mine[2], mine[3]])

    for slug in ("riverside", "lakeshore"):
        answer = Client(headers={"Authorization": f"Bearer {forged}"}).get(
            f"/t/{slug}/api/v1/feeds"
        )
        assert answer.status_code == 401


def test_the_secret_of_a_key_is_stored_nowhere(world: World):
    secret = world.keys[world.riverside.pk].split("_")[3]

    with tenant_scope(world.riverside.pk):
        client = ExtractClient.objects.get()

    assert secret not in str(client.__dict__)
    assert len(client.secret_sha256) == 64


def test_a_key_without_the_scope_may_not_write_to_a_feed(world: World):
    with tenant_scope(world.riverside.pk):
        feed = Feed.objects.get()
        _, key = create_extract_client(
            name="Reader",
            scopes=[READ_SCORECARDS],
            by=world.actor(world.riverside, Role.TENANT_ADMINISTRATOR),
        )
    machine = Client(
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": "key-of-the-file"}
    )

    answer = machine.post(f"{FEEDS}/{feed.pk}/submissions?period=2025", b"x", "text/csv")

    assert answer.status_code in {403, 404}
    assert machine.get(FEEDS).json() == []
