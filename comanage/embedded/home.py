"""The one folder where an installation keeps its servers' data, files, logs and sockets."""

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comanage.embedded.accounts import Account, me, service_account

PROJECT = Path(__file__).resolve().parent.parent.parent
# A socket's address is a fixed field of 108 bytes; the file name takes some.
LONGEST_SOCKET_FOLDER = 85


class HomeError(Exception):
    """The folder cannot be used; the message says what to do."""


class HeldError(Exception):
    """Another process holds the folder. `state` is what it wrote about itself."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        super().__init__("held")
        self.state = state


@dataclass(frozen=True)
class Home:
    """The folder, and who runs the servers in it."""

    root: Path
    account: Account

    def __truediv__(self, name: str) -> Path:
        """Name a file or folder inside."""
        return self.root / name

    @property
    def sockets(self) -> Path:
        """Where the servers listen: in the folder, or in a short one when that is too long."""
        inside = self / "run" / "sockets"
        if len(str(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        return Path("/tmp") / f"comanage-{os.getuid()}-{short_hash(self.root)}"

    def make(self) -> None:
        """Make what is missing. Data folders belong to the servers, the rest to us."""
        _make(self.root, 0o755)
        if not os.access(self.root, os.W_OK):
            raise HomeError(
                f"{self.root} belongs to another user, and you are {me().name}. Run this as that "
                f"user, or set COMANAGE_HOME to a folder of your own."
            )
        if not self.account.can_enter(self.root):
            raise HomeError(
                f"The servers run as {self.account.name}, who cannot enter {self.root}. "
                f"Set COMANAGE_HOME to a folder that can be entered, or leave it unset."
            )
        for name, mode in (("log", 0o755), ("storage", 0o700), ("static", 0o755), ("run", 0o755)):
            _make(self / name, mode)
        for name in ("postgres", "valkey"):
            _make(self / name, 0o755)

    def _make_sockets(self) -> None:
        # Only the servers' user and the group of whoever started them can reach a socket.
        folder = self.sockets
        _make(folder, 0o750)
        if folder.is_symlink() or folder.stat().st_uid not in {os.getuid(), self.account.uid}:
            raise HomeError(f"{folder} belongs to another user; remove it and run this again.")
        if not self.account.is_me:
            os.chown(folder, self.account.uid, os.getgid())

    @property
    def secret_key(self) -> str:
        """Django's secret, made once, so that people stay signed in over a restart."""
        return self._made_once("secret-key", secrets.token_urlsafe(60))

    @property
    def master_key(self) -> str:
        """The key that seals hospitals' keys, made once: without it no stored file opens."""
        return self._made_once("master-key", base64.b64encode(secrets.token_bytes(32)).decode())

    def _made_once(self, name: str, secret: str) -> str:
        path = self / name
        if not path.exists():  # whole and on the disk before it has its name
            with tempfile.NamedTemporaryFile("w", dir=self.root, prefix=f"{name}.") as file:
                file.write(secret)
                file.flush()
                os.fsync(file.fileno())
                with contextlib.suppress(FileExistsError):
                    os.link(file.name, path)
        return path.read_text()

    @contextlib.contextmanager
    def hold(self, *, seconds: float = 0) -> Iterator[None]:
        """Hold the folder alone, waiting at most this long.

        Raises:
            HeldError: another process holds it.
        """
        # A lock of the kernel's: it goes when its holder dies, however it dies.
        with (self / "run" / "lock").open("a") as lock:
            deadline = time.monotonic() + seconds
            while not _locked(lock.fileno()):
                state = self.read_state()
                if time.monotonic() >= deadline or state.get("command") == "up":
                    raise HeldError(state)
                time.sleep(0.1)
            self._make_sockets()
            try:
                yield
            finally:
                self.write_state({})
                with contextlib.suppress(OSError):
                    self.sockets.rmdir()

    def read_state(self) -> dict[str, Any]:
        """Return what the holder wrote about itself; empty when nobody holds the folder."""
        try:
            state = json.loads((self / "run" / "state.json").read_text())
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def write_state(self, state: Mapping[str, Any]) -> None:
        """Tell other processes who holds the folder and how to reach the servers."""
        path = self / "run" / "state.json"
        handle = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(dict(state), file)
        path.with_suffix(".new").replace(path)


def find_home(name: str = "") -> Home:
    """Choose the folder: `COMANAGE_HOME`, else the project's `var`, else one under /var/lib.

    `name` chooses a separate folder inside, with servers of its own.
    """
    account = service_account()
    given = os.environ.get("COMANAGE_HOME")
    root = PROJECT / "var"
    if given:
        root = Path(given).absolute()
    elif not account.can_enter(root):
        root = Path("/var/lib/comanage") / short_hash(PROJECT)
    return Home(root / name if name else root, account)


def short_hash(path: Path) -> str:
    """Shorten a path to ten characters that tell it from others."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def _make(folder: Path, mode: int) -> None:
    if folder.is_dir():
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)
    except OSError as error:
        raise HomeError(
            f"{folder} cannot be made ({error.strerror}). "
            f"Set COMANAGE_HOME to a folder of your own."
        ) from error


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
