"""Checking a file from outside in a child process: whatever it does, the caller lives on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from comanage.values.period import Period
from scorecards.intake.child import EXIT_NOT_STORED
from scorecards.intake.outcome import Outcome
from scorecards.intake.slices import part_path
from scorecards.intake.spec import FeedSpec, to_document

ROOT = Path(__file__).resolve().parents[2]
GIBIBYTE = 1 << 30
MAX_WRITTEN_BYTES = GIBIBYTE // 2
CHILD = [sys.executable, "-s", "-m", "scorecards.intake.child"]
# What a process says on its way out when it was refused memory: Python, Rust, C++, the loader.
OUT_OF_MEMORY = (
    b"MemoryError",
    b"memory allocation of",
    b"bad_alloc",
    b"Cannot allocate memory",
    b"failed to map segment",
    b"capacity overflow",
    b"returned NULL without setting an exception",  # Python, where there was no room for the error
)


def check_in_child(
    source: Path,
    filename: str,
    spec: FeedSpec,
    period: Period,
    target: Path,
    *,
    memory_bytes: int = GIBIBYTE,
    cpu_seconds: int = 60,
    wall_seconds: float = 120,
) -> Outcome:
    """Run `check_file` under limits; a child that dies gives a refusal, never an exception.

    Args:
        source: as for `check_file`, like the next four.
        filename: the name under which the file came.
        spec: what the feed declares.
        period: the days the slice is for.
        target: where the slice goes.
        memory_bytes: address space of the child, with its libraries.
        cpu_seconds: computing time of the child.
        wall_seconds: after which the child is ended.

    Returns:
        The child's outcome, or a refusal with `too-much-memory`, `too-slow`, `unreadable`,
        or `not-stored` when the fault is ours and the file may be tried again.
        When it is not accepted, nothing is at `target`.

    Raises:
        FileNotFoundError: there is no file, or no folder for the slice.
    """
    request = {
        "source": str(source.resolve(strict=True)),
        "filename": filename,
        "spec": to_document(spec),
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat()},
        "target": str(target.parent.resolve(strict=True) / target.name),
        "limits": {
            "memory_bytes": memory_bytes,
            "cpu_seconds": cpu_seconds,
            "file_bytes": MAX_WRITTEN_BYTES,
        },
    }
    outcome = _run(request, wall_seconds)
    if not outcome.accepted:
        target.unlink(missing_ok=True)
        part_path(target).unlink(missing_ok=True)
    return outcome


def closed_environment() -> dict[str, str]:
    """Return all that the child may know: no secrets, no database, one thread everywhere."""
    return {
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONDONTWRITEBYTECODE": "1",
        # Other pools reserve address space far beyond what they use.
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "ARROW_IO_THREADS": "1",
    }


def _run(request: dict[str, Any], wall_seconds: float) -> Outcome:
    child = subprocess.Popen(
        CHILD,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=closed_environment(),
        start_new_session=True,
    )
    try:
        answer, last_words = child.communicate(json.dumps(request).encode(), timeout=wall_seconds)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return _too_slow()
    if child.returncode == 0:
        return _read(answer)
    if child.returncode == -signal.SIGXCPU:
        return _too_slow()
    if child.returncode == EXIT_NOT_STORED:
        return _not_stored()
    if child.returncode == -signal.SIGKILL or any(word in last_words for word in OUT_OF_MEMORY):
        return Outcome.refused(
            "too-much-memory",
            "Reading the file took more memory than is allowed. Send a shorter period, fewer "
            "columns, or CSV instead of a workbook.",
        )
    return _unreadable()


def _read(answer: bytes) -> Outcome:
    try:
        return Outcome.from_document(json.loads(answer))
    except (ValueError, KeyError, TypeError):
        return _unreadable()


def _too_slow() -> Outcome:
    return Outcome.refused(
        "too-slow",
        "Reading the file took longer than is allowed. Send a shorter period, fewer columns, or "
        "CSV instead of a workbook.",
    )


def _not_stored() -> Outcome:
    return Outcome.refused(
        "not-stored",
        "The checked cases could not be stored. Nothing is wrong with the file: send it again "
        "later, and tell whoever runs the installation.",
    )


def _unreadable() -> Outcome:
    return Outcome.refused(
        "unreadable", "The file ended its reader. It is damaged or made to do harm: export again."
    )
