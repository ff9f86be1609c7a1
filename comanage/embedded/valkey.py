"""A Valkey of our own, for the job queue and the cache. Reached by socket alone."""

import signal
import socket
import time
from pathlib import Path

from comanage.embedded import binaries, processes
from comanage.embedded.home import Home

START_SECONDS = 15.0


class ValkeyError(Exception):
    """Valkey cannot be started; the message holds the end of its log."""


def socket_path(home: Home) -> Path:
    """Name the socket."""
    return home.sockets / "valkey.sock"


def broker_url(home: Home) -> str:
    """Give the job queue's address, as Celery reads it."""
    return f"redis+socket://{socket_path(home)}?virtual_host=0"


def cache_url(home: Home) -> str:
    """Give the cache's address, as Django reads it."""
    return f"unix://{socket_path(home)}?db=2"


def start(home: Home) -> processes.Child:
    """Start the server; queued jobs are written to disk and survive a restart."""
    folder = home / "valkey" / "data"
    if not folder.exists():
        folder.mkdir(mode=0o700)
        home.account.give(folder)
    socket_path(home).unlink(missing_ok=True)
    # The folder around the socket says who may come in.
    command = [str(binaries.valkey_program(home)), "--port", "0", "--dir", str(folder)]
    command += ["--unixsocket", str(socket_path(home)), "--unixsocketperm", "770"]
    command += ["--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"]
    return processes.start(
        "valkey",
        command,
        log=home / "log" / "valkey.log",
        environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        folder=Path("/"),
        account=home.account,
        death_signal=signal.SIGTERM,  # it writes its file to the end first
    )


def wait_until_ready(home: Home, server: processes.Child) -> None:
    """Wait until the server answers; it first reads its file back."""
    deadline = time.monotonic() + START_SECONDS
    while not _answers(socket_path(home)):
        if server.process.poll() is not None or time.monotonic() > deadline:
            raise ValkeyError(f"Valkey did not start. {server.log} ends:\n{server.last_lines()}")
        time.sleep(0.02)


def _answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
