"""Who is looked at: the tenant of the current block of code, told to PostgreSQL as well.

The setting is local to a transaction that the scope opens itself, so a pooled connection
never carries a tenant to its next user.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

TENANT_SETTING = "comanage.tenant_id"
PERSON_SETTING = "comanage.user_id"

_tenant: ContextVar[UUID | None] = ContextVar("tenant", default=None)
_person: ContextVar[UUID | None] = ContextVar("person", default=None)


class NoTenantScopeError(RuntimeError):
    """A tenant's rows were asked for outside any tenant scope."""


class TenantSwitchError(RuntimeError):
    """A second tenant was entered inside a first one's scope."""


@contextmanager
def tenant_scope(tenant_id: UUID) -> Iterator[None]:
    """Open a transaction in which exactly this tenant's rows exist.

    Raises:
        TenantSwitchError: another tenant's scope is open.
    """
    if _tenant.get() not in (None, tenant_id):
        raise TenantSwitchError("one tenant's scope cannot be opened inside another's")
    with _setting(_tenant, TENANT_SETTING, tenant_id):
        yield


@contextmanager
def person_scope(user_id: UUID) -> Iterator[None]:
    """Open a transaction in which a person's own memberships can be read, before any tenant."""
    with _setting(_person, PERSON_SETTING, user_id):
        yield


def active_tenant_id() -> UUID:
    """Return the tenant in scope.

    Raises:
        NoTenantScopeError: there is none.
    """
    tenant_id = _tenant.get()
    if tenant_id is None:
        raise NoTenantScopeError("no tenant scope: open tenant_scope() around this code")
    return tenant_id


def active_person_id() -> UUID:
    """Return the person in scope.

    Raises:
        NoTenantScopeError: there is none.
    """
    user_id = _person.get()
    if user_id is None:
        raise NoTenantScopeError("no person scope: open person_scope() around this code")
    return user_id


@contextmanager
def _setting(variable: ContextVar[UUID | None], name: str, value: UUID) -> Iterator[None]:
    before = variable.get()
    with transaction.atomic():
        _tell_database(name, str(value))
        token = variable.set(value)
        try:
            yield
        finally:
            variable.reset(token)
            # Releasing a savepoint keeps SET LOCAL; only an outer transaction needs it put back.
            if connection.savepoint_ids and not connection.needs_rollback:
                _tell_database(name, str(before or ""))


def _tell_database(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
