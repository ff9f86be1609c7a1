"""The process that reads one file from outside: limits itself, checks, answers, ends.

Run as `python -m scorecards.intake.child`, with a request in JSON on standard input. It writes
lines of JSON: `{"progress": {...}}` about once a second, and `{"answer": ...}` at the end.
Limits are set before any reader is imported, and cannot be raised again. It ends with the
process that started it, however that ends.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from comanage.embedded.processes import die_with_parent

EXIT_NOT_STORED = 74


def limit_self(*, memory_bytes: int, cpu_seconds: int, file_bytes: int) -> None:
    """Bound what this process may use; the system ends it when it asks for more."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


class WithoutPandas(MetaPathFinder):
    """Says that pandas is not installed.

    Why: pyarrow loads it where it can, only to ask whether an array is one of its. That was
    most of the start of a child, and a third of its memory.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find nothing, and let nobody else look for pandas."""
        if fullname == "pandas":
            raise ModuleNotFoundError(name=fullname)
        return None


def check(request: dict[str, Any]) -> dict[str, Any]:
    """Check the file a request names and return the outcome as a document."""
    # Imported only here: under the limits, and after them.
    import pyarrow as pa

    from comanage.values.period import Period
    from scorecards.intake.checks import check_file
    from scorecards.intake.manner import Manner
    from scorecards.intake.progress import Progress, Ticker
    from scorecards.intake.spec import from_document

    def tell(progress: Progress) -> None:
        _say({"progress": asdict(progress)})

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    pa.set_memory_pool(pa.system_memory_pool())
    outcome = check_file(
        source=Path(request["source"]),
        filename=request["filename"],
        spec=from_document(request["spec"]),
        period=Period(
            date.fromisoformat(request["period"]["start"]),
            date.fromisoformat(request["period"]["end"]),
        ),
        target=Path(request["target"]),
        manner=Manner(**request["manner"]),
        on_progress=Ticker(tell),
    )
    return outcome.to_document()


def preview(request: dict[str, Any]) -> dict[str, Any]:
    """Look at the beginning of the file a request names; say what is seen, or why nothing is."""
    from scorecards.intake.preview import preview as look_at
    from scorecards.intake.reading import UnreadableError
    from scorecards.intake.seeking import Sought
    from scorecards.intake.spec_documents import read_form

    form, sought = request["form"], request["sought"]
    try:
        seen = look_at(
            Path(request["source"]),
            request["filename"],
            None if form is None else read_form(form),
            None if sought is None else Sought(frozenset(sought["names"]), sought["finds_row"]),
        )
    except UnreadableError as refused:
        return {"refused": {"code": refused.code, "message": refused.message}}
    return {"preview": seen.to_document()}


# What a request may ask for in `do`.
DEEDS = {"check": check, "preview": preview}


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Read the request, limit, do it, answer; say by the exit code when storing failed."""
    request = json.load(sys.stdin)
    die_with_parent(signal.SIGKILL, request["parent"])
    limit_self(**request["limits"])
    sys.meta_path.insert(0, WithoutPandas())
    try:
        answer = DEEDS[request["do"]](request)
    except OSError:
        return EXIT_NOT_STORED
    _say({"answer": answer})
    return 0


if __name__ == "__main__":
    sys.exit(main())
