"""From a bare python3 to the project's own environment. Standard library only.

Kept to syntax that Python 3.6 can read: annotations newer than that stand in quotes.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import platform
import pwd
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST = (3, 11)
PROJECT = Path(__file__).resolve().parent.parent
LOCK_FILE = PROJECT / "requirements.lock"
# The part of the lock file after this line is needed by these commands alone.
TEST_PART = "# --- test"
TEST_COMMANDS = ("test", "bench")
PANGO = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0")
PANGO_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0")
NO_NETWORK = (
    "NewConnectionError",
    "ConnectionError",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "dns error",
    "error sending request",
    "Connection refused",
)


class BootstrapError(Exception):
    """The environment cannot be made; the message says what to do."""


def enter(argv: "list[str]") -> None:
    """Return when running inside the environment; otherwise make it and start over in it."""
    if os.environ.get("COMANAGE_NO_BOOTSTRAP") == "1":
        return
    try:
        check_version(sys.version_info[:2])
        folder = environment_folder()
        wanted = "test" if argv[1:2] and argv[1] in TEST_COMMANDS else "run"
        if Path(sys.prefix).resolve() == folder.resolve():
            if not is_complete(folder, wanted):
                say("The environment is older than requirements.lock. Renew it: python3 manage.py")
            return
        if not is_complete(folder, wanted):
            make_under_lock(folder, wanted)
        if argv[1:2] in (["up"], ["test"]):
            offer_pango()
    except BootstrapError as broken:
        sys.exit(str(broken))
    except KeyboardInterrupt:
        sys.exit(130)
    python = str(folder / "bin" / "python")
    sys.stdout.flush()
    os.execv(python, [python, str(PROJECT / "manage.py"), *argv[1:]])


def check_version(version: "tuple[int, ...]") -> None:
    """Refuse a Python that is too old, naming a newer one when the machine has it."""
    if tuple(version) >= OLDEST:
        return
    wanted = ".".join(map(str, OLDEST))
    found = ".".join(map(str, version))
    message = "CoManage needs Python {} or newer; this is Python {}.".format(wanted, found)
    for minor in (13, 12, 11):
        name = "python3.{}".format(minor)
        # A name on the PATH can be a shim that starts nothing: believe only what runs.
        if shutil.which(name) and works([name, "--version"]):
            raise BootstrapError(message + " Run: {} manage.py up".format(name))
    raise BootstrapError(message + " Install python3.11 or newer and run this again with it.")


def environment_folder() -> Path:
    """Name the environment's folder: the project's, or that of `COMANAGE_HOME`."""
    home = os.environ.get("COMANAGE_HOME")
    return Path(home).absolute() / "venv" if home else PROJECT / ".venv"


def stamp(part: str) -> str:
    """Identify what a complete environment was made from."""
    pins = part_of_lock(LOCK_FILE.read_text(), part)
    made_from = "\0".join((pins, sys.version, platform.machine()))
    return part + " " + hashlib.sha256(made_from.encode()).hexdigest()


def is_complete(folder: Path, part: str) -> bool:
    """Say whether the environment was made to its end from this lock file and interpreter.

    What tests need stands on what running needs.
    """
    if part == "test" and not is_complete(folder, "run"):
        return False
    try:
        written = (folder / ("complete-" + part)).read_text()
    except OSError:
        return False
    return written == stamp(part) and os.access(str(folder / "bin" / "python"), os.X_OK)


def make_under_lock(folder: Path, wanted: str) -> None:
    """Make the environment, one process at a time; a second one waits for the first."""
    check_writable(folder)
    with Path(str(folder) + ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Another run is making the environment; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_complete(folder, wanted):
            make(folder, wanted)


def check_writable(folder: Path) -> None:
    """Refuse an environment that belongs to somebody else, before pip fails halfway."""
    with contextlib.suppress(OSError):
        folder.parent.mkdir(parents=True, exist_ok=True)
    existing = folder if folder.exists() else folder.parent
    mine = existing.exists() and os.access(str(existing), os.W_OK)
    if not mine or not os.access(str(folder.parent), os.W_OK):
        raise BootstrapError(
            "{} belongs to {}, and you are {}: it cannot be made or renewed. Run this as {}, "
            "or choose a folder of your own: COMANAGE_HOME=$HOME/comanage-home python3 "
            "manage.py up".format(
                existing, owner(existing), user_name(os.getuid()), owner(existing)
            )
        )


def make(folder: Path, wanted: str) -> None:
    """Make or complete the environment, and stamp each part only when it is whole."""
    started = time.monotonic()
    uv = working_uv()
    if not is_complete(folder, "run"):
        say(
            "Making the environment in {} with Python {}.".format(folder, platform.python_version())
        )
        make_empty(folder, uv)
        install(folder, "run", uv)
    if wanted == "test":
        install(folder, "test", uv)
    say("Environment ready after {:.0f} s.".format(time.monotonic() - started))


def make_empty(folder: Path, uv: "str | None") -> None:
    """Make an empty environment, replacing a stale or half-made one."""
    if folder.exists():
        shutil.rmtree(str(folder))
    if uv and works([uv, "venv", "--quiet", "--seed", "--python", sys.executable, str(folder)]):
        return
    if importlib.util.find_spec("ensurepip") is None:
        package = "python3.{}-venv".format(sys.version_info[1])
        if not apt_install([package], "Python's venv module is not whole"):
            raise BootstrapError("Run this first: sudo apt-get install " + package)
    done = run([sys.executable, "-m", "venv", "--clear", str(folder)])
    if done.returncode:
        raise BootstrapError("Python could not make {}:\n{}".format(folder, done.stdout))


def install(folder: Path, part: str, uv: "str | None") -> None:
    """Install one part of the lock file, every package checked against its hash."""
    python = str(folder / "bin" / "python")
    text = part_of_lock(LOCK_FILE.read_text(), part)
    listed = folder / ("requirements-" + part + ".txt")
    listed.write_text(text)
    count = text.count("==")
    # The lock file is complete, so nothing is resolved again and nothing is built.
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(listed)]
    if uv:
        command = [uv, "pip", "install", "--python", python, *options]
        if not follow(command, "installing {} packages with uv".format(count))[0]:
            (folder / ("complete-" + part)).write_text(stamp(part))
            return
        say("  uv could not install them; trying pip.")
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar", "off", "--retries", "2", "--no-compile", *options]
    code, output = follow(command, "installing {} packages".format(count))
    if code:
        raise BootstrapError(why_pip_failed(output))
    (folder / ("complete-" + part)).write_text(stamp(part))


def part_of_lock(text: str, part: str) -> str:
    """Cut the lock file at the line where the packages for tests begin."""
    run_part, _, test_part = text.partition(TEST_PART)
    return run_part if part == "run" else test_part.partition("\n")[2]


def why_pip_failed(output: str) -> str:
    """Turn pip's output into one sentence, with its last lines below."""
    last = "\n".join(output.strip().splitlines()[-8:])
    if any(word in output for word in NO_NETWORK):
        said = "The packages could not be fetched: the package index cannot be reached."
        return said + " Connect this machine, or set PIP_INDEX_URL, and run again.\n" + last
    if "DO NOT MATCH THE HASHES" in output:
        return "A fetched package differs from requirements.lock; nothing was installed.\n" + last
    if "No space left" in output:
        return "The disk is full: the environment needs about 700 MB.\n" + last
    return "pip could not install requirements.lock.\n" + last


def follow(command: "list[str]", what: str) -> "tuple[int, str]":
    """Run a long command, saying every few seconds that it is still at it."""
    started = time.monotonic()
    say("  {} ...".format(what))
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        preexec_fn=end_with_parent,
    ) as process:
        lines = []  # type: list[str]
        said = started
        for line in process.stdout or ():
            lines.append(line)
            if time.monotonic() - said > 5:
                said = time.monotonic()
                seen = sum(1 for each in lines if each.startswith("Collecting "))
                counted = "  {} found so far".format(seen) if seen else ""
                say("  {:4.0f} s{}".format(said - started, counted))
    say(
        "  {:4.0f} s  {}".format(
            time.monotonic() - started, "failed" if process.returncode else "done"
        )
    )
    return process.returncode, "".join(lines)


def end_with_parent() -> None:
    """End an install whose starter was killed: the next start makes the folder anew."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(1, 15, 0, 0, 0)  # PR_SET_PDEATHSIG, SIGTERM


def has_pango() -> bool:
    """Say whether the libraries that draw text into PDFs can be loaded."""
    try:
        for name in PANGO:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def offer_pango() -> None:
    """Install Pango when that is possible, otherwise say how."""
    if has_pango() or apt_install(PANGO_PACKAGES, "PDFs need Pango"):
        return
    say("PDFs need Pango. Run: sudo apt-get install " + " ".join(PANGO_PACKAGES))
    say("Everything else works without it.")


def apt_install(packages: "list[str] | tuple[str, ...]", why: str) -> bool:
    """Install Debian packages as root; answer False when that cannot be done here."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return False
    say("{}: installing {} ...".format(why, " ".join(packages)))
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        done = run(command, env=quiet)
        last = done
    if last.returncode:
        say(last.stdout.strip()[-500:])
    return last.returncode == 0


def working_uv() -> "str | None":
    """Find uv, if it is there and starts."""
    uv = shutil.which("uv")
    return uv if uv and works([uv, "--version"]) else None


def works(command: "list[str]") -> bool:
    """Say whether a command runs and succeeds."""
    try:
        return run(command).returncode == 0
    except OSError:
        return False


def run(
    command: "list[str]", env: "dict[str, str] | None" = None
) -> "subprocess.CompletedProcess[str]":
    """Run a command, keeping what it prints."""
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        env=env,
    )


def owner(path: Path) -> str:
    """Name who owns a path."""
    return user_name(path.stat().st_uid) if path.exists() else "nobody"


def user_name(uid: int) -> str:
    """Name a user, by number when the machine does not know them."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return "user {}".format(uid)


def say(line: str) -> None:
    """Print at once, also into a pipe."""
    print(line, flush=True)
