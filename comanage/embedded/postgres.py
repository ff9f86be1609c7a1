"""A PostgreSQL of our own: made, started, given its roles. Reached by socket alone."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from comanage.embedded import binaries, processes
from comanage.embedded.accounts import me
from comanage.embedded.home import Home

SUPERUSER = "comanage_super"
OWNER = "comanage_owner"
APP = "comanage_app"
TEST = "comanage_test"
DATABASE = "comanage"
ROLES = Path(__file__).with_name("roles.sql")
# A test database is thrown away: it need not survive a power cut.
FOR_TESTS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",  # every process of a run may race with 30 threads
)
START_SECONDS = 30.0


class PostgresError(Exception):
    """PostgreSQL cannot be made or started; the message holds the end of its log."""


def url(home: Home, role: str) -> str:
    """Give the address of the database for one role."""
    return f"postgresql://{role}@/{DATABASE}?host={home.sockets}"


def start(home: Home, *, for_tests: bool) -> processes.Child:
    """Start the server, making its data folder first when there is none."""
    programs = binaries.postgres_programs(home)
    data = home / "postgres" / "data"
    if not data.exists():
        _make_data(home, programs, data)
    data.chmod(0o700)  # a `chmod -R` over the project must not stop the next start
    _check_version(programs, data)
    _write_access_rules(home, data)
    settings = [
        "listen_addresses=",
        f"unix_socket_directories={home.sockets}",
        "max_connections=60",
        "timezone=UTC",
        "log_timezone=UTC",
        *(FOR_TESTS if for_tests else ()),
    ]
    command = [str(programs / "postgres"), "-D", str(data)]
    for setting in settings:
        command += ["-c", setting]
    return processes.start(
        "postgres",
        command,
        log=home / "log" / "postgres.log",
        environment=_plain_environment(),
        folder=Path("/"),
        account=home.account,
        # PostgreSQL's own word for: end all sessions and stop.
        stop_signal=signal.SIGINT,
        death_signal=signal.SIGINT,
    )


def wait_until_ready(home: Home, server: processes.Child, *, for_tests: bool) -> None:
    """Wait for the first connection, then make roles and database when they are missing."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            connection = _connect(home, "template1")
        except psycopg.OperationalError as error:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise PostgresError(
                    f"PostgreSQL did not start ({error}). {server.log} ends:\n{server.last_lines()}"
                ) from error
            time.sleep(0.02)
        else:
            break
    with connection:
        _make_roles(home, connection, for_tests=for_tests)


def _make_roles(home: Home, template: psycopg.Connection, *, for_tests: bool) -> None:
    wanted = ROLES.read_text() + str(for_tests)
    done = home / "postgres" / "roles-done"
    if done.exists() and done.read_text() == wanted:
        return
    template.execute(ROLES.read_bytes())
    known = template.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone()
    if for_tests:
        # It may become the owner or the app, and is neither until it says so.
        template.execute(
            sql.SQL(
                "do $$ begin if not exists (select from pg_roles where rolname = '{test}') then "
                "create role {test} login createdb; end if; end $$;"
                "grant {owner}, {app} to {test} with inherit false, set true"
            ).format(test=sql.SQL(TEST), owner=sql.SQL(OWNER), app=sql.SQL(APP))
        )
    template.close()  # a template in use cannot be copied
    if known is None:
        with _connect(home, "postgres") as connection:
            connection.execute(f"create database {DATABASE} owner {OWNER}".encode())
    with _connect(home, DATABASE) as connection:
        connection.execute(ROLES.read_bytes())
        if for_tests:
            connection.execute(f"grant connect on database {DATABASE} to {TEST}".encode())
    done.write_text(wanted)


def _make_data(home: Home, programs: Path, data: Path) -> None:
    half = data.with_name("data.half")  # left by a start that was killed
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    home.account.give(half)
    done = subprocess.run(
        [
            programs / "initdb",
            *("--pgdata", half, "--username", SUPERUSER, "--encoding", "UTF8", "--locale", "C"),
            *("--auth", "reject", "--no-sync", "--no-instructions"),
        ],
        cwd="/",
        env=_plain_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **home.account.drop(),
    )
    if done.returncode:
        raise PostgresError(f"PostgreSQL's data folder could not be made:\n{done.stderr.strip()}")
    with contextlib.suppress(FileNotFoundError):
        (home / "postgres" / "roles-done").unlink()
    half.rename(data)


def _check_version(programs: Path, data: Path) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    found = binaries.postgres_version(programs)
    if int(made_by) != found:
        raise PostgresError(
            f"{data} was made by PostgreSQL {made_by}, but {programs} is {found}. Move the data "
            f"with pg_dump and pg_restore, or set COMANAGE_PG_BIN to PostgreSQL {made_by}."
        )


def _write_access_rules(home: Home, data: Path) -> None:
    """Let exactly one user of the operating system in: the one who starts the servers.

    The kernel names who is at the other end of a socket (`peer`), so no password has to lie in
    a file. With root handing over to `postgres` or `nobody`, other processes of that user
    are refused as well. The roles separate what a connection may do, not who opens it: whoever is
    that user could read the data folder anyway.
    """
    for name, text in (
        ("pg_hba.conf", "local all all peer map=comanage\n"),
        (
            "pg_ident.conf",
            "".join(f'comanage "{me().name}" {r}\n' for r in (SUPERUSER, OWNER, APP, TEST)),
        ),
    ):
        path = data / name
        if path.read_text() != text:
            path.write_text(text)  # written in place: the file stays with the servers' user


def _connect(home: Home, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(home.sockets), user=SUPERUSER, dbname=database, autocommit=True, connect_timeout=5
    )


def _plain_environment() -> dict[str, str]:
    # PGDATA and its like, and the caller's language, would change what the programs do.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
