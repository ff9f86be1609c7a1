"""The second wall, as a migration operation: forced row-level security and composite keys.

`Wall("Model")` belongs in the migration that creates the model. Policies raise when no tenant
is set: rows that silently vanish would turn a bug into a wrong payment.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

APP_ROLE = "comanage_app"

OWN_TENANT = "tenant_id = current_setting('comanage.tenant_id')::uuid"

_TENANT_IS_SET = "coalesce(current_setting('comanage.tenant_id', true), '') <> ''"
_PERSON_IS_SET = "coalesce(current_setting('comanage.user_id', true), '') <> ''"
# Not loud by itself: the planner looks at it even where the branch is never taken.
_PERSON = "nullif(current_setting('comanage.user_id', true), '')::uuid"
_LOUD = "current_setting('comanage.tenant_id')::uuid IS NULL"  # an error: neither is set

# Two tables are read before a tenant is known: a person finds their hospitals by them.
OWN_MEMBERSHIP = (
    f"CASE WHEN {_TENANT_IS_SET} THEN {OWN_TENANT} "
    f"WHEN {_PERSON_IS_SET} THEN user_id = {_PERSON} ELSE {_LOUD} END"
)
OWN_HOSPITAL = (
    f"CASE WHEN {_TENANT_IS_SET} THEN id = current_setting('comanage.tenant_id')::uuid "
    f"WHEN {_PERSON_IS_SET} THEN id IN "
    f"(SELECT tenant_id FROM comanage_membership WHERE user_id = {_PERSON}) ELSE {_LOUD} END"
)


class Wall(Operation):
    """Put one table behind its tenant.

    Args:
        model_name: the model, in the app of the migration.
        predicate: which rows a scope may read and write.
        append_only: the app role may insert and read, never change or remove.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(
        self, model_name: str, *, predicate: str = OWN_TENANT, append_only: bool = False
    ) -> None:
        self.model_name = model_name
        self.predicate = predicate
        self.append_only = append_only

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: the wall is the database's alone."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Enable and force the policy, then tie each key to the tenant."""
        model = _model(to_state.apps, app_label, self.model_name)
        table = model._meta.db_table
        for statement in [*self._policy(table), *_composite_keys(model)]:
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take the policy away; the keys go with the table."""
        table = _model(from_state.apps, app_label, self.model_name)._meta.db_table
        schema_editor.execute(f'DROP POLICY "{table}_wall" ON "{table}"', params=None)
        schema_editor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY', params=None)

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Wall {self.model_name} in behind its tenant"

    def _policy(self, table: str) -> list[str]:
        statements = [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            (
                f'CREATE POLICY "{table}_wall" ON "{table}" TO {APP_ROLE} '
                f"USING ({self.predicate}) WITH CHECK ({self.predicate})"
            ),
        ]
        if self.append_only:
            statements.append(f'REVOKE UPDATE, DELETE ON "{table}" FROM {APP_ROLE}')
        return statements


class SameTenant(Operation):
    """Tie a key that is added to a walled table to its tenant, as `Wall` does for the first ones.

    Args:
        model_name: the model, in the app of the migration.
        field_name: its new key to another table of the tenant.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str, field_name: str) -> None:
        self.model_name = model_name
        self.field_name = field_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: the key is the database's alone."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Add the composite key."""
        model = _model(to_state.apps, app_label, self.model_name)
        statement = _same_tenant(model, model._meta.get_field(self.field_name))
        schema_editor.execute(statement or "", params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Do nothing: the key goes with its column."""

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Tie {self.model_name}.{self.field_name} to its tenant"


def _model(apps: Apps, app_label: str, model_name: str) -> type[models.Model]:
    return apps.get_model(app_label, model_name)


def _composite_keys(model: type[models.Model]) -> list[str]:
    """Make every key of the table carry the tenant, so that no row can point across."""
    table = model._meta.db_table
    fields = {field.name for field in model._meta.local_fields}
    if "tenant" not in fields:
        return []
    statements = [
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_tenant_row" UNIQUE (tenant_id, id)'
    ]
    ties = [_same_tenant(model, field) for field in model._meta.local_fields]
    return statements + [tie for tie in ties if tie is not None]


def _same_tenant(model: type[models.Model], field: Any) -> str | None:
    """Write the composite key of a field that points into a tenant's table, else None."""
    target, table = _tenant_table(field), model._meta.db_table
    if target is None:
        return None
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{field.column}_same_tenant" '
        f'FOREIGN KEY (tenant_id, "{field.column}") REFERENCES "{target}" (tenant_id, id) '
        f"DEFERRABLE INITIALLY DEFERRED"
    )


def _tenant_table(field: "models.Field[Any, Any]") -> str | None:
    """Return the table a key points to when that table belongs to a tenant."""
    if not isinstance(field, models.ForeignKey):
        return None
    target = field.remote_field.model
    names = {other.name for other in target._meta.local_fields}
    return target._meta.db_table if "tenant" in names else None
