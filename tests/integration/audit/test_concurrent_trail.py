"""Deeds at the same moment: the chain of a hospital has one line, never a fork."""

import threading

import pytest
from django.db import connection

from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.audit.queries import verify_chain
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.tenancy.actions import create_tenant
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("scope")]

WRITERS, DEEDS = 4, 15


def write(tenant: Tenant, start: threading.Barrier, problems: list[BaseException]) -> None:
    try:
        start.wait()
        for number in range(DEEDS):
            with tenant_scope(tenant.pk):
                record_event(
                    kind=EventKind.YEAR_EDITED,
                    subject=tenant,
                    by=Actor.system(threading.current_thread().name),
                    number=number,
                )
    except BaseException as problem:
        problems.append(problem)
    finally:
        connection.close()


def run(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_concurrent_writers_do_not_fork_the_chain():
    tenant = create_tenant(slug="north", name="North", time_zone="America/Chicago")
    start, problems = threading.Barrier(WRITERS, timeout=10), []

    run([threading.Thread(target=write, args=[tenant, start, problems]) for _ in range(WRITERS)])

    assert problems == []
    with tenant_scope(tenant.pk):
        assert Event.objects.count() == WRITERS * DEEDS
        assert verify_chain().holds
        assert Event.objects.values("previous_hash").distinct().count() == WRITERS * DEEDS


def test_two_hospitals_have_a_chain_each():
    tenants = [
        create_tenant(slug=slug, name=slug, time_zone="America/Chicago")
        for slug in ("north", "south")
    ]
    start, problems = threading.Barrier(2, timeout=10), []

    run([threading.Thread(target=write, args=[each, start, problems]) for each in tenants])

    assert problems == []
    for tenant in tenants:
        with tenant_scope(tenant.pk):
            assert [event.sequence for event in Event.objects.order_by("sequence")] == list(
                range(1, DEEDS + 1)
            )
            assert verify_chain().holds
