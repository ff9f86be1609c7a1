"""The data step that made each feed's columns the first version of its map, on real rows."""

from contextlib import contextmanager
from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from comanage.tenancy.actions import create_tenant
from comanage.tenancy.scope import tenant_scope
from comanage.values.canonical import sha256_of
from tests.conftest import OWNER, acting_as

pytestmark = pytest.mark.django_db

COPY = ("scorecards", "0005_copy_declared_columns_into_maps")
REQUIRE = ("scorecards", "0006_require_maps")
step = import_module(".".join([COPY[0], "migrations", COPY[1]]))


@contextmanager
def editing():
    """Change tables as their owner, inside the transaction of the test, which takes it back."""
    connection.check_constraints()
    with acting_as(OWNER), connection.schema_editor(atomic=False) as editor:
        yield editor


@pytest.fixture
def before():
    """The models as they were when a feed had its columns itself; the tables are as then."""
    loader = MigrationExecutor(connection).loader
    with editing() as editor:
        loader.get_migration(*REQUIRE).unapply(loader.project_state(COPY), editor)
    return loader.project_state(COPY).apps


def old_feed(apps, name, spec):
    """Keep a feed and an upload without a map in the tenant in scope."""
    feed = apps.get_model("scorecards", "Feed")._base_manager.create(
        name=name, source_system="EHR", spec=spec
    )
    apps.get_model("scorecards", "Upload")._base_manager.create(
        feed=feed,
        starts_on=date(2025, 1, 1),
        ends_on=date(2026, 1, 1),
        filename="stays.csv",
        sha256="0" * 64,
        size=1,
        storage_name=name,
        idempotency_key=name,
    )


def walls():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relforcerowsecurity FROM pg_class WHERE relname = ANY (%s)", [list(step.TABLES)]
        )
        return [is_forced for (is_forced,) in cursor.fetchall()]


def test_each_feeds_columns_become_its_first_map_and_its_uploads_name_it(before):
    given = {
        "north": {"Stays": {"columns": [{"name": "b"}, {"name": "a"}]}, "Births": {"columns": []}},
        "south": {"Stays": {"columns": [{"name": "c"}]}},
    }
    tenants = {slug: create_tenant(slug=slug, name=slug.title(), time_zone="UTC") for slug in given}
    for slug, feeds in given.items():
        with tenant_scope(tenants[slug].pk):
            for name, spec in feeds.items():
                old_feed(before, name, spec)

    with editing() as editor:
        step.copy_columns(before, editor)

    for slug, feeds in given.items():
        with tenant_scope(tenants[slug].pk):
            maps = before.get_model("scorecards", "FeedMap")._base_manager.select_related("feed")
            found = {map_.feed.name: (map_.version, map_.spec, map_.sha256) for map_ in maps.all()}
            uploads = before.get_model("scorecards", "Upload")._base_manager.all()
            assert found == {name: (1, spec, sha256_of(spec)) for name, spec in feeds.items()}
            assert {upload.map.feed_id for upload in uploads} == {map_.feed_id for map_ in maps}
    assert walls() == [True] * len(step.TABLES)
