"""A process that could step around the walls does not start."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from comanage.tenancy.startup import refuse_unsafe_role
from tests.conftest import APP, OWNER, acting_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("scope")]

ROOT = Path(__file__).parents[3]
SUPERUSER = "comanage_super"
FEARLESS = f"test_fearless_{os.getpid()}"


def test_the_app_role_may_serve():
    refuse_unsafe_role()


def test_the_owner_may_not_serve():
    with acting_as(OWNER), pytest.raises(ImproperlyConfigured, match="owns tables") as refused:
        refuse_unsafe_role()

    assert "comanage_app" in str(refused.value)


@pytest.fixture
def superuser():
    """Sign in as the server's superuser, where the server is our own."""
    parameters = connection.get_connection_params()
    try:
        opened = psycopg.connect(
            host=parameters["host"], user=SUPERUSER, dbname="postgres", autocommit=True
        )
    except (KeyError, psycopg.OperationalError):
        pytest.skip("the server is not our own: no superuser to make the role with")
    yield opened
    opened.close()


def test_a_role_that_bypasses_the_walls_may_not_serve(superuser: psycopg.Connection):
    superuser.execute(f"CREATE ROLE {FEARLESS} BYPASSRLS")
    superuser.execute(f"GRANT {FEARLESS} TO comanage_test WITH SET TRUE, INHERIT FALSE")
    try:
        with acting_as(FEARLESS), pytest.raises(ImproperlyConfigured, match="bypass"):
            refuse_unsafe_role()
    finally:
        superuser.execute(f"DROP ROLE {FEARLESS}")


def serve(role: str) -> subprocess.CompletedProcess[str]:
    """Load the web application as a role, in a process of its own."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(
        parts._replace(
            netloc=parts.netloc.replace("comanage_test", role),
            path=f"/{connection.settings_dict['NAME']}",
        )
    )
    return subprocess.run(
        [sys.executable, "-c", "import comanage.wsgi"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_web_application_starts_as_the_app_role():
    done = serve(APP)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("role", "reason"), [(OWNER, "owns tables"), (SUPERUSER, "is a superuser")]
)
def test_the_web_application_does_not_start_as_a_role_that_sees_everything(role: str, reason: str):
    done = serve(role)

    assert done.returncode != 0
    assert reason in done.stderr
    assert "Give the app role, comanage_app, in DATABASE_URL." in done.stderr
