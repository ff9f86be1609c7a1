"""`manage.py test`: everything from nothing, then every check, each by its name."""

import argparse
import base64
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from comanage import bootstrap
from comanage.embedded.home import PROJECT, HeldError, find_home
from comanage.embedded.processes import die_with_parent
from comanage.embedded.servers import Servers, running

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PDF_READERS = ("pdftotext",)
OFFICES = ("soffice",)
MOST_RUNS_AT_ONCE = 6
LAWS_TIMES_AT_LENGTH = "20"
TOOLS = Path(sys.executable).parent
MANAGE = (sys.executable, str(PROJECT / "manage.py"))

# In this order: the fast ones first.
STEPS: dict[str, tuple[str, ...]] = {
    "lock": (*MANAGE, "lock", "--check"),
    "format": (str(TOOLS / "ruff"), "format", "--check", "."),
    "lint": (str(TOOLS / "ruff"), "check", "."),
    "types": (str(TOOLS / "mypy"), "."),
    "contracts": (str(TOOLS / "lint-imports"),),
    "migrations": (*MANAGE, "makemigrations", "--check", "--dry-run"),
    "deploy": (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"),
    "compose": (
        str(TOOLS / "check-jsonschema"),
        *("--builtin-schema", "vendor.compose-spec", "docker-compose.yml"),
    ),
    "pytest": (sys.executable, "-m", "pytest"),
}
# What production must set; `check --deploy` looks at the settings, not at a server.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "comanage.settings.prod",
    "COMANAGE_SECRET_KEY": "".join(map(chr, range(40, 120))),
    "COMANAGE_MASTER_KEY": base64.b64encode(bytes(32)).decode(),
    "COMANAGE_ALLOWED_HOSTS": "comanage.example",
    "COMANAGE_BASE_URL": "https://comanage.example",
}


class TestingError(Exception):
    """The tests cannot be run; the message says why."""


def test(arguments: Sequence[str]) -> int:
    """Run all steps, or those named by `--only`, or pytest alone with the arguments given."""
    parser = argparse.ArgumentParser(prog="manage.py test", description=__doc__, add_help=False)
    parser.add_argument("--only", action="append", choices=list(STEPS), default=[])
    parser.add_argument(
        "--long", action="store_true", help="the tests that take minutes, and laws at length"
    )
    parser.add_argument("--help", "-h", action="help")
    options, for_pytest = parser.parse_known_args(arguments)
    # On every core for the whole, in this terminal for a few.
    processes = str(min(os.cpu_count() or 1, 4))
    spread = ("-n", processes, "--dist", "loadgroup", "--no-loadscope-reorder")
    if options.long:
        for_pytest = ["-m", "long or law", *spread, *for_pytest]
        os.environ.setdefault("COMANAGE_LAWS_TIMES", LAWS_TIMES_AT_LENGTH)
    everything = not options.only and not for_pytest
    names = options.only or (["pytest"] if for_pytest else list(STEPS))
    if "pytest" in names and (everything or options.long):
        find_program(BROWSERS, package="chromium", needed_by="Browser tests")
        find_program(PDF_READERS, package="poppler-utils", needed_by="Tests that read a PDF back")
    if options.long:
        find_program(
            OFFICES, package="libreoffice-writer-nogui", needed_by="Tests of Word in LibreOffice"
        )
    with servers_of_our_own() as servers:
        failed = [
            name
            for name in names
            if name != "pytest" and not run_step(name, (), servers, quiet=True)
        ]
        if failed:
            print(f"\nFAILED: {', '.join(failed)}\n", flush=True)
        if "pytest" not in names:
            return 1 if failed else 0
        passed = run_step("pytest", spread if everything else for_pytest, servers, quiet=False)
        return 1 if failed or not passed else 0


def run_step(name: str, more: Sequence[str], servers: Servers, *, quiet: bool) -> bool:
    """Run one step; show what it printed only when it failed, unless it is the tests."""
    began, parent = time.monotonic(), os.getpid()
    done = subprocess.run(
        [*STEPS[name], *more],
        cwd=PROJECT,
        env=environment_of(name, servers),
        check=False,
        text=True,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        preexec_fn=lambda: die_with_parent(signal.SIGTERM, parent),
    )
    passed = done.returncode == 0
    if quiet:
        took = time.monotonic() - began
        print(f"  {name:<12}{'passed' if passed else 'FAILED'}  {took:6.1f} s", flush=True)
        if not passed:
            print(done.stdout.strip(), flush=True)
    return passed


def environment_of(name: str, servers: Servers) -> Mapping[str, str]:
    """Give a step its environment: the tests' own servers and settings."""
    given = {
        **servers.environment(owner=name == "migrations"),
        "DJANGO_SETTINGS_MODULE": "comanage.settings.test",
        "COMANAGE_NO_BOOTSTRAP": "1",
        "PATH": f"{TOOLS}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
    return {**given, **PRODUCTION} if name == "deploy" else given


@contextlib.contextmanager
def servers_of_our_own() -> Iterator[Servers]:
    """Start servers for this run: beside `up`, and beside other test runs."""
    for number in range(1, MOST_RUNS_AT_ONCE + 1):
        home = find_home("test" if number == 1 else f"test-{number}")
        with contextlib.ExitStack() as stack:
            try:
                began = time.monotonic()
                servers = stack.enter_context(running(home, "test", for_tests=True, patience=0))
            except HeldError:
                continue
            print(f"  {'servers':<12}ready   {time.monotonic() - began:6.1f} s", flush=True)
            yield servers
            return
    raise TestingError(f"{MOST_RUNS_AT_ONCE} test runs are going on already; wait for one of them.")


def find_program(names: Sequence[str], *, package: str, needed_by: str) -> None:
    """Install a program when we may. In CI, doing without it is a failure, not a skip."""
    if any(map(shutil.which, names)):
        return
    if bootstrap.apt_install([package], f"{needed_by} need {package}"):
        return
    if os.environ.get("CI"):
        raise TestingError(f"{needed_by} need {package}. Run: sudo apt-get install {package}")
    print(f"{needed_by} are skipped. Run: sudo apt-get install {package}", flush=True)
