"""Contestants run in turn, A B A B, each in processes of its own; results must be equal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

from comanage.bench.contract import BenchError
from indicators.bench.workloads import Entry, Workload

ROOT = Path(__file__).resolve().parent.parent.parent
RIVALS = {"duckdb": "DuckDB", "polars": "Polars"}


@dataclass
class Result:
    """What a contestant did in a workload.

    Attributes:
        entry: the contestant.
        seconds: of each run that counts, in order.
        memory: peak of its largest process, in megabytes.
        hash: of all cells, in the order of the slices.
        phases: seconds of each phase in the last run, where it tells them.
        missing: the package that is not installed; empty where it ran.
    """

    entry: Entry
    seconds: list[float] = field(default_factory=list)
    memory: int = 0
    hash: str = ""
    phases: dict[str, float] = field(default_factory=dict)
    missing: str = ""

    @property
    def median(self) -> float:
        """The middle of its runs, in seconds."""
        return median(self.seconds)


class Team:
    """The processes of one contestant."""

    def __init__(self, entry: Entry, workload: Workload) -> None:
        """Start them, and wait until they are ready."""
        self.result = Result(entry)
        spec = {**asdict(entry), "shape": asdict(workload.shape), "with_hard": workload.with_hard}
        command = [sys.executable, "-m", "indicators.bench.contestant", json.dumps(spec)]
        self._members = [
            subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
                env=environment(entry.threads),
            )
            for _ in range(entry.processes)
        ]
        for member in self._members:
            self.result.missing = self._heard(member).get("is_missing", "")

    def run(self, paths: Sequence[Path], *, counts: bool) -> None:
        """Run once; the first run of all is not counted.

        Raises:
            BenchError: a process ended, or the results differ from run to run.
        """
        shares = [paths[number :: len(self._members)] for number in range(len(self._members))]
        begun = time.perf_counter()
        for member, share in zip(self._members, shares, strict=True):
            if member.stdin is not None:
                member.stdin.write(json.dumps([str(path) for path in share]) + "\n")
                member.stdin.flush()
        answers = [self._heard(member) for member in self._members]
        wall = time.perf_counter() - begun
        seconds = answers[0]["seconds"] if len(answers) == 1 else wall
        self._note(paths, answers, seconds if counts else None)

    def stop(self) -> None:
        """End the processes: their input ends."""
        for member in self._members:
            member.communicate()

    def _note(
        self, paths: Sequence[Path], answers: list[dict[str, Any]], seconds: float | None
    ) -> None:
        hashes = [""] * len(paths)
        for number, answer in enumerate(answers):
            hashes[number :: len(answers)] = answer["hashes"]
        together = sha256("".join(hashes).encode()).hexdigest()
        if self.result.hash not in {"", together}:
            raise BenchError(f"{self.result.entry.name} gave two different results.")
        self.result.hash = together
        self.result.memory = max(answer["memory"] for answer in answers)
        self.result.phases = answers[0]["phases"]
        if seconds is not None:
            self.result.seconds.append(seconds)

    def _heard(self, member: subprocess.Popen[str]) -> dict[str, Any]:
        line = member.stdout.readline() if member.stdout is not None else ""
        if not line:
            raise BenchError(
                f"{self.result.entry.name} ended before it answered; its own message is above."
            )
        answer: dict[str, Any] = json.loads(line)
        return answer


def environment(threads: int) -> dict[str, str]:
    """Let every engine have its threads, and the libraries beneath it none of their own."""
    alone = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS")
    return {**os.environ, **dict.fromkeys(alone, "1"), "POLARS_MAX_THREADS": str(threads)}


def contest(workload: Workload, paths: Sequence[Path], runs: int) -> list[Result]:
    """Let all contestants of a workload run in turn.

    Args:
        workload: with its contestants.
        paths: its slices, with their companions beside them.
        runs: that count; one more warms up.

    Returns:
        In the order of the entries; who is not installed has no run.
    """
    teams = [Team(entry, workload) for entry in workload.entries]
    playing = [team for team in teams if not team.result.missing]
    try:
        for number in range(runs + 1):
            for team in playing:
                team.run(paths, counts=number > 0)
    finally:
        for team in teams:
            team.stop()
    return [team.result for team in teams]
