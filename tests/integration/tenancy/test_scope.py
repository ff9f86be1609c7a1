"""What a scope leaves behind: nothing, on no path out of it. In real transactions."""

import threading
from datetime import date

import pytest
from django.db import DataError, connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from agreements.participants.models import PhysicianGroup
from comanage.identity.actions import grant_membership
from comanage.identity.actor import Actor
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.actions import create_tenant
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import (
    NoTenantScopeError,
    TenantSwitchError,
    active_tenant_id,
    person_scope,
    tenant_scope,
)
from tests.conftest import APP

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("scope")]


@pytest.fixture
def tenants() -> tuple[Tenant, Tenant]:
    made = tuple(
        create_tenant(slug=slug, name=slug.title(), time_zone="America/Chicago")
        for slug in ("north", "south")
    )
    for tenant in made:
        with tenant_scope(tenant.pk):
            PhysicianGroup.objects.create(name=f"Group of {tenant.slug}")
    return made


def setting() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('comanage.tenant_id', true)")
        return cursor.fetchone()[0]


def groups_by_sql() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM agreements_physiciangroup")
        return [row[0] for row in cursor.fetchall()]


def assert_nobody_is_looked_at():
    assert not setting()
    with pytest.raises(NoTenantScopeError):
        active_tenant_id()
    with pytest.raises((DataError, ProgrammingError)):
        groups_by_sql()


def test_another_hospitals_scope_cannot_be_opened_inside_one(tenants):
    north, south = tenants

    with tenant_scope(north.pk), pytest.raises(TenantSwitchError), tenant_scope(south.pk):
        pass


def test_the_same_scope_may_be_opened_again_and_stays_open(tenants):
    north, _ = tenants

    with tenant_scope(north.pk):
        with tenant_scope(north.pk):
            pass
        assert groups_by_sql() == ["Group of north"]


def test_a_scope_inside_a_transaction_is_closed_again(tenants):
    """Releasing a savepoint keeps the setting, so the scope itself has to put it back."""
    north, south = tenants

    with transaction.atomic():
        with tenant_scope(north.pk):
            assert groups_by_sql() == ["Group of north"]
        assert not setting()
        with tenant_scope(south.pk):
            assert groups_by_sql() == ["Group of south"]
        with pytest.raises((DataError, ProgrammingError)), transaction.atomic():
            groups_by_sql()


def test_a_scope_that_fails_inside_a_transaction_is_closed_again(tenants):
    north, _ = tenants

    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), tenant_scope(north.pk):
            1 / 0  # noqa: B018
        assert not setting()


def test_a_scope_broken_by_the_database_is_closed_again(tenants):
    north, _ = tenants

    with transaction.atomic():
        with pytest.raises(DatabaseError), tenant_scope(north.pk), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert not setting()
    assert_nobody_is_looked_at()


def test_after_a_scope_the_kept_connection_carries_no_tenant(tenants):
    """The connection is kept between requests (CONN_MAX_AGE): the next one must start blank."""
    north, _ = tenants
    with tenant_scope(north.pk):
        before = _backend()

    assert _backend() == before, "the test must look at the same connection"
    assert_nobody_is_looked_at()


def test_after_a_failed_scope_the_kept_connection_carries_no_tenant(tenants):
    north, _ = tenants
    with pytest.raises(ZeroDivisionError), tenant_scope(north.pk):
        1 / 0  # noqa: B018

    assert_nobody_is_looked_at()


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_after_a_persons_scope_no_membership_is_to_be_seen(tenants):
    north, _ = tenants
    with tenant_scope(north.pk):
        membership = grant_membership(
            email="a@north.example",
            name="A",
            role=Role.CEO,
            starts_on=date(2025, 1, 1),
            ends_on=None,
            by=Actor.system("Test"),
        )
    with person_scope(membership.user_id):
        assert Membership.own.get() == membership

    with pytest.raises((DataError, ProgrammingError)), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM comanage_membership")


def test_a_lazy_queryset_is_loud_after_its_scope(tenants):
    north, _ = tenants
    with tenant_scope(north.pk):
        later = PhysicianGroup.objects.all()

    with pytest.raises((DataError, ProgrammingError)):
        list(later)


def test_a_lazy_queryset_shows_nothing_of_its_hospital_in_anothers_scope(tenants):
    north, south = tenants
    with tenant_scope(north.pk):
        later = PhysicianGroup.objects.all()

    with tenant_scope(south.pk):
        assert list(later) == []


def test_a_related_row_is_not_fetched_after_the_scope(tenants):
    north, _ = tenants
    with tenant_scope(north.pk):
        group = PhysicianGroup.objects.get()

    with pytest.raises((NoTenantScopeError, DatabaseError)):
        list(group.programs.all())


def test_a_pooled_connection_never_hands_a_tenant_to_its_next_user(tenants):
    """Three hospitals' requests in turn over two pooled connections."""
    psycopg_pool = pytest.importorskip("psycopg_pool")
    north, south = tenants
    parameters = {
        name: value
        for name, value in connection.get_connection_params().items()
        if name not in {"context", "cursor_factory", "server_side_binding", "prepare_threshold"}
    }

    with psycopg_pool.ConnectionPool(kwargs=parameters, min_size=2, max_size=2) as pool:
        for turn in range(60):
            with pool.connection() as pooled:
                pooled.execute(f"SET ROLE {APP}")
                if turn % 3 == 2:
                    with pytest.raises(Exception, match=r"comanage\.tenant_id|invalid input"):
                        pooled.execute("SELECT * FROM agreements_physiciangroup")
                    pooled.rollback()
                    continue
                tenant = (north, south)[turn % 3]
                pooled.execute(
                    "SELECT set_config('comanage.tenant_id', %s, true)", [str(tenant.pk)]
                )
                rows = pooled.execute("SELECT name FROM agreements_physiciangroup").fetchall()
                assert rows == [(f"Group of {tenant.slug}",)]


def test_two_threads_do_not_share_a_tenant(tenants):
    north, south = tenants
    seen: dict[str, list[str]] = {}
    both_inside = threading.Barrier(2, timeout=10)

    def look(tenant: Tenant) -> None:
        try:
            with tenant_scope(tenant.pk):
                both_inside.wait()
                seen[tenant.slug] = [group.name for group in PhysicianGroup.objects.all()]
        finally:
            connection.close()

    threads = [threading.Thread(target=look, args=[tenant]) for tenant in (north, south)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == {"north": ["Group of north"], "south": ["Group of south"]}


def test_tests_do_act_as_the_app_role(tenants):
    """Otherwise row-level security would be off in every test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APP,)
