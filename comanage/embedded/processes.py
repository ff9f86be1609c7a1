"""Child processes that never outlive the process that started them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from comanage.embedded.accounts import Account

PR_SET_PDEATHSIG = 1
LARGEST_LOG = 5_000_000
# Loaded before any fork: a child between fork and exec must not import.
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(death_signal: signal.Signals, parent: int) -> None:
    """Ask the kernel to signal this process when its parent dies.

    The kernel ties this to the parent's thread: start children from the main thread alone.
    """
    if LIBC is None:
        return
    LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:  # the parent died before the call above
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Child:
    """One running service: its name, process, log, and the signal that ends it kindly."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals

    def ask_to_stop(self) -> None:
        """Send the kind signal to the service's first process; it tells the others."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(self.stop_signal)

    def wait_or_kill(self, deadline: float) -> None:
        """Wait until the deadline, then end the whole group."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_lines(self, count: int = 12) -> str:
        """Return the end of the log, for an error message."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])
        return ""


def start(
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str],
    folder: Path,
    account: Account | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    death_signal: signal.Signals = signal.SIGKILL,
) -> Child:
    """Start a service in a session of its own, so that Ctrl-C reaches only the supervisor.

    `stop_signal` asks it to finish; `death_signal` reaches it when the supervisor was killed.
    """
    parent = os.getpid()

    def prepare() -> None:
        # A shell starts background commands deaf to SIGINT, and deafness is inherited.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        die_with_parent(death_signal, parent)

    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
            preexec_fn=prepare,
            **(account.drop() if account else {}),
        )
    return Child(name, process, log, stop_signal)


def stop_all(children: Sequence[Child], seconds: float) -> None:
    """Ask all to stop at once, then wait for each; kill what is still there at the end."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + seconds
    for child in children:
        child.wait_or_kill(deadline)


def start_time(pid: int) -> str | None:
    """Tell two processes that had the same number apart; None when there is no such process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    state, started = fields[0], fields[19]
    return None if state in "ZX" else started


def end_leftover(pid: int, started: str, stop_signal: signal.Signals, seconds: float) -> bool:
    """End the group of a process left by a killed supervisor; say whether there was one."""
    if start_time(pid) != started:
        return False
    deadline = time.monotonic() + seconds
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, stop_signal)
    while start_time(pid) == started and time.monotonic() < deadline:
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    return True
