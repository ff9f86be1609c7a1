"""`manage.py bench measure`: the workloads one after the other, then the bars."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from comanage.bench.contract import BenchError, Say
from comanage.bench.report import Bar, are_held, machine
from indicators.bench import report
from indicators.bench.contest import ROOT, contest, environment
from indicators.bench.generator import Shape
from indicators.bench.workloads import Workload, prepared, workloads

# The most that one changed month may take, as a share of counting all months again.
INCREMENTAL_BARS = {"I": 0.35, "S": 0.15}


def run(
    names: Sequence[str], *, shape: Shape, scale: int, runs: int, keep: Path | None, say: Say
) -> bool:
    """Run workloads and print what came out.

    Args:
        names: of the workloads.
        shape: seed, physicians, codes and missing shares.
        scale: percent of the cases of S and of the slices of M.
        runs: that count, of each contestant.
        keep: folder for the made-up files, to be used again; None for a temporary one.
        say: prints a line.

    Returns:
        Whether every bar that could be measured was held.

    Raises:
        BenchError: a contestant did not finish, or gave two different results.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        _say_all(say, machine())
        known, found = workloads(shape, scale), []
        for name in names:
            found += _one(known[name], folder, runs, say)
    _say_all(say, ["", "Bars:", *map(str, found)])
    return are_held(found)


def _one(workload: Workload, folder: Path, runs: int, say: Say) -> list[Bar]:
    paths = prepared(workload, folder)
    results = contest(workload, paths, runs)
    _say_all(say, report.table(workload, results))
    found = report.bars(workload, results)
    if workload.name in INCREMENTAL_BARS:
        answer = _incremental(workload, runs)
        seconds = answer["seconds"]
        _say_all(say, report.incremental_lines(workload.name, seconds, answer["counted"]))
        found += report.incremental_bars(
            workload.name,
            seconds,
            INCREMENTAL_BARS[workload.name],
            is_equal=answer["is_equal"],
        )
    return found


def _incremental(workload: Workload, runs: int) -> dict[str, Any]:
    spec = json.dumps({"shape": asdict(workload.shape), "runs": runs})
    command = [sys.executable, "-m", "indicators.bench.incremental", spec]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment(1), check=False
    )
    if done.returncode:
        raise BenchError("The incremental run did not finish; its own message is above.")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _say_all(say: Say, lines: Sequence[str]) -> None:
    for line in lines:
        say(line)
