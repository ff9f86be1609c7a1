"""Checking a file from outside in a child process: whatever it does, the caller lives on."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from comanage.values.period import Period
from scorecards.intake.child import EXIT_NOT_STORED
from scorecards.intake.manner import AS_IT_IS, Manner
from scorecards.intake.outcome import Outcome
from scorecards.intake.progress import SECONDS_BETWEEN, Progress
from scorecards.intake.reading import MAX_FILE_BYTES
from scorecards.intake.slices import part_path
from scorecards.intake.spec import FeedSpec, to_document

ROOT = Path(__file__).resolve().parents[2]
MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30
CHILD = [sys.executable, "-s", "-m", "scorecards.intake.child"]
MAX_ANSWER_BYTES = 64 * MEBIBYTE
READ_AT_ONCE = 1 << 16
# What a process says on its way out when it was refused memory: Python, Rust, C++, the loader.
OUT_OF_MEMORY = (
    b"MemoryError",
    b"memory allocation of",
    b"bad_alloc",
    b"Cannot allocate memory",
    b"failed to map segment",
    b"capacity overflow",
    b"returned NULL without setting an exception",  # Python, where there was no room for the error
    b"can't start new thread",
)
LAST_WORDS_BYTES = 1 << 16
# Told of the progress about once a second; False ends the reading.
OnProgress = Callable[[Progress], bool]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use.

    Args:
        memory_bytes: address space, with its libraries.
        cpu_seconds: computing time of all its threads.
        file_bytes: size of any file that it writes.
        wall_seconds: after which it is ended.
    """

    memory_bytes: int
    cpu_seconds: int
    file_bytes: int
    wall_seconds: float

    @classmethod
    def for_file(cls, size: int) -> Limits:
        """Bound the reading of a file of so many bytes; the bounds grow with it and end.

        Args:
            size: in bytes; above 2.5 GB nothing is read anyway.
        """
        megabytes = min(size, MAX_FILE_BYTES) // MEBIBYTE
        return cls(
            memory_bytes=GIBIBYTE + min(megabytes, 512) * MEBIBYTE,
            cpu_seconds=60 + megabytes // 4,
            file_bytes=max(GIBIBYTE // 2, min(size, MAX_FILE_BYTES)),
            wall_seconds=120 + megabytes // 2,
        )


class EndedError(Exception):
    """The child ended without an answer; the outcome says why."""

    def __init__(self, outcome: Outcome) -> None:
        """Keep the refusal that this amounts to."""
        super().__init__(outcome.findings[0].code)
        self.outcome = outcome


def check_in_child(
    source: Path,
    filename: str,
    spec: FeedSpec,
    period: Period,
    target: Path,
    *,
    manner: Manner = AS_IT_IS,
    limits: Limits | None = None,
    on_progress: OnProgress = lambda _: True,
) -> Outcome:
    """Run `check_file` under limits; a child that dies gives a refusal, never an exception.

    Args:
        source: as for `check_file`, like the next four.
        filename: the name under which the file came.
        spec: what the feed declares.
        period: the days the slice is for.
        target: where the slice goes.
        manner: how faulty rows are taken, and how many rows were promised.
        limits: what the child may use; None for those of a file of its size.
        on_progress: called about once a second, also while nothing moves; when it answers
            False the child is ended.

    Returns:
        The child's outcome, or a refusal with `too-much-memory`, `too-slow`, `unreadable`,
        `cancelled`, or `not-stored` when the fault is ours and the file may be tried again.
        When it is not accepted, nothing is at `target`.

    Raises:
        FileNotFoundError: there is no file, or no folder for the slice.
    """
    request = {
        "do": "check",
        "source": str(source.resolve(strict=True)),
        "filename": filename,
        "spec": to_document(spec),
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat()},
        "target": str(target.parent.resolve(strict=True) / target.name),
        "manner": asdict(manner),
    }
    try:
        outcome = Outcome.from_document(ask_child(request, limits=limits, on_progress=on_progress))
    except EndedError as ended:
        outcome = ended.outcome
    except (ValueError, KeyError, TypeError, AttributeError):
        outcome = _unreadable()
    if not outcome.accepted:
        target.unlink(missing_ok=True)
        part_path(target).unlink(missing_ok=True)
    return outcome


def ask_child(
    request: dict[str, Any],
    *,
    limits: Limits | None = None,
    on_progress: OnProgress = lambda _: True,
) -> Any:
    """Have a child do what a request says, and return its answer as it came.

    Args:
        request: in plain JSON; `do` names one of the child's deeds, `source` the file.
        limits: what the child may use; None for those of a file of the source's size.
        on_progress: as for `check_in_child`.

    Raises:
        EndedError: there is no answer.
    """
    size = Path(request["source"]).stat().st_size
    limits = limits or Limits.for_file(size)
    bounds = asdict(limits)
    watch = _Watch(size, time.monotonic() + bounds.pop("wall_seconds"), on_progress)
    whole = request | {"parent": os.getpid(), "limits": bounds}
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as last_words:
        asked.write(json.dumps(whole).encode())
        asked.seek(0)
        child = subprocess.Popen(
            CHILD,
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=last_words,
            cwd=ROOT,
            env=closed_environment(),
            start_new_session=True,
        )
        try:
            answer = watch.listen(child)
            child.wait(watch.seconds_left())
        except subprocess.TimeoutExpired:
            raise EndedError(_too_slow()) from None
        finally:
            _end(child)
        if child.returncode:
            last_words.seek(0)
            raise EndedError(_obituary(child.returncode, last_words.read(LAST_WORDS_BYTES)))
    return answer


def closed_environment() -> dict[str, str]:
    """Return all that the child may know: no secrets, no database, no pools of threads."""
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


class _Watch:
    """Listens to one child: passes its progress on, and keeps the time."""

    def __init__(self, size: int, deadline: float, on_progress: OnProgress) -> None:
        self._deadline, self._on_progress = deadline, on_progress
        self._progress = Progress(0, size, 0)
        self._answer: Any = None

    def seconds_left(self) -> float:
        """Return the time until the deadline."""
        return max(0.0, self._deadline - time.monotonic())

    def listen(self, child: subprocess.Popen[bytes]) -> Any:
        """Read what the child says until it has nothing more to say.

        Raises:
            EndedError: the time is over, it was cancelled, or it says too much.
        """
        pipe = child.stdout
        if pipe is None:
            raise EndedError(_unreadable())
        unfinished, heard = b"", 0
        next_word = time.monotonic() + SECONDS_BETWEEN
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while True:
                wait = min(self.seconds_left(), max(0.0, next_word - time.monotonic()))
                if selector.select(wait):
                    said = os.read(pipe.fileno(), READ_AT_ONCE)
                    if not said:
                        return self._answer
                    heard += len(said)
                    *lines, unfinished = (unfinished + said).split(b"\n")
                    for line in lines:
                        self._hear(line)
                self._check(heard)
                if time.monotonic() >= next_word:
                    next_word = time.monotonic() + SECONDS_BETWEEN
                    self._pass_on()

    def _hear(self, line: bytes) -> None:
        try:
            said = json.loads(line)
            if "progress" in said:
                self._progress = Progress(**said["progress"])
            else:
                self._answer = said["answer"]
        except (ValueError, KeyError, TypeError):
            raise EndedError(_unreadable()) from None

    def _check(self, heard: int) -> None:
        if heard > MAX_ANSWER_BYTES:
            raise EndedError(_unreadable())
        if not self.seconds_left():
            raise EndedError(_too_slow())

    def _pass_on(self) -> None:
        if not self._on_progress(self._progress):
            raise EndedError(_cancelled())


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started, if they still run."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _obituary(code: int, last_words: bytes) -> Outcome:
    """Say what a child died of."""
    if code == -signal.SIGXCPU:
        return _too_slow()
    if code == EXIT_NOT_STORED:
        return _not_stored()
    if code == -signal.SIGKILL or any(word in last_words for word in OUT_OF_MEMORY):
        return Outcome.refused(
            "too-much-memory",
            "Reading the file took more memory than is allowed. Send a shorter period, fewer "
            "columns, or CSV instead of a workbook.",
        )
    return _unreadable()


def _too_slow() -> Outcome:
    return Outcome.refused(
        "too-slow",
        "Reading the file took longer than is allowed. Send a shorter period, fewer columns, or "
        "CSV instead of a workbook.",
    )


def _cancelled() -> Outcome:
    return Outcome.refused("cancelled", "The check was cancelled before the file was read.")


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
