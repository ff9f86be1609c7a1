"""The trail of two settled years: what is in it, and what is not."""

from collections import Counter
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from adjudication.package.models import Report
from adjudication.years.steps import ORDER
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.audit.queries import verify_chain
from comanage.audit.record import GENESIS, event_hash, record_event
from comanage.demo.cast import PASSWORD
from comanage.demo.hospitals import HOSPITALS
from comanage.identity.actor import Actor
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope
from scorecards.intake.identifiers import holds_identifier, identifier_kind
from tests.conftest import OWNER, acting_as
from tests.settled import World, undone

pytestmark = pytest.mark.xdist_group("trail")  # one world for the module

TABLE = Event._meta.db_table


def trail(tenant: Tenant) -> list[Event]:
    with tenant_scope(tenant.pk):
        return list(Event.objects.order_by("sequence"))


def tamper(statement: str, *values: object) -> None:
    """Change the trail as somebody could who owns the database."""
    connection.check_constraints()
    with acting_as(OWNER), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY")
        cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
        cursor.execute(statement.format(table=TABLE), values)
        assert cursor.rowcount > 0, "nothing was tampered with"
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")
        cursor.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")


def test_a_settled_year_left_one_event_for_each_deed(world: World):
    found = Counter(event.kind for event in trail(world.riverside))
    hospital = HOSPITALS[0]
    programs = 2

    assert found == {
        EventKind.MEMBERSHIP_GRANTED: len(hospital.people),
        EventKind.PROGRAM_CREATED: programs,
        EventKind.OPINION_FILED: programs,
        EventKind.YEAR_DRAFTED: programs,
        EventKind.PARTICIPANT_ADDED: len(hospital.program.physicians),
        EventKind.SEAT_GIVEN: 2,  # manager and physician
        EventKind.SCREENED: 1,  # both lists for everybody
        EventKind.INDICATOR_ADOPTED: len(hospital.program.goals),
        EventKind.INDICATOR_AGREED: len(hospital.program.goals) + 1,
        EventKind.TERMS_LOCKED: 1,
        EventKind.PERIOD_OPENED: 1,
        EventKind.FEED_DECLARED: 1,
        EventKind.UPLOAD_RECEIVED: 2,
        EventKind.UPLOAD_REJECTED: 1,
        EventKind.UPLOAD_ACCEPTED: 1,
        EventKind.SCORECARD_COMPUTED: 1,
        EventKind.PERIOD_CLOSED: 1,
        EventKind.ADJUDICATION_OPENED: 1,
        EventKind.REVIEW_RECOMPUTED: 1,
        EventKind.COMMENTED: 2,
        EventKind.NOTICE_SENT: 3,
        EventKind.SIGNED_OFF: len(ORDER),
        EventKind.YEAR_BOOKED: 1,
        EventKind.PAYMENT_RECORDED: 1,
        EventKind.REPORT_RENDERED: 2,
        EventKind.CLIENT_CREATED: 1,
        EventKind.API_KEYS_ALLOWED: 1,
        EventKind.DATA_AGREEMENT_FILED: 1,
    }


def test_the_chain_runs_from_the_beginning_without_a_gap(world: World):
    for tenant in (world.riverside, world.lakeshore):
        events = trail(tenant)
        assert [event.sequence for event in events] == list(range(1, len(events) + 1))
        assert [event.previous_hash for event in events] == [
            GENESIS,
            *(event.hash for event in events[:-1]),
        ]
        with tenant_scope(tenant.pk):
            assert (verify_chain().holds, verify_chain().events) == (True, len(events))


COLUMNS = {
    "at": "at = at + interval '1 second'",
    "kind": "kind = 'audit.viewed'",
    "actor_kind": "actor_kind = 'system'",
    "actor_id": "actor_id = gen_random_uuid()",
    "actor_name": "actor_name = 'Somebody else'",
    "actor_role": "actor_role = 'physician'",
    "subject_type": "subject_type = 'other'",
    "subject_id": "subject_id = gen_random_uuid()",
    "subject_label": "subject_label = subject_label || '.'",
    "details": """details = details || '{{"total": "1.00"}}'""",
    "previous_hash": "previous_hash = repeat('1', 64)",
    "hash": "hash = repeat('1', 64)",
}


def test_every_column_of_an_event_is_tried():
    """A new column that the hash leaves out could be edited unseen."""
    columns = {field.column for field in Event._meta.local_fields}

    assert columns - {"id", "tenant_id", "sequence"} == COLUMNS.keys()


@pytest.mark.parametrize("column", COLUMNS)
def test_an_edit_is_found_at_its_place(world: World, column: str):
    tamper(
        f"UPDATE {{table}} SET {COLUMNS[column]} WHERE tenant_id = %s AND sequence = 14",
        world.riverside.pk,
    )

    with tenant_scope(world.riverside.pk):
        assert verify_chain().broken_at == 14
    with tenant_scope(world.lakeshore.pk):
        assert verify_chain().holds


def test_a_removed_event_is_found_at_its_place(world: World):
    tamper("DELETE FROM {table} WHERE tenant_id = %s AND sequence = 9", world.riverside.pk)

    with tenant_scope(world.riverside.pk):
        assert verify_chain().broken_at == 9


def test_a_gap_that_was_closed_again_is_found(world: World):
    tamper("DELETE FROM {table} WHERE tenant_id = %s AND sequence = 9", world.riverside.pk)
    tamper(
        "UPDATE {table} SET sequence = sequence + 1000 WHERE tenant_id = %s AND sequence > 9",
        world.riverside.pk,
    )
    tamper(
        "UPDATE {table} SET sequence = sequence - 1001 WHERE tenant_id = %s AND sequence > 1000",
        world.riverside.pk,
    )

    with tenant_scope(world.riverside.pk):
        assert verify_chain().broken_at == 9


def test_two_swapped_events_are_found(world: World):
    for before, after in ((7, 5000), (8, 7), (5000, 8)):
        tamper(
            "UPDATE {table} SET sequence = %s WHERE tenant_id = %s AND sequence = %s",
            after,
            world.riverside.pk,
            before,
        )

    with tenant_scope(world.riverside.pk):
        assert verify_chain().broken_at == 7


def test_a_removed_beginning_is_found(world: World):
    tamper("DELETE FROM {table} WHERE tenant_id = %s AND sequence = 1", world.riverside.pk)

    with tenant_scope(world.riverside.pk):
        assert verify_chain().broken_at == 1


def test_an_event_of_another_hospital_put_in_its_place_is_found(world: World):
    with tenant_scope(world.riverside.pk):
        event = Event.objects.get(sequence=5)
        own = event_hash(event)
        event.tenant_id = world.lakeshore.pk

        assert event_hash(event) != own


def test_an_event_of_a_deed_that_was_undone_is_undone_with_it(world: World):
    with tenant_scope(world.riverside.pk):
        before = Event.objects.count()
        with undone():
            record_event(
                kind=EventKind.YEAR_EDITED, subject=world.riverside, by=Actor.system("Test")
            )
            assert Event.objects.count() == before + 1
        assert Event.objects.count() == before
        assert verify_chain().holds


# --- Coming and going -------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _a_cache_of_its_own(settings):
    """Count wrong passwords for this test alone, also beside other test processes."""
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"KEY_PREFIX": f"test-{uuid4().hex}"}
    }


def sign_in(email: str, password: str) -> tuple[Client, int]:
    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": email, "password": password})
    return browser, answer.status_code


def newest(tenant: Tenant) -> Event:
    return trail(tenant)[-1]


def test_sign_in_and_sign_out_are_in_the_trail_of_every_hospital_of_the_person(world: World):
    consultant = world.user(world.riverside, Role.CONSULTANT)

    browser, status = sign_in(consultant.email, PASSWORD)
    assert status == 302
    for tenant in (world.riverside, world.lakeshore):
        event = newest(tenant)
        assert (event.kind, event.actor_id) == (EventKind.SIGNED_IN, consultant.pk)

    browser.post(reverse("account_logout"))
    for tenant in (world.riverside, world.lakeshore):
        assert newest(tenant).kind == EventKind.SIGNED_OUT


def test_a_sign_in_is_not_in_the_trail_of_a_hospital_the_person_has_nothing_to_do_with(
    world: World,
):
    before = len(trail(world.lakeshore))

    sign_in(world.user(world.riverside, Role.CEO).email, PASSWORD)

    assert newest(world.riverside).kind == EventKind.SIGNED_IN
    assert len(trail(world.lakeshore)) == before


def test_a_failed_sign_in_is_in_the_trail_and_says_no_password(world: World):
    ceo = world.user(world.riverside, Role.CEO)

    _, status = sign_in(ceo.email.upper(), "not-the-password")

    event = newest(world.riverside)
    assert status == 200
    assert (event.kind, event.actor_id) == (EventKind.SIGN_IN_FAILED, ceo.pk)
    assert "not-the-password" not in str(event.__dict__)


def test_a_sign_in_with_an_unknown_address_leaves_nothing(world: World):
    before = len(trail(world.riverside))

    _, status = sign_in("nobody@riverside.example", PASSWORD)

    assert status == 200
    assert len(trail(world.riverside)) == before


def test_reading_the_trail_is_in_the_trail(world: World):
    browser = world.browser(world.riverside, Role.COMPLIANCE)

    answer = browser.get(reverse("web:audit-trail", args=["riverside"]), {"verify": "1"})

    assert answer.status_code == 200
    event = newest(world.riverside)
    assert (event.kind, event.actor_role) == (EventKind.TRAIL_VIEWED, Role.COMPLIANCE)


def test_the_page_of_the_trail_names_a_broken_chain(world: World):
    tamper(
        "UPDATE {table} SET actor_name = 'X' WHERE tenant_id = %s AND sequence = 14",
        world.riverside.pk,
    )
    browser = world.browser(world.riverside, Role.COMPLIANCE)

    answer = browser.get(reverse("web:audit-trail", args=["riverside"]), {"verify": "1"})

    assert answer.context["check"].broken_at == 14
    assert b"14" in answer.content


def test_a_download_of_the_report_is_in_the_trail(world: World):
    with tenant_scope(world.riverside.pk):
        report = Report.objects.first()
    browser = world.browser(world.riverside, Role.FINANCE)

    answer = browser.get(reverse("adjudication:report-download", args=["riverside", report.pk]))

    assert answer.status_code == 200
    event = newest(world.riverside)
    assert (event.kind, event.subject_id) == (EventKind.REPORT_DOWNLOADED, report.pk)


# --- What must not be in it -------------------------------------------------------------------


def test_no_value_of_a_case_is_in_the_trail(world: World):
    """Case keys and patients' numbers of the extract, looked for in every text of the trail."""
    _, *rows = HOSPITALS[0].program.extract.read_text("utf-8").splitlines()
    keys = {row.split(",")[0] for row in rows}
    assert len(keys) > 10_000, "the case keys must be the first column"

    for tenant in (world.riverside, world.lakeshore):
        words = {
            word.strip("',:[]{}\"")
            for event in trail(tenant)
            for word in f"{event.subject_label} {event.details}".split()
        }
        assert not {word for word in words if len(word) > 4} & keys


def test_no_detail_is_named_or_looks_like_an_identifier(world: World):
    events = [event for tenant in (world.riverside, world.lakeshore) for event in trail(tenant)]

    assert {identifier_kind(name) for event in events for name in event.details} == {None}
    assert not [event for event in events if holds_identifier(str(event.details))]
    assert not [event for event in events if holds_identifier(event.subject_label)]
