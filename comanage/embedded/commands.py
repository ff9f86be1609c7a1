"""Where each command of `manage.py` goes."""

import os
import sys
import time
from collections.abc import Sequence

from comanage.embedded import supervisor, testing
from comanage.embedded.binaries import BinaryError
from comanage.embedded.home import HeldError, Home, HomeError, find_home
from comanage.embedded.lockfile import LockError, lock
from comanage.embedded.postgres import PostgresError
from comanage.embedded.prepared import Stamp
from comanage.embedded.servers import Servers, running
from comanage.embedded.valkey import ValkeyError

# They change the tables, which belong to the owner.
OWNER_COMMANDS = {"makemigrations", "migrate", "pgtrigger", "showmigrations", "sqlmigrate"}
# They answer without a database, on a machine that never had one.
OFFLINE_COMMANDS = {
    *("bench", "collectstatic", "diffsettings", "fhir", "help", "measure", "score"),
    *("sendtestemail", "spectacular", "startapp", "verify", "version", "--help", "-h", "--version"),
}
OWN_HELP = """\
up [--port 8000] [--once]    everything from nothing: servers, tables, demo, pages, worker
test [--only STEP] [--long] [pytest arguments]    every check, or one, or only these tests
lock [--check]    pin the packages of pyproject.toml, with hashes
"""
START_SECONDS = 60.0
PROBLEMS = (
    *(BinaryError, HomeError, LockError, PostgresError, ValkeyError, LookupError),
    *(supervisor.UpError, testing.TestingError),
)


def run(argv: Sequence[str]) -> int:
    """Run one command and answer with its exit code; a known problem is one sentence."""
    name, rest = (argv[1] if len(argv) > 1 else "help"), argv[2:]
    own = {"up": supervisor.up, "test": testing.test, "lock": lock}
    if name in {"help", "--help", "-h"} and not rest:
        print(OWN_HELP)
    try:
        if name in own:
            return own[name](rest)
        if "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ:
            if name in OWNER_COMMANDS and os.environ.get("OWNER_DATABASE_URL"):
                os.environ["DATABASE_URL"] = os.environ["OWNER_DATABASE_URL"]
            return django(argv, os.environ)
        return with_servers(name, argv)
    except KeyboardInterrupt:
        return 130
    except PROBLEMS as problem:
        sys.stdout.flush()
        print(problem, file=sys.stderr)
        return 1


def with_servers(name: str, argv: Sequence[str]) -> int:
    """Run a Django command on the servers of `up`, or on servers started just for it."""
    home = find_home()
    owner = name in OWNER_COMMANDS
    if owner:
        Stamp(home).forget()  # the tables may differ from what the last start left
    if name in OFFLINE_COMMANDS:
        home.make()
        return django(argv, Servers(home).environment())
    try:
        with running(home, name) as servers:
            return django(argv, servers.environment(owner=owner))
    except HeldError as held:
        if held.state.get("command") == "up" and is_ready(home):
            return django(argv, Servers(home).environment(owner=owner))
        raise HomeError(supervisor.who_holds(held, home)) from held


def is_ready(home: Home) -> bool:
    """Wait for an `up` that is still starting; say whether its servers can be used."""
    deadline = time.monotonic() + START_SECONDS
    while not home.read_state().get("ready"):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def django(argv: Sequence[str], environment: "os._Environ[str] | dict[str, str]") -> int:
    """Run a Django command in this process."""
    os.environ.update(environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comanage.settings.dev")
    from django.core.management import execute_from_command_line  # needs the environment first

    execute_from_command_line(list(argv))
    return 0
