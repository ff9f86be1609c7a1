"""Two walls, each proven alone: the manager with the database's wall down, and the reverse."""

from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import DataError, connection, models, transaction
from django.db.utils import DatabaseError, IntegrityError, ProgrammingError

from agreements.participants.models import Participant, Physician, PhysicianGroup
from agreements.programs.models import Program
from comanage.audit.models import APPEND_ONLY, Event
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant, TenantManager, TenantModel
from comanage.tenancy.scope import NoTenantScopeError, person_scope, tenant_scope
from tests.conftest import OWNER, acting_as
from tests.settled import World

pytestmark = pytest.mark.xdist_group("walls")  # one world for the module

MODELS = sorted(
    (model for model in apps.get_models() if issubclass(model, TenantModel)),
    key=lambda model: model._meta.label,
)
TABLES = [*(model._meta.db_table for model in MODELS), "comanage_tenant"]
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
every_table = pytest.mark.parametrize("table", TABLES)


def sql(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def refused(error: type[DatabaseError], text: str):
    """Expect the database to refuse the block, and stay usable after it."""
    with pytest.raises(error, match=text), transaction.atomic():
        yield


def plain(model: type[models.Model]) -> models.QuerySet:
    """Ask for a model's rows around the first wall, without joins for the order."""
    return models.QuerySet(model).order_by()


@contextmanager
def without_the_databases_wall(table: str):
    """Take row-level security off a table for a while, as its owner."""
    with transaction.atomic():
        connection.check_constraints()
        with acting_as(OWNER):
            sql(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
        yield
        transaction.set_rollback(True)


@every_table
def test_the_database_raises_when_no_tenant_is_set(world: World, table: str):
    with pytest.raises((DataError, ProgrammingError)), transaction.atomic():
        sql(f'SELECT * FROM "{table}"')


@every_table
def test_the_database_refuses_to_write_when_no_tenant_is_set(world: World, table: str):
    column = "id" if table == "comanage_tenant" else "tenant_id"

    with pytest.raises(DatabaseError), transaction.atomic():
        sql(f'INSERT INTO "{table}" ({column}) VALUES (%s)', world.riverside.pk)


@every_model
def test_the_manager_refuses_a_query_without_a_scope(world: World, model: type[TenantModel]):
    with pytest.raises(NoTenantScopeError):
        model.objects.all()
    with pytest.raises(NoTenantScopeError):
        model._base_manager.all()
    with pytest.raises(NoTenantScopeError):
        model._default_manager.all()


@every_model
def test_the_managers_django_uses_by_itself_are_the_tenants(model: type[TenantModel]):
    """Related rows, forms and `get_object_or_404` choose a manager without being asked."""
    assert type(model._base_manager) is TenantManager
    assert type(model._default_manager) is TenantManager


@every_model
def test_the_database_alone_shows_only_own_rows(world: World, model: type[TenantModel]):
    seen = {}
    for tenant in (world.riverside, world.lakeshore):
        with tenant_scope(tenant.pk):
            seen[tenant.pk] = set(plain(model).values_list("tenant_id", flat=True))

    assert seen == {tenant: {tenant} for tenant in (world.riverside.pk, world.lakeshore.pk)}


@every_model
def test_the_manager_alone_shows_only_own_rows(world: World, model: type[TenantModel]):
    with without_the_databases_wall(model._meta.db_table), tenant_scope(world.lakeshore.pk):
        through_the_manager = set(model.objects.values_list("tenant_id", flat=True))
        through_related_rows = set(model._base_manager.values_list("tenant_id", flat=True))
        around_it = set(plain(model).values_list("tenant_id", flat=True))

    assert through_the_manager == through_related_rows == {world.lakeshore.pk}
    assert around_it == {world.riverside.pk, world.lakeshore.pk}, "the other wall was not down"


def test_a_hospital_sees_no_other_hospitals_own_row(world: World):
    with tenant_scope(world.lakeshore.pk):
        assert list(Tenant.objects.all()) == [world.lakeshore]


@every_model
def test_another_hospitals_rows_are_neither_changed_nor_removed(
    world: World, model: type[TenantModel]
):
    with without_the_databases_wall(model._meta.db_table):
        before = sql(f'SELECT count(*) FROM "{model._meta.db_table}"')

    with tenant_scope(world.lakeshore.pk):
        touched = [
            _rows_touched(f'{deed} "{model._meta.db_table}" {rest}', world.riverside)
            for deed, rest in (("UPDATE", "SET tenant_id = tenant_id"), ("DELETE FROM", ""))
        ]
    assert touched in ([0, 0], ["permission denied"] * 2)  # append-only: refused altogether

    with without_the_databases_wall(model._meta.db_table):
        assert sql(f'SELECT count(*) FROM "{model._meta.db_table}"') == before


def _rows_touched(statement: str, tenant: Tenant) -> int | str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE tenant_id = %s", [tenant.pk])
            return cursor.rowcount
    except ProgrammingError as error:
        return "permission denied" if "permission denied" in str(error) else str(error)


def test_a_forged_tenant_is_refused(world: World):
    with tenant_scope(world.lakeshore.pk), refused(ProgrammingError, "row-level security"):
        PhysicianGroup.objects.create(name="Forged", tenant_id=world.riverside.pk)


def test_a_row_cannot_be_moved_to_another_hospital(world: World):
    with tenant_scope(world.lakeshore.pk), refused(ProgrammingError, "row-level security"):
        Program.objects.update(tenant_id=world.riverside.pk)


def test_a_key_to_another_hospitals_row_is_refused(world: World):
    """A plain foreign key accepts it: the database checks keys around row-level security."""
    with tenant_scope(world.riverside.pk):
        foreign = Physician.objects.first()

    with tenant_scope(world.lakeshore.pk):
        program = Program.objects.first()
        with refused(IntegrityError, "same_tenant"):
            Participant.objects.create(
                program=program, physician_id=foreign.pk, joined_on="2025-02-01"
            )
            connection.check_constraints()


def test_a_membership_is_only_found_by_its_own_person_before_a_tenant_is_known(world: World):
    consultant = world.user(world.riverside, Role.CONSULTANT)
    admin = world.user(world.riverside, Role.TENANT_ADMINISTRATOR)

    with person_scope(consultant.pk):
        own = set(plain(Membership).values_list("user_id", "tenant__slug"))
    with person_scope(admin.pk):
        admins = set(plain(Membership).values_list("user_id", "tenant__slug"))

    assert own == {(consultant.pk, "riverside"), (consultant.pk, "lakeshore")}
    assert admins == {(admin.pk, "riverside")}


@pytest.mark.parametrize("statement", ["UPDATE {} SET tenant_id = tenant_id", "DELETE FROM {}"])
@pytest.mark.parametrize(
    "model",
    [model for model in MODELS if APPEND_ONLY in getattr(model._meta, "triggers", [])],
    ids=lambda model: model._meta.label,
)
def test_what_was_recorded_cannot_be_changed_even_by_its_owner(
    world: World, model: type[TenantModel], statement: str
):
    table = model._meta.db_table
    with without_the_databases_wall(table), acting_as(OWNER):
        assert sql(f'SELECT 1 FROM "{table}"'), "nothing is there to be changed"
        with refused(DatabaseError, "Cannot update or delete"):
            sql(statement.format(f'"{table}"'))


def test_the_app_role_cannot_empty_the_trail(world: World):
    with tenant_scope(world.riverside.pk):
        for statement in ("TRUNCATE", "DROP TABLE", "ALTER TABLE {} DISABLE TRIGGER ALL; --"):
            with pytest.raises(ProgrammingError), transaction.atomic():
                sql(f"{statement.format(Event._meta.db_table)} {Event._meta.db_table}")
