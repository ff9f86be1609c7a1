"""`manage.py up`: everything from nothing, in the foreground, and cleanly down again."""

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection, HTTPException
from types import FrameType

from comanage import bootstrap
from comanage.embedded import prepared, processes
from comanage.embedded.home import PROJECT, HeldError, Home, find_home
from comanage.embedded.servers import Servers
from comanage.embedded.signins import sign_in_lines

HOST = "127.0.0.1"
PAGE_SECONDS = 60.0
RESTARTS = 5
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class UpError(Exception):
    """The product cannot be started; the message says why and what to do."""


class StopRequested(BaseException):
    """Somebody pressed Ctrl-C or asked the process to end."""


def up(arguments: Sequence[str]) -> int:
    """Start everything, stay until asked to stop, and answer with the exit code."""
    parser = argparse.ArgumentParser(prog="manage.py up", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="port of the pages (8000)")
    parser.add_argument(
        "--once", action="store_true", help="run the demo program to its report, then stop"
    )
    options = parser.parse_args(arguments)
    for number in STOP_SIGNALS:
        # A hang-up that `nohup` has silenced stays silenced.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _request_stop)
    try:
        home = find_home()
        home.make()
        with home.hold(seconds=30):
            return Supervisor(home, options.port).run(once=options.once)
    except HeldError as held:
        raise UpError(who_holds(held, home)) from held
    except StopRequested:
        return 0


def who_holds(held: HeldError, home: Home) -> str:
    """Say in a sentence who holds the folder."""
    pid = held.state.get("pid", "unknown")
    if held.state.get("command") == "up":
        return f"CoManage already runs at {held.state['address']} (process {pid})."
    return (
        f"`manage.py {held.state.get('command')}` (process {pid}) uses {home.root}. Wait or end it."
    )


def _request_stop(_number: int, _frame: FrameType | None) -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # stopping is not interrupted a second time
    raise StopRequested


class Supervisor:
    """The start, the watch and the stop of one installation."""

    def __init__(self, home: Home, port: int) -> None:
        self.home = home
        self.port = port
        self.address = f"http://{HOST}:{port}"
        self.servers = Servers(home)
        self.restarts = 0
        self.is_newly_prepared = False

    def run(self, *, once: bool) -> int:
        """Start; then either run the demo to its end or wait to be stopped."""
        started = time.monotonic()
        state = {"command": "up", "pid": os.getpid(), "address": self.address}
        self.home.write_state(state)
        try:
            self._check_machine(once=once)
            sign_ins = self._start()
            say(f"First page after {time.monotonic() - started:.1f} s.")
            say(f"\nCoManage runs at {self.address}")
            for line in sign_in_lines(sign_ins):
                say(line)
            if once:
                say("\nRunning the demo program to its report.")
                return self._demo("--adjudicate")
            if self.is_newly_prepared:
                with step("demo data sent by the API"):
                    self._demo("--post")
            say(f"\nCtrl-C stops it. Logs are in {self.home / 'log'}.")
            self._watch()
        except StopRequested:
            say("\nStopping.")
        finally:
            with uninterrupted():
                self._stop()
        return 0

    def _stop(self) -> None:
        if self.servers.children:
            began = time.monotonic()
            self.servers.stop()
            say(f"All stopped in {time.monotonic() - began:.1f} s.")

    def _check_machine(self, *, once: bool) -> None:
        self.servers.end_leftovers()  # one of them may still hold the port
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, self.port))
            except OSError as error:
                raise UpError(
                    f"Port {self.port} is used by another program. Stop it, or choose another "
                    f"port: python3 manage.py up --port {self.port + 1}"
                ) from error
        if sys.platform == "linux" and not os.access("/dev/shm", os.W_OK):
            raise UpError(
                "The worker needs shared memory, and /dev/shm cannot be written. "
                "Run as root: mount -t tmpfs -o mode=1777 tmpfs /dev/shm"
            )
        if once and not bootstrap.has_pango():
            packages = " ".join(bootstrap.PANGO_PACKAGES)
            raise UpError(f"The report is a PDF and needs Pango. Run: apt-get install {packages}")

    def _start(self) -> object:
        self.servers.start()
        with step("PostgreSQL ready"):
            self.servers.wait_for_postgres()
        with step("Valkey ready"):
            self.servers.wait_for_valkey()
        sign_ins = self._prepare()
        with step("web ready"):
            self._start_web()
            self._wait_for_page()
        with step("worker and beat started"):
            self._start_worker()
            self._start_beat()
        self.home.write_state(
            {"command": "up", "pid": os.getpid(), "address": self.address, "ready": True}
        )
        return sign_ins

    def _prepare(self) -> object:
        """Migrate, collect files and load the demo, unless nothing changed since the last time."""
        stamp = prepared.Stamp(self.home)
        if self.servers.own_postgres and stamp.is_current():
            return stamp.sign_ins()
        self.is_newly_prepared = True
        files = self._manage("collectstatic", "--noinput", "--verbosity", "0")
        with step("migrated"):
            self._finish(self._manage("migrate", "--noinput", "--verbosity", "0", owner=True))
        if any((self.home / "storage").iterdir()):  # an earlier release stored in the clear
            with step("stored files sealed"):
                self._finish(self._manage("seal_stored"))
        with step("demo loaded"):
            output = self._finish(self._manage("demo", "--json"))
        with step("files collected"):
            self._finish(files)
        sign_ins = prepared.last_json(output)
        if self.servers.own_postgres:
            stamp.write(sign_ins)
        return sign_ins

    def _manage(self, *arguments: str, owner: bool = False) -> subprocess.Popen[str]:
        parent = os.getpid()
        return subprocess.Popen(
            [sys.executable, str(PROJECT / "manage.py"), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self._environment(owner=owner),
            cwd=PROJECT,
            start_new_session=True,
            preexec_fn=lambda: processes.die_with_parent(signal.SIGKILL, parent),
        )

    def _finish(self, process: subprocess.Popen[str]) -> str:
        output, _ = process.communicate()
        if process.returncode:
            last = "\n".join(output.strip().splitlines()[-25:])
            raise UpError(f"A step of the start failed:\n{last}")
        return output

    def _environment(self, *, owner: bool = False) -> dict[str, str]:
        return {
            "COMANAGE_ALLOWED_HOSTS": "127.0.0.1,localhost",
            **self.servers.environment(owner=owner),
            "COMANAGE_BASE_URL": self.address,
            "COMANAGE_NO_BOOTSTRAP": "1",
            "PYTHONUNBUFFERED": "1",
        }

    def _start_web(self) -> None:
        self._service("web", "gunicorn", "comanage.wsgi:application", *self._web_options())

    def _web_options(self) -> list[str]:
        return ["--config", "python:comanage.embedded.web", "--bind", f"{HOST}:{self.port}"]

    def _start_worker(self) -> None:
        options = ["--concurrency", "2", "--prefetch-multiplier", "1", "--loglevel", "INFO"]
        self._service(
            "worker", "comanage.embedded.worker", "-A", "comanage.celery", "worker", *options
        )

    def _start_beat(self) -> None:
        schedule = str(self.home / "run" / "beat-schedule")
        self._service("beat", "celery", "-A", "comanage.celery", "beat", "--schedule", schedule)

    def _service(self, name: str, module: str, *arguments: str) -> None:
        self.servers.add(
            processes.start(
                name,
                [sys.executable, "-m", module, *arguments],
                log=self.home / "log" / f"{name}.log",
                environment=self._environment(),
                folder=PROJECT,
            )
        )

    def _wait_for_page(self) -> None:
        web = self.servers.children["web"]
        deadline = time.monotonic() + PAGE_SECONDS
        while not self._answers():
            if web.process.poll() is not None or time.monotonic() > deadline:
                raise UpError(f"The pages did not start. {web.log} ends:\n{web.last_lines()}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        connection = HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def _demo(self, what: str) -> int:
        """Let the demonstration act on the running processes, by their address."""
        command = [sys.executable, str(PROJECT / "manage.py"), "demo", what]
        command += ["--base-url", self.address]
        return subprocess.run(
            command, env=self._environment(), cwd=PROJECT, check=False, stdin=subprocess.DEVNULL
        ).returncode

    def _watch(self) -> None:
        """Start again what falls over; give up when a server does, or when it goes on falling."""
        again = {"web": self._start_web, "worker": self._start_worker, "beat": self._start_beat}
        while True:
            time.sleep(0.5)
            for name, child in list(self.servers.children.items()):
                if child.process.poll() is None:
                    continue
                child.wait_or_kill(0)
                self.restarts += 1
                if name not in again or self.restarts > RESTARTS:
                    raise UpError(f"{name} stopped. {child.log} ends:\n{child.last_lines()}")
                say(f"{name} stopped by itself; starting it again (see {child.log}).")
                again[name]()


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Let nobody stop the stopping."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in STOP_SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Print a step with the seconds it took, once it is done."""
    began = time.monotonic()
    yield
    say(f"  {name:<28}{time.monotonic() - began:6.2f} s")


def say(line: str) -> None:
    """Print at once, also into a pipe. A reader that went away does not stop the stop."""
    with contextlib.suppress(BrokenPipeError):
        print(line, flush=True)
