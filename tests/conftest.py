"""Real PostgreSQL in tests: the owner makes the test database, the app role runs the tests.

The tests sign in as a role that may become either. Everything a test does, it does as the
app role, behind the walls; only making, flushing and dropping the database is the owner's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.signals import connection_created

from tests.workers import own_queue

OWNER, APP = "comanage_owner", "comanage_app"
_role = OWNER


def _take_role(connection: Any, **_signal: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {_role}")


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Run a block as another role, also on connections made meanwhile."""
    global _role
    before, _role = _role, role
    for open_connection in connections.all(initialized_only=True):
        if open_connection.connection is not None:
            _take_role(open_connection)
    try:
        yield
    finally:
        _role = before
        for open_connection in connections.all(initialized_only=True):
            if open_connection.connection is not None and not open_connection.needs_rollback:
                _take_role(open_connection)


# What takes longest begins first, so that no process is left with it at the end.
LONGEST_FIRST = ("browser", "faults", "sweeps", "integration", "property")
TESTS = Path(__file__).parent


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Give each module to one process, for its world is built once in each that has a part."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(TESTS).as_posix()))
    yield
    items.sort(key=lambda item: _turn(item.path.relative_to(TESTS).parts[0]))


def _turn(folder: str) -> int:
    return LONGEST_FIRST.index(folder) if folder in LONGEST_FIRST else len(LONGEST_FIRST)


def pytest_configure() -> None:
    """Take the role on every new connection."""
    connection_created.connect(_take_role, dispatch_uid="test role")


@pytest.fixture(scope="session", autouse=True)
def queue_of_this_process() -> Iterator[None]:
    """Hear no other test process's doorbell, and ring at no other's door."""
    with own_queue():
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """After the owner has made the database, stay the app role until it is dropped."""
    global _role
    flush = connection.ops.execute_sql_flush

    def flush_as_owner(statements: list[str]) -> None:
        with acting_as(OWNER):
            flush(statements)

    connection.ops.execute_sql_flush = flush_as_owner
    _role = APP
    with django_db_blocker.unblock():
        connection.close()
    yield
    _role = OWNER
    with django_db_blocker.unblock():
        connection.close()
