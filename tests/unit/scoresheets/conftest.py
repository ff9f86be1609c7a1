"""One run of the scoring door in this process: plan and results in, scores out."""

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from scorecards.offline.errors import OfflineError
from scorecards.scoresheets.run import run, score_options

TIERS = [
    {"name": "threshold", "goal": "0.8", "earns": "0.5"},
    {"name": "target", "goal": "0.9", "earns": "1"},
]
PLAN = {
    "title": "Example",
    "small_numbers": {"minimum_cases": 0, "rule": "not_scored"},
    "missing": {"indicators": "redistribute"},
    "indicators": [
        {
            "slug": "on-time",
            "title": "On time",
            "improvement": "increase",
            "method": {"kind": "steps", "tiers": TIERS},
        }
    ],
}


@dataclass
class ScoreDoor:
    """Runs the command in a folder of its own."""

    folder: Path
    notes: list[str] = field(default_factory=list)
    shown: str = ""

    def put(self, name, content):
        path = self.folder / name
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, "utf-8")
        return path

    def run(self, plan, results, *, name="results.csv", out="out.csv", **options):
        """Score; return the file that was written."""
        given = {
            "plan": self.put("plan.json", plan),
            "results": self.put(name, results),
            "columns": None,
            "out": out if out == "-" else str(self.folder / out),
            "format": "",
            "wide": False,
            "without_steps": False,
            **options,
        }
        run(score_options(given), self.notes.append, self._show)
        return self.folder / out

    def rows(self, plan, results, **options):
        """Score and return the rows of the CSV."""
        with self.run(plan, results, **options).open(newline="", encoding="utf-8") as stream:
            return list(csv.DictReader(stream))

    def figure(self, plan, results, part, column, name=""):
        """Score and return one figure of the first organization that has it."""
        rows = self.rows(plan, results)
        return next(r[column] for r in rows if r["part"] == part and r["name"] == name)

    def refusal(self, plan, results, **options):
        """Score what cannot be, and return the sentences; nothing may be written."""
        with pytest.raises(OfflineError) as refused:
            self.run(plan, results, **options)
        assert not (self.folder / options.get("out", "out.csv")).exists()
        return refused.value.messages

    def _show(self, text):
        self.shown = text


@pytest.fixture
def door(tmp_path):
    return ScoreDoor(tmp_path)


def planned(**changes):
    """The example plan, changed."""
    return {**PLAN, **changes}


def indicator(**changes):
    """The example indicator, changed."""
    return {**PLAN["indicators"][0], **changes}
