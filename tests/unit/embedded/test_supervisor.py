"""What `up` checks before it starts anything."""

import socket

import pytest

from comanage import bootstrap
from comanage.embedded.accounts import me
from comanage.embedded.home import HeldError, Home
from comanage.embedded.servers import Servers
from comanage.embedded.supervisor import Supervisor, UpError, who_holds


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path / "home", me())
    made.make()
    return made


@pytest.fixture
def no_pango(monkeypatch):
    monkeypatch.setattr(bootstrap, "PANGO", ("libthere-is-no-such.so",))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_report_cannot_be_made_without_pango(home, no_pango):
    with pytest.raises(UpError, match=r"needs Pango\. Run: apt-get install libpango"):
        Supervisor(home, free_port()).run(once=True)


def test_a_refused_start_holds_nothing(home, no_pango):
    with pytest.raises(UpError):
        Supervisor(home, free_port()).run(once=True)

    with home.hold():
        assert Servers(home).children == {}


def test_who_holds_the_folder_is_said_in_a_sentence(home):
    state = {"command": "up", "pid": 7, "address": "http://127.0.0.1:8000"}

    said = who_holds(HeldError(state), home)

    assert said == "CoManage already runs at http://127.0.0.1:8000 (process 7)."


@pytest.fixture
def own_servers(home, monkeypatch):
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "CACHE_URL", "STORAGE_URL"):
        monkeypatch.delenv(name, raising=False)
    return Servers(home)


def test_the_app_never_learns_the_address_of_the_owner(own_servers):
    given = own_servers.environment()

    assert given["DATABASE_URL"].startswith("postgresql://comanage_app@")
    assert "OWNER_DATABASE_URL" not in given


def test_migrations_run_as_the_owner(own_servers):
    given = own_servers.environment(owner=True)

    assert given["DATABASE_URL"].startswith("postgresql://comanage_owner@")


def test_named_servers_are_used_each_for_itself(own_servers, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://cache.example:6379/0")

    given = own_servers.environment()

    assert not own_servers.own_valkey
    assert own_servers.own_postgres
    assert given["CACHE_URL"] == "redis://cache.example:6379/2"
