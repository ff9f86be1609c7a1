"""What every bench prints: the machine, and its bars; and how a process tells its peak."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import resource
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("numpy", "pyarrow", "pandas", "duckdb", "polars")
BYTES_A_GIGABYTE = 2**30
KILOBYTES_A_MEGABYTE = 1_024


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, and whether it was held.

    Attributes:
        name: what was asked.
        measured: in words.
        is_held: None where it could not be measured.
    """

    name: str
    measured: str
    is_held: bool | None

    def __str__(self) -> str:
        """Write one line."""
        verdict = {True: "held", False: "MISSED", None: "not measured"}[self.is_held]
        return f"  {verdict:12}  {self.name}: {self.measured}"


def are_held(bars: Iterable[Bar]) -> bool:
    """Say whether every bar that could be measured was held."""
    return all(bar.is_held is not False for bar in bars)


def machine() -> list[str]:
    """Describe the machine and the versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / BYTES_A_GIGABYTE
    versions = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return [
        f"Machine: {_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, load {load}",
        f"Versions: Python {platform.python_version()}, {versions}",
    ]


def peak_megabytes() -> int:
    """Return the most memory that this process held at once.

    Not `ru_maxrss`, which begins with what the parent held; where there is no /proc, that.
    """
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    else:
        kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return kilobytes // KILOBYTES_A_MEGABYTE


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())
