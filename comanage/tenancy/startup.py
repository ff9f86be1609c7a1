"""What a process checks before it serves anyone: its database role cannot step around the wall."""

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

_ROLE = """
SELECT current_user, rolsuper, rolbypassrls,
       EXISTS (SELECT 1 FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND pg_has_role(current_user, c.relowner, 'USAGE'))
FROM pg_roles WHERE rolname = current_user
"""


def refuse_unsafe_role() -> None:
    """Stop the process when the role is a superuser, bypasses the wall, or owns tables.

    Raises:
        ImproperlyConfigured: with the reason and what to set instead.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ROLE)
        role, is_superuser, bypasses, owns_tables = cursor.fetchone()
    connection.close()
    reasons = [
        reason
        for reason, applies in (
            ("is a superuser", is_superuser),
            ("may bypass row-level security", bypasses),
            ("owns tables", owns_tables),
        )
        if applies
    ]
    if reasons:
        raise ImproperlyConfigured(
            f"The database role {role} {' and '.join(reasons)}, so one hospital could see "
            f"another's rows. Give the app role, comanage_app, in DATABASE_URL."
        )
