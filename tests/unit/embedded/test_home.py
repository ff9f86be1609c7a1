"""The folder of an installation: who may enter it, who holds it, how long its name may be."""

import subprocess
import sys
from pathlib import Path

import pytest

from comanage.embedded.accounts import Account, me
from comanage.embedded.home import HeldError, Home, HomeError, find_home

STRANGER = Account("stranger", 54321, 54321)


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path / "home", me())
    made.make()
    return made


def test_a_user_cannot_enter_below_a_folder_closed_to_others(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    assert me().can_enter(closed / "inside")
    assert not STRANGER.can_enter(closed / "inside")


def test_a_folder_that_the_servers_cannot_enter_is_refused(tmp_path):
    tmp_path.chmod(0o700)

    with pytest.raises(HomeError, match="stranger, who cannot enter"):
        Home(tmp_path / "home", STRANGER).make()


def test_the_socket_folder_is_closed_to_everybody_else(home):
    with home.hold():
        assert home.sockets.stat().st_mode & 0o007 == 0


def test_a_long_folder_name_still_gives_a_short_socket_address(tmp_path):
    home = Home(tmp_path / ("long" * 30), me())

    assert len(str(home.sockets / ".s.PGSQL.5432.lock")) <= 107


def test_the_secret_key_stays_the_same_and_is_closed_to_others(home):
    first = home.secret_key

    assert home.secret_key == first
    assert len(first) >= 50
    assert (home / "secret-key").stat().st_mode & 0o077 == 0


def test_a_second_holder_learns_who_holds_the_folder(home):
    with home.hold():
        home.write_state({"command": "up", "pid": 42})

        with pytest.raises(HeldError) as held, home.hold(seconds=5):
            pass

    assert held.value.state == {"command": "up", "pid": 42}


def test_a_holder_that_was_killed_holds_nothing(home):
    code = (
        "from comanage.embedded.home import Home, Path, me\n"
        f"with Home(Path({str(home.root)!r}), me()).hold():\n"
        "    print('held', flush=True)\n"
        "    input()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    with holder:
        assert holder.stdout.readline() == b"held\n"
        holder.kill()

    with home.hold():
        pass


def test_the_environment_names_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("COMANAGE_HOME", str(tmp_path))

    assert find_home("test").root == tmp_path / "test"
