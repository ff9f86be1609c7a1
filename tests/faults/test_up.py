"""`manage.py up` is started for real, killed for real, and must come back."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest

PROJECT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(PROJECT / "manage.py")]
START_SECONDS = 240  # it makes everything from nothing, on a machine that does other things too
# All share one folder, whose first start is the long one.
pytestmark = [pytest.mark.xdist_group("up"), pytest.mark.long]


class Up:
    """One running `manage.py up` and what it printed."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.log = home / "up.log"
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [*MANAGE, "up", "--port", str(port)],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment(home),
            )

    @property
    def printed(self) -> str:
        return self.log.read_text()

    def wait_until_ready(self) -> None:
        wait_for(lambda: "Ctrl-C" in self.printed or self.process.poll() is not None, START_SECONDS)
        assert self.process.poll() is None, self.printed

    def connect(self, role: str = "comanage_owner") -> psycopg.Connection:
        sockets = self.home / "run" / "sockets"
        return psycopg.connect(
            f"postgresql://{role}@/comanage?host={sockets}", autocommit=True, connect_timeout=5
        )


def environment(home: Path) -> dict[str, str]:
    """The tests' own servers must not be the ones that `up` uses."""
    ours = ("COMANAGE_", "PYTEST_", "COV_", "DJANGO_")
    addresses = {"DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "CACHE_URL", "STORAGE_URL"}
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours) and k not in addresses}
    return {**kept, "COMANAGE_HOME": str(home), "COMANAGE_NO_BOOTSTRAP": "1"}


def wait_for(is_true: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


def parents() -> dict[int, int]:
    """Each live process's parent."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state not in "ZX":
            found[int(folder.name)] = int(parent)
    return found


def descendants(pid: int) -> set[int]:
    tree = parents()
    found, todo = set(), [pid]
    while todo:
        children = {child for child, parent in tree.items() if parent in todo}
        todo = list(children - found)
        found |= children
    return found


def alive(pids: set[int]) -> set[int]:
    return pids & set(parents())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    # Not pytest's own folder: the servers run as another user, who cannot enter that.
    folder = Path(tempfile.mkdtemp(prefix="comanage-up-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


class Place:
    """One folder of `up`, and whatever `up` runs in it now."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._started: Up | None = None

    def running(self) -> Up:
        """Return the `up` that runs, started when none does."""
        if self._started is None or self._started.process.poll() is not None:
            self._started = Up(self.home, free_port())
            self._started.wait_until_ready()
        return self._started

    def end(self) -> None:
        """Stop it if it runs."""
        if self._started is not None:
            self._started.process.terminate()
            self._started.process.wait(30)


@pytest.fixture(scope="module")
def place(home: Path) -> Iterator[Place]:
    held = Place(home)
    yield held
    held.end()


@pytest.fixture
def up(place: Place) -> Up:
    """An `up` that runs: the one that the test before left, or a new one in its folder."""
    return place.running()


def test_up_answers_where_it_says_and_stops_cleanly_when_asked(up):
    address = re.search(r"CoManage runs at (\S+)", up.printed).group(1)
    everyone = descendants(up.process.pid)

    with urlopen(f"{address}/healthz", timeout=10) as answer:
        assert answer.status == 200
    up.process.terminate()

    assert up.process.wait(30) == 0
    assert alive(everyone) == set()


def test_kill_9_of_the_supervisor_leaves_no_process_behind_and_loses_nothing(up, place):
    wait_for(lambda: len(descendants(up.process.pid)) >= 12, 20)  # the worker's pool too
    everyone = descendants(up.process.pid)
    with up.connect() as connection:
        connection.execute("create table if not exists kept_over_a_kill (word text)")
        connection.execute("insert into kept_over_a_kill values ('paid')")
        up.process.kill()
        up.process.wait()

    wait_for(lambda: not alive(everyone), 8)
    with place.running().connect() as connection:
        words = connection.execute("select word from kept_over_a_kill").fetchall()
        connection.execute("drop table kept_over_a_kill")

    assert words == [("paid",)]


def test_a_worker_killed_with_9_takes_its_pool_along_and_is_started_again(up):
    worker = pid_of(up, "worker")
    wait_for(lambda: len(descendants(worker)) >= 2, 20)
    pool = descendants(worker)

    os.kill(worker, signal.SIGKILL)

    wait_for(lambda: not alive(pool), 8)
    wait_for(lambda: "worker stopped by itself; starting it again" in up.printed, 8)


def pid_of(up: Up, name: str) -> int:
    return json.loads((up.home / "run" / "children.json").read_text())[name][0]


def test_a_second_up_names_the_address_and_the_process_of_the_first(up):
    second = manage(up.home, "up", "--port", str(free_port()))

    assert second.returncode == 1
    said = f"CoManage already runs at http://127.0.0.1:{up.port} (process {up.process.pid})."
    assert said in second.stderr


def test_a_port_used_by_another_program_is_named_with_the_way_out(place):
    place.end()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        refused = manage(place.home, "up", "--port", str(port))

    assert refused.returncode == 1
    assert f"Port {port} is used by another program" in refused.stderr
    assert "--port" in refused.stderr


def test_another_command_uses_the_servers_of_up_as_the_app(up):
    code = "from django.db import connection as c; print(c.settings_dict['USER'])"

    answered = manage(up.home, "shell", "--no-imports", "-c", code)

    assert answered.stdout.split() == ["comanage_app"]


def test_the_app_role_changes_rows_and_nothing_else(up):
    refused = [
        "truncate django_migrations",
        "create table of_the_app (id int)",
        "drop table django_migrations",
        "alter table django_migrations disable row level security",
        "set role comanage_owner",
        "set session authorization comanage_super",
    ]

    with up.connect("comanage_app") as connection:
        for statement in refused:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def manage(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MANAGE, *arguments], env=environment(home), capture_output=True, text=True, timeout=60
    )
