"""The servers a command needs, and the environment that leads to them."""

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from comanage.embedded import postgres, processes, valkey
from comanage.embedded.home import Home

STOP_SECONDS = 10.0


@dataclass
class Servers:
    """PostgreSQL and Valkey, each ours unless the environment names another."""

    home: Home
    for_tests: bool = False
    children: dict[str, processes.Child] = field(default_factory=dict)

    @property
    def own_postgres(self) -> bool:
        """Say whether PostgreSQL is ours."""
        return "DATABASE_URL" not in os.environ

    @property
    def own_valkey(self) -> bool:
        """Say whether Valkey is ours."""
        return "REDIS_URL" not in os.environ

    def start(self) -> None:
        """Start both at once; end first what a killed run left behind. Hold the folder before."""
        self.end_leftovers()
        if self.own_valkey:
            self.add(valkey.start(self.home))
        if self.own_postgres:
            self.add(postgres.start(self.home, for_tests=self.for_tests))

    def wait_for_postgres(self) -> None:
        """Return when PostgreSQL answers."""
        if self.own_postgres:
            child = self.children["postgres"]
            postgres.wait_until_ready(self.home, child, for_tests=self.for_tests)

    def wait_for_valkey(self) -> None:
        """Return when Valkey answers."""
        if self.own_valkey:
            valkey.wait_until_ready(self.home, self.children["valkey"])

    def add(self, child: processes.Child) -> None:
        """Remember a running service, also for the run after this one."""
        self.children[child.name] = child
        known = {
            each.name: [each.process.pid, processes.start_time(each.process.pid), each.stop_signal]
            for each in self.children.values()
        }
        (self.home / "run" / "children.json").write_text(json.dumps(known))

    def stop(self) -> None:
        """Stop what uses the servers, then the servers."""
        users = [c for n, c in self.children.items() if n not in {"postgres", "valkey"}]
        processes.stop_all(users, STOP_SECONDS)
        processes.stop_all([c for c in self.children.values() if c not in users], STOP_SECONDS)
        self.children.clear()
        (self.home / "run" / "children.json").unlink(missing_ok=True)

    def end_leftovers(self) -> None:
        """End services that outlived a killed run; holding the folder, nobody else needs them."""
        try:
            known = json.loads((self.home / "run" / "children.json").read_text())
        except (OSError, ValueError):
            return
        for pid, started, number in reversed(list(known.values())):
            processes.end_leftover(pid, started, signal.Signals(number), STOP_SECONDS)

    def environment(self, *, owner: bool = False) -> dict[str, str]:
        """Give the environment for a Django process, as the app's or the owner's role."""
        given = dict(os.environ)
        given.setdefault("DJANGO_SETTINGS_MODULE", "comanage.settings.dev")
        given.setdefault("COMANAGE_SECRET_KEY", self.home.secret_key)
        given.setdefault("COMANAGE_MASTER_KEY", self.home.master_key)
        given.setdefault("STORAGE_URL", (self.home / "storage").as_uri())
        given.setdefault("COMANAGE_KERNEL_FOLDER", str(self.home / "kernel"))
        given.setdefault("COMANAGE_STATIC_ROOT", str(self.home / "static"))
        given.setdefault("COMANAGE_MAIL_FOLDER", str(self.home / "mail"))
        given.setdefault("REDIS_URL", valkey.broker_url(self.home))
        given.setdefault("CACHE_URL", _cache_beside(os.environ.get("REDIS_URL"), self.home))
        if self.own_postgres:
            role = postgres.TEST if self.for_tests else postgres.APP
            given["DATABASE_URL"] = postgres.url(self.home, role)
        owner_url = given.pop("OWNER_DATABASE_URL", None)
        if self.own_postgres:
            owner_url = postgres.url(self.home, postgres.OWNER)
        if owner and owner_url:
            given["DATABASE_URL"] = owner_url
        if self.for_tests and owner_url:
            given["OWNER_DATABASE_URL"] = owner_url
        return given


@contextlib.contextmanager
def running(
    home: Home, command: str, *, for_tests: bool = False, patience: float = 15
) -> Iterator[Servers]:
    """Run the servers for the length of one command, holding the folder.

    Raises:
        HeldError: `up` holds the folder, or another command did for all our patience, in seconds.
    """
    home.make()
    with home.hold(seconds=patience):
        home.write_state({"command": command, "pid": os.getpid()})
        servers = Servers(home, for_tests=for_tests)
        try:
            servers.start()
            servers.wait_for_valkey()
            servers.wait_for_postgres()
            yield servers
        finally:
            servers.stop()


def _cache_beside(redis_url: str | None, home: Home) -> str:
    if redis_url is None:
        return valkey.cache_url(home)
    return urlunsplit(urlsplit(redis_url)._replace(path="/2"))  # noqa: SLF001  (a named tuple's public method)
