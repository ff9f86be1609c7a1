"""Every table of the database stands behind its tenant, or on a short list with its reason."""

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import connection

from comanage.tenancy.models import TenantModel
from comanage.tenancy.walls import APP_ROLE

pytestmark = pytest.mark.django_db

# Shrinks: a table that is gone, or has got its wall, must leave the list.
WITHOUT_A_WALL = {
    "comanage_user": "a person signs in before any hospital is known; holds no hospital's rows",
    "comanage_bell": "ids and a time: the sweeper rings before any hospital is known",
    "comanage_schedule": "ids and a time: the sweeper plans before any hospital is known",
    "comanage_installationcertificate": "signs for the whole installation; its key is sealed",
    "account_emailaddress": "allauth's, keyed by person",
    "account_emailconfirmation": "allauth's, keyed by person",
    "mfa_authenticator": "allauth's, keyed by person",
    "django_session": "opened before any hospital is known",
    "django_content_type": "Django's list of models",
    "django_migrations": "Django's list of migrations",
    "auth_group": "comes with django.contrib.auth; nobody uses it",
    "auth_group_permissions": "comes with django.contrib.auth; nobody uses it",
    "auth_permission": "comes with django.contrib.auth; nobody uses it",
}
# The tenant's own row has no tenant_id: its id is the tenant.
IS_ITS_OWN_TENANT = {"comanage_tenant": "its id is the tenant"}

# Unique columns that do not begin with the tenant, by table and columns. Shrinks.
NOT_LED_BY_THE_TENANT = {
    ("comanage_tenant", "slug"): "the hospital's name in addresses; one namespace by nature",
    ("scorecards_slice", "upload_id"): "one-to-one on a random id that the composite key ties",
    ("scorecards_restatement", "upload_id"): "as above",
    ("scorecards_assessmentoutcome", "assessment_id"): "as above",
    ("adjudication_release", "hold_id"): "as above",
    ("agreements_workdecision", "sheet_id"): "as above",
    ("agreements_savingscount", "sheet_id"): "as above",
    ("agreements_versionshare", "version_id"): "as above",
    ("agreements_proposaldecision", "proposal_id"): "as above",
    ("agreements_executedcopy", "round_id"): "as above",
    ("agreements_roundrecall", "round_id"): "as above",
    ("agreements_scandecision", "scan_id"): "as above",
}

APPEND_ONLY = {
    "comanage_event",
    "scorecards_slice",
    "scorecards_uploadfinding",
    "scorecards_scorecard",
    "scorecards_assessment",
    "scorecards_assessmentoutcome",
    "scorecards_baseline",
    "scorecards_dataagreement",
    "scorecards_feedexpectation",
    "scorecards_feedmap",
    "adjudication_comment",
    "adjudication_hold",
    "adjudication_invitation",
    "adjudication_release",
    "adjudication_recount",
    "adjudication_sample",
    "adjudication_samplemark",
    "adjudication_snapshot",
    "adjudication_signoff",
    "adjudication_ledgerentry",
    "adjudication_handoff",
    "adjudication_handoffline",
    "adjudication_report",
    "indicators_indicatorversion",
    "agreements_contract",
    "agreements_contractevent",
    "agreements_contractpaper",
    "agreements_contractperson",
    "agreements_disclosure",
    "agreements_license",
    "agreements_agreementversion",
    "agreements_clausechange",
    "agreements_memo",
    "agreements_opinion",
    "agreements_readinesssheet",
    "agreements_ownership",
    "agreements_screening",
    "agreements_savingscount",
    "agreements_clausecomment",
    "agreements_privilegednote",
    "agreements_proposal",
    "agreements_proposaldecision",
    "agreements_versionshare",
    "agreements_approvalchain",
    "agreements_approvalrule",
    "agreements_roundrecall",
    "agreements_scandecision",
    "agreements_signedscan",
    "agreements_signinground",
    "agreements_approvaldecision",
    "agreements_agreementsignature",
    "agreements_executedcopy",
    "agreements_findingwaiver",
    "agreements_lintrun",
    "agreements_wordreturn",
    "agreements_workdecision",
    "agreements_workentry",
    "agreements_worksheet",
}

OURS = "c.relnamespace = 'public'::regnamespace"


def ask(sql: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall()


def names(sql: str, *values: object) -> set[str]:
    return {row[0] for row in ask(sql, *values)}


def all_tables() -> set[str]:
    return names(f"SELECT c.relname FROM pg_class c WHERE {OURS} AND c.relkind IN ('r', 'p', 'f')")


def tables_with(column: str) -> set[str]:
    return names(
        f"SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        f"WHERE {OURS} AND c.relkind IN ('r', 'p', 'f') AND a.attname = %s AND NOT a.attisdropped",
        column,
    )


def walled_tables() -> set[str]:
    return all_tables() - WITHOUT_A_WALL.keys()


def owned_tables() -> set[str]:
    """Tables whose rows carry a tenant and stand behind a wall."""
    return walled_tables() - IS_ITS_OWN_TENANT.keys()


def test_every_table_carries_its_tenant_or_stands_on_the_list():
    assert owned_tables() <= tables_with("tenant_id")


def test_no_listed_table_is_gone():
    assert (WITHOUT_A_WALL | IS_ITS_OWN_TENANT).keys() <= all_tables()


def test_the_sweep_sees_every_tenant_model():
    models = {model._meta.db_table for model in apps.get_models() if issubclass(model, TenantModel)}

    assert models == owned_tables()


def test_no_tenant_column_may_be_empty():
    nullable = names(
        f"SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        f"WHERE {OURS} AND c.relkind IN ('r', 'p') AND a.attname = 'tenant_id' "
        f"AND NOT a.attnotnull"
    )

    assert nullable == set()


def test_row_level_security_is_enabled_and_forced_on_every_walled_table():
    forced = names(
        f"SELECT c.relname FROM pg_class c WHERE {OURS} AND c.relkind IN ('r', 'p') "
        f"AND c.relrowsecurity AND c.relforcerowsecurity"
    )

    assert walled_tables() - forced == set()
    assert forced - walled_tables() == set(), "has a wall, so it must leave the list"


def test_every_walled_table_has_one_policy_for_the_app_role_that_guards_reading_and_writing():
    policies = ask(
        "SELECT tablename, permissive, roles, cmd, qual, with_check FROM pg_policies "
        "WHERE schemaname = 'public'"
    )

    assert sorted(row[0] for row in policies) == sorted(walled_tables())
    for table, permissive, roles, command, using, check in policies:
        assert (permissive, command) == ("PERMISSIVE", "ALL"), table
        assert list(_role_names(roles)) == [APP_ROLE], table
        assert using == check, table
        assert "comanage.tenant_id" in (using or ""), table


def _role_names(roles: object) -> Iterable[str]:
    return roles.strip("{}").split(",") if isinstance(roles, str) else roles  # type: ignore[union-attr,return-value]


def test_no_policy_of_an_ordinary_table_forgives_a_missing_tenant():
    """`current_setting(…, true)` or nullif would turn a missing tenant into no rows."""
    forgiving = names(
        "SELECT tablename FROM pg_policies WHERE schemaname = 'public' "
        "AND (qual ILIKE '%%, true)%%' OR qual ILIKE '%%nullif%%')"
    )

    assert forgiving == {"comanage_tenant", "comanage_membership"}  # read before a tenant is known


def test_every_walled_table_can_be_pointed_to_together_with_its_tenant():
    keyed = names(
        f"SELECT c.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
        f"WHERE {OURS} AND k.contype = 'u' AND {_columns('k.conrelid', 'k.conkey')} "
        f"= ARRAY['tenant_id', 'id']"
    )

    assert owned_tables() - keyed == set()


def _columns(table: str, numbers: str) -> str:
    return (
        f"ARRAY(SELECT a.attname::text FROM unnest({numbers}) WITH ORDINALITY AS n(number, place) "
        f"JOIN pg_attribute a ON a.attrelid = {table} AND a.attnum = n.number ORDER BY n.place)"
    )


def test_every_key_to_a_hospitals_table_carries_the_tenant():
    keys = ask(
        f"SELECT c.relname, t.relname, {_columns('k.conrelid', 'k.conkey')}, "
        f"{_columns('k.confrelid', 'k.confkey')}, k.convalidated "
        f"FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
        f"JOIN pg_class t ON t.oid = k.confrelid WHERE {OURS} AND k.contype = 'f'"
    )
    composite = {
        (table, tuple(columns), target)
        for table, target, columns, targets, is_valid in keys
        if targets == ["tenant_id", "id"] and columns[0] == "tenant_id" and is_valid
    }
    plain = {
        (table, ("tenant_id", columns[0]), target)
        for table, target, columns, targets, _ in keys
        if target in owned_tables() and targets == ["id"]
    }

    assert plain, "the sweep must see keys"
    assert plain - composite == set()


def test_no_table_outside_the_walls_points_into_them():
    """Such a row could name another hospital's record; ids without a key are allowed."""
    inward = ask(
        f"SELECT c.relname, t.relname FROM pg_constraint k "
        f"JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid "
        f"WHERE {OURS} AND k.contype = 'f'"
    )

    assert not [
        (table, target)
        for table, target in inward
        if table in WITHOUT_A_WALL and target in owned_tables()
    ]


def test_every_unique_index_of_a_walled_table_begins_with_the_tenant():
    indexes = ask(
        f"SELECT c.relname, i.relname, {_columns('x.indrelid', 'x.indkey::int2[]')} "
        f"FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i "
        f"ON i.oid = x.indexrelid WHERE {OURS} AND (x.indisunique OR x.indisexclusion)"
    )
    free = {
        (table, *columns)
        for table, _, columns in indexes
        if table in walled_tables() and columns != ["id"] and columns[:1] != ["tenant_id"]
    }

    assert free == NOT_LED_BY_THE_TENANT.keys()


def test_no_view_or_foreign_table_looks_around_the_walls():
    relations = ask(
        f"SELECT c.relname, c.relkind, coalesce(c.reloptions, '{{}}') FROM pg_class c "
        f"WHERE {OURS} AND c.relkind IN ('v', 'm', 'f')"
    )

    assert [name for name, kind, _ in relations if kind in {"m", "f"}] == []
    assert [n for n, kind, given in relations if "security_invoker=true" not in given] == []


def test_no_function_runs_with_its_makers_rights():
    definers = names(
        "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace "
        "AND p.prosecdef"
    )

    assert definers == set()


def test_the_app_role_can_neither_bypass_nor_own_anything():
    powers = ask(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname=%s",
        APP_ROLE,
    )
    owned = ask("SELECT relname FROM pg_class WHERE relowner = %s::regrole", APP_ROLE)
    granted = ask(
        "SELECT roleid::regrole FROM pg_auth_members WHERE member = %s::regrole", APP_ROLE
    )

    assert (powers, owned, granted) == ([(False,) * 4], [], [])


def test_the_app_role_can_neither_make_nor_empty_tables():
    may = ask(
        f"SELECT c.relname, p.name FROM pg_class c, "
        f"unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p(name) "
        f"WHERE {OURS} AND c.relkind IN ('r', 'p') AND has_table_privilege(%s, c.oid, p.name)",
        APP_ROLE,
    )
    creates = ask("SELECT has_schema_privilege(%s, 'public', 'CREATE')", APP_ROLE)

    assert (may, creates) == ([], [(False,)])


def test_the_public_may_do_nothing():
    tables = ask(
        f"SELECT c.relname, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a "
        f"WHERE {OURS} AND a.grantee = 0"
    )
    schema = ask(
        "SELECT a.privilege_type FROM pg_namespace n, aclexplode(n.nspacl) a "
        "WHERE n.nspname = 'public' AND a.grantee = 0"
    )

    assert (tables, schema) == ([], [])


def test_the_app_role_may_only_add_to_an_append_only_table():
    held = ask(
        f"SELECT c.relname, array_agg(p.name ORDER BY p.name) FROM pg_class c, "
        f"unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p(name) WHERE {OURS} "
        f"AND c.relkind = 'r' AND has_table_privilege(%s, c.oid, p.name) GROUP BY c.relname",
        APP_ROLE,
    )

    only_added_to = {table for table, rights in held if rights == ["INSERT", "SELECT"]}
    assert only_added_to == APPEND_ONLY


def test_no_column_grant_goes_around_an_append_only_table():
    grants = ask(
        f"SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        f"WHERE {OURS} AND a.attacl IS NOT NULL"
    )

    assert grants == []


def test_a_trigger_guards_each_append_only_table_against_its_owner_too():
    guarded = names(
        f"SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        f"WHERE {OURS} AND NOT t.tgisinternal AND t.tgname LIKE 'pgtrigger_append_only%%' "
        f"AND t.tgenabled IN ('O', 'A') AND (t.tgtype & 2) > 0 "  # before
        f"AND (t.tgtype & 8) > 0 AND (t.tgtype & 16) > 0"  # delete and update
    )

    assert guarded == APPEND_ONLY
