"""Every address: it names a permission, obeys it, and shows another hospital nothing."""

import re
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from agreements.participants.models import ProgramSeat
from agreements.programs.models import Program
from agreements.terms.models import AgreedIndicator, MeasurementYear
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.clients.doors import OPEN_DOORS
from comanage.identity.models import Membership
from comanage.identity.roles import GRANTS, Permission, Role
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope
from tests.doors import (
    ABOUT_A_RECORD,
    ALLAUTH,
    API,
    ASKS,
    DOORS,
    IN_A_PROGRAM,
    OPEN,
    PAGES,
    RECORDS,
    TYPESET,
    UNDER_A_HOSPITAL,
    WITHOUT_A_HOSPITAL,
    Door,
    all_routes,
)
from tests.growth import unseated_records
from tests.settled import OTHER_PROGRAM, World, undone

pytestmark = pytest.mark.xdist_group("doors")  # one world for the module

MEMBER_ROLES = [role for role in Role if role is not Role.EXTRACT_CLIENT]
each_door = pytest.mark.parametrize("door", DOORS, ids=str)
each_page = pytest.mark.parametrize("door", PAGES, ids=str)
each_api_door = pytest.mark.parametrize("door", API, ids=str)
each_record_door = pytest.mark.parametrize("door", ABOUT_A_RECORD, ids=str)


def record_of(door: Door, tenant: Tenant) -> UUID | None:
    """Return the record of the settled program that the door is about."""
    if door.record is None:
        return None
    with tenant_scope(tenant.pk):
        rows = door.record.objects.all()
        within = {
            Program: {"seats__isnull": False},
            MeasurementYear: {"program__seats__isnull": False},
            AgreedIndicator: {"year__program__seats__isnull": False},
        }.get(door.record, {})
        return rows.filter(**within).first().pk


def knock(client: Client, method: str, address: str) -> HttpResponse:
    """Ask, and take back whatever the answer wrote."""
    with undone():
        body = {"data": b"", "content_type": "text/csv"} if "/api/" in address else {}
        return getattr(client, method)(address, **(body if method in {"post", "put"} else {}))


def allowed_roles(door: Door) -> list[Role]:
    return [role for role in MEMBER_ROLES if door.permission in GRANTS[role]]


def holder(world: World, tenant: Tenant, door: Door) -> Client:
    """Return a client of the hospital that the door's permission lets in."""
    if door.is_api:
        return world.machine(tenant)
    with tenant_scope(tenant.pk):
        members = Membership.objects.filter(role__in=allowed_roles(door))
        bound = [Role.PHYSICIAN, Role.PHYSICIAN_MANAGER]
        role = Role((members.exclude(role__in=bound).first() or members.first()).role)
    return world.browser(tenant, role)


def comparable(answer: HttpResponse) -> tuple[int, str, bytes]:
    """Return what a stranger could tell answers apart by, less what is new each time."""
    body = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", answer.content)
    body = re.sub(rb'"request_id": ?"\w+"', b"", body)
    return answer.status_code, answer.headers.get("Content-Type", ""), body


# --- What stands where ------------------------------------------------------------------------


def test_every_address_stands_under_a_hospital_or_on_the_list():
    outside = {
        route
        for route in all_routes()
        if not route.startswith((UNDER_A_HOSPITAL, ALLAUTH)) and route not in WITHOUT_A_HOSPITAL
    }

    assert outside == set()


def test_no_listed_address_is_gone():
    assert WITHOUT_A_HOSPITAL.keys() <= all_routes().keys()
    assert RECORDS.keys() <= {door.name for door in DOORS}
    assert OPEN.keys() <= {name for name, _ in all_routes().values()}


def test_the_open_doors_are_those_that_the_middleware_lets_through():
    routes = {route for route, (name, _) in all_routes().items() if name in OPEN}

    assert {route.removeprefix(UNDER_A_HOSPITAL) for route in routes} == OPEN_DOORS


@pytest.mark.parametrize("name", sorted(OPEN))
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_an_open_door_tells_nobody_which_hospitals_are_here(world: World, name: str, method: str):
    """With the session or key of a member as with none; in answers and in what is written."""
    answers = [
        knock(client, method, reverse(name, args=[slug]))
        for slug in ("riverside", "lakeshore", "nowhere")
        for client in (
            Client(),
            world.browser(world.riverside, Role.TENANT_ADMINISTRATOR),
            world.machine(world.riverside),
        )
    ]

    assert len({answer.status_code for answer in answers}) == 1
    told = {re.sub(r"/t/\w+/", "/t/x/", answer.content.decode()) for answer in answers}
    assert len({re.sub(r'"request_id":"\w+"', "", text) for text in told}) == 1


@each_door
def test_every_address_names_a_permission(door: Door):
    assert isinstance(door.permission, Permission)


def test_every_address_asks_for_what_stands_here():
    assert {door.name: door.permission for door in DOORS} == ASKS


def test_every_permission_opens_something():
    assert {door.permission for door in DOORS} == set(Permission)


# --- Roles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", MEMBER_ROLES)
def test_a_role_is_denied_exactly_what_its_grants_leave_out(world: World, role: Role):
    browser = world.browser(world.riverside, role)

    for door in PAGES:
        if door.name in TYPESET and role in allowed_roles(door)[1:]:
            continue
        address = door.address("riverside", record_of(door, world.riverside))
        answers = [knock(browser, method, address).status_code for method in ("get", "post")]
        if door.permission in GRANTS[role]:
            assert answers[0] in {200, 302, 405}, (role, door, answers)
            assert answers[1] in {200, 302, 405}, (role, door, answers)
            assert answers != [405, 405], (role, door, answers)
        else:
            assert answers == [403, 403], (role, door, answers)


def test_a_denial_is_in_the_trail(world: World):
    world.browser(world.riverside, Role.PHYSICIAN).get("/t/riverside/audit/")

    with tenant_scope(world.riverside.pk):
        newest = Event.objects.order_by("-sequence").first()
    assert (newest.kind, newest.actor_role) == (EventKind.ACCESS_DENIED, Role.PHYSICIAN)
    assert newest.details == {"permission": Permission.AUDIT_VIEW.value}


# --- Strangers --------------------------------------------------------------------------------


@each_page
def test_a_stranger_is_asked_to_sign_in(world: World, door: Door):
    address = door.address("riverside", record_of(door, world.riverside))

    for method in ("get", "post"):
        answer = knock(Client(), method, address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/?next=")


@each_api_door
@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer cmk_x", "Basic YTpi", "Bearer cmk_{t}_{c}_00"]
)
def test_the_api_answers_nobody_without_a_key(world: World, door: Door, header: str | None):
    address = door.address("riverside", record_of(door, world.riverside))
    text = header and header.format(t=world.riverside.pk.hex, c=uuid4().hex)
    stranger = Client(headers={} if text is None else {"Authorization": text})

    for method in door.methods:
        answer = knock(stranger, method, address)
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:comanage:problem:not-authenticated"


@each_api_door
def test_a_session_opens_no_api(world: World, door: Door):
    browser = world.browser(world.riverside, Role.CONSULTANT)

    address = door.address("riverside", record_of(door, world.riverside))
    assert knock(browser, "get", address).status_code == 401


@each_page
def test_a_key_opens_no_page(world: World, door: Door):
    machine = world.machine(world.riverside)

    address = door.address("riverside", record_of(door, world.riverside))
    assert knock(machine, "get", address).status_code == 302


# --- The other hospital -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mine", "others"), [("riverside", "lakeshore"), ("lakeshore", "riverside")]
)
def test_no_address_of_another_hospital_exists(world: World, mine: str, others: str):
    home, away = getattr(world, mine), getattr(world, others)
    browser, machine = world.browser(home, Role.TENANT_ADMINISTRATOR), world.machine(home)

    for door in DOORS:
        client = machine if door.is_api else browser
        for method in door.methods:
            foreign = knock(client, method, door.address(others, record_of(door, away)))
            absent = knock(client, method, door.address("nowhere", record_of(door, away)))
            assert foreign.status_code == 404, (door, method)
            assert comparable(foreign) == comparable(absent), (door, method)


@pytest.mark.parametrize(
    ("mine", "others"), [("riverside", "lakeshore"), ("lakeshore", "riverside")]
)
@each_record_door
def test_another_hospitals_record_does_not_exist_at_mine(
    world: World, door: Door, mine: str, others: str
):
    home, away = getattr(world, mine), getattr(world, others)

    own, foreign, absent = (
        [
            knock(holder(world, home, door), method, door.address(mine, record_id))
            for method in door.methods
        ]
        for record_id in (record_of(door, home), record_of(door, away), uuid4())
    )

    mine_alone = {200, 202, 302, 400, 405, 409, 415, 428}  # 409: a closed year is not played on
    assert {answer.status_code for answer in own} <= mine_alone, "not mine"
    assert [answer.status_code for answer in foreign].count(404) >= 1
    assert {answer.status_code for answer in foreign} <= {404, 405}
    assert [comparable(answer) for answer in foreign] == [comparable(answer) for answer in absent]


# --- Programs ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.PHYSICIAN_MANAGER, Role.PHYSICIAN])
def test_who_is_bound_to_programs_sees_their_own_and_no_other(world: World, role: Role):
    # Two windows: what is said in the one of what is theirs is not shown in the other.
    owner, browser = (world.browser(world.riverside, role) for _ in range(2))
    open_to_them = [
        door for door in PAGES if door.permission in GRANTS[role] and door.record in IN_A_PROGRAM
    ]

    assert open_to_them
    owned = [record_of(door, world.riverside) for door in open_to_them]
    with tenant_scope(world.riverside.pk):
        unseated = unseated_records()
    for door, mine in zip(open_to_them, owned, strict=True):
        if door.record not in unseated:  # the other program has no report
            continue
        own = door.address("riverside", mine)
        other = door.address("riverside", unseated[door.record])
        absent = door.address("riverside", uuid4())
        # What is sent empty is done, or comes back with what it lacks.
        way = "post" if getattr(door.view, "is_posted_only", False) else "get"
        if door.name not in TYPESET:
            assert knock(owner, way, own).status_code in {200, 302}, door
        refused = knock(browser, way, other)
        assert refused.status_code == 404, door
        assert comparable(refused) == comparable(knock(browser, way, absent)), door


@pytest.mark.parametrize("role", [Role.PHYSICIAN_MANAGER, Role.PHYSICIAN])
def test_no_list_names_a_program_to_those_without_a_seat(world: World, role: Role):
    unseated, consultant = (
        world.browser(world.riverside, each) for each in (role, Role.CONSULTANT)
    )

    for door in PAGES:
        if door.permission in GRANTS[role] and door.record is None:
            address = door.address("riverside")
            assert OTHER_PROGRAM.encode() not in knock(unseated, "get", address).content
    programs = reverse("agreements:program-list", args=["riverside"])
    assert OTHER_PROGRAM.encode() in knock(consultant, "get", programs).content


def test_a_seat_at_one_program_is_lost_with_the_seat(world: World):
    browser = world.browser(world.riverside, Role.PHYSICIAN_MANAGER)
    with tenant_scope(world.riverside.pk):
        seat = ProgramSeat.objects.get(membership__role=Role.PHYSICIAN_MANAGER)
        program = seat.program_id
        seat.delete()

    address = reverse("agreements:program-detail", args=["riverside", program])
    assert browser.get(address).status_code == 404


def test_the_sweep_acts_behind_the_wall(world: World):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("comanage_app",)
