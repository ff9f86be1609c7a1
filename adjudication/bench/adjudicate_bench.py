"""`manage.py bench adjudicate`: years settled, reports typeset, what-ifs answered.

Everything runs on servers made for it, with the roles and walls of a real installation, and in
processes of its own, as workers and web servers are.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from statistics import median

from adjudication.bench.task import Answer, Size, Task
from comanage.bench.contract import BenchError, Say
from comanage.bench.report import Bar, are_held, machine
from comanage.embedded.home import find_home
from comanage.embedded.servers import Servers, running

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS, MOST_SECONDS_OF_A_REPORT, MOST_MILLISECONDS = 60, 5, 100
PAGES = 20
# Where an installation keeps things: the bench writes into none of them, whatever is configured.
PLACES = (
    *("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "CACHE_URL", "STORAGE_URL"),
    *("COMANAGE_KERNEL_FOLDER", "COMANAGE_STATIC_ROOT"),
)
WHOLE_PROGRAMS, WHOLE_INDICATORS = 200, 15


def run(size: Size, *, processes: int, reports: int, asks: int, say: Say) -> bool:
    """Run, and print what came out; the last line is all of it as JSON.

    Args:
        size: of the work.
        processes: that share the years.
        reports: that are typeset, one after the other.
        asks: of the what-if, of its part and of its page.
        say: prints a line.

    Returns:
        Whether every bar was held.

    Raises:
        BenchError: a process did not finish, or a year came to another sum than it must.
    """
    for line in machine():
        say(line)
    with _servers() as servers:
        task, app = Task("found", size), _environment(servers)
        _prepare("migrate", _environment(servers, owner=True))
        _prepare("collectstatic", app)
        founded = _answers([task], app)[0]
        say(
            f"{size.programs} programs of {size.hospitals} hospitals stored in "
            f"{founded['seconds']:.0f} s."
        )
        task = replace(task, tenants=tuple(founded["tenants"]))
        work = [replace(task, work="adjudicate", place=n, of=processes) for n in range(processes)]
        began = time.perf_counter()
        shares = _answers(work, app)
        wall = time.perf_counter() - began
        typeset = _answers([replace(task, work="report", times=reports)], app)[0]
        asked = _answers([replace(task, work="what_if", times=asks)], app)[0]
    wrong = [number for share in shares for number in share["wrong"]]
    if wrong or sum(share["years"] for share in shares) != size.programs:
        raise BenchError(f"Years came to another sum than they must: {wrong}.")
    bars = _bars(size, max(share["seconds"] for share in shares), typeset, asked)
    for line in _lines(size, shares, wall, typeset, asked):
        say(line)
    for line in ("", "Bars:", *map(str, bars)):
        say(line)
    say(
        json.dumps(
            {
                "bench": "adjudicate",
                "size": asdict(size),
                "processes": processes,
                "shares": shares,
                "wall_seconds": wall,
                "report": typeset,
                "what_if": asked,
                "bars": [asdict(bar) for bar in bars],
            }
        )
    )
    return are_held(bars)


@contextlib.contextmanager
def _servers() -> Iterator[Servers]:
    """Run servers that nobody else uses, with nothing in them, and leave nothing behind."""
    for name in PLACES:
        os.environ.pop(name, None)
    home = find_home("bench")
    shutil.rmtree(home.root, ignore_errors=True)
    try:
        with running(home, "bench") as servers:
            yield servers
    finally:
        shutil.rmtree(home.root, ignore_errors=True)


def _environment(servers: Servers, *, owner: bool = False) -> Mapping[str, str]:
    return servers.environment(owner=owner) | {"COMANAGE_NO_BOOTSTRAP": "1"}


def _prepare(name: str, environment: Mapping[str, str]) -> None:
    command = [sys.executable, "manage.py", name, "--noinput", "--verbosity", "0"]
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        raise BenchError(f"“{name}” did not finish; the reason is above.")


def _answers(tasks: Sequence[Task], environment: Mapping[str, str]) -> list[Answer]:
    """Let processes work at the same time, and wait for all of them."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "adjudication.bench.contestant", task.to_text()],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )
        for task in tasks
    ]
    printed = [process.communicate()[0] for process in started]
    if any(process.returncode for process in started):
        raise BenchError(f"“{tasks[0].work}” did not finish; its own message is above.")
    return [json.loads(text.splitlines()[-1]) for text in printed]


def _bars(size: Size, seconds: float, typeset: Answer, asked: Answer) -> list[Bar]:
    """Hold what was measured against the bars; of a smaller work, those of the whole are not."""
    is_whole = (size.programs, size.indicators) >= (WHOLE_PROGRAMS, WHOLE_INDICATORS)
    years = f"{size.programs} years"
    report, pages = median(typeset["seconds"]), typeset["pages"]
    return [
        Bar(
            f"{WHOLE_PROGRAMS} programs of {WHOLE_INDICATORS} indicators adjudicated in under "
            f"{MOST_SECONDS} s",
            f"{seconds:.1f} s",
            seconds < MOST_SECONDS if is_whole else None,
        ),
        Bar("every year comes to what it must, by a second scoring", years, is_held=True),
        Bar(
            f"a report of {PAGES} pages in under {MOST_SECONDS_OF_A_REPORT} s",
            f"{report:.1f} s for {pages} pages, signed and stored",
            report < MOST_SECONDS_OF_A_REPORT if pages >= PAGES else None,
        ),
        Bar(
            f"a what-if answered within {MOST_MILLISECONDS} ms",
            f"95 of 100 within {asked['part']['p95']:.0f} ms",
            asked["part"]["p95"] < MOST_MILLISECONDS if is_whole else None,
        ),
    ]


def _lines(
    size: Size, shares: Sequence[Answer], wall: float, typeset: Answer, asked: Answer
) -> list[str]:
    slowest, memory = (max(share[name] for share in shares) for name in ("seconds", "memory"))
    milliseconds = 1_000 * slowest * len(shares) / size.programs
    pages, seconds = typeset["pages"], typeset["seconds"]
    lines = [""]
    lines.append(
        f"Frozen, settled and recomputed on {len(shares)} processes: {slowest:.1f} s, "
        f"{milliseconds:.0f} ms of a process a year ({wall:.1f} s with their start), "
        f"peak {memory} MB."
    )
    lines.append(f"Reports of {pages} pages: {', '.join(f'{each:.1f}' for each in seconds)} s.")
    for name, taken in asked.items():
        figures = ", ".join(f"{figure} {value:.0f} ms" for figure, value in taken.items())
        lines.append(f"What-if, {name}: {figures}.")
    return lines
