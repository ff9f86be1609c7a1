"""One run of the offline door in this process: definition and files in, rows out."""

import csv
import json
from argparse import ArgumentParser
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scorecards.offline.errors import OfflineError
from scorecards.offline.fitting import options_of
from scorecards.offline.options import add_arguments
from scorecards.offline.run import run

READMISSION = {
    "slug": "readmission",
    "title": "Readmission",
    "scoring": "proportion",
    "improvement": "decrease",
    "unit": "%",
    "columns": [
        {"name": "stay_days", "type": "whole"},
        {"name": "disposition", "type": "code"},
        {"name": "readmitted", "type": "flag"},
    ],
    "initial_population": "stay_days >= 1",
    "denominator_exclusion": "disposition = '20'",
    "numerator": "readmitted = true",
}
STAYS = "stay_days,disposition,readmitted\n3,01,Y\n2,01,N\n5,20,Y\n0,01,N\n"
DAYS = (
    {"name": "admitted_on", "type": "date"},
    {"name": "discharged_on", "type": "date"},
)
STAY = "days_between(admitted_on, discharged_on)"
MOMENTS = (
    {"name": "arrived_at", "type": "moment"},
    {"name": "seen_at", "type": "moment"},
)
WAIT = "minutes_between(arrived_at, seen_at)"
HEADER = ["stay_days", "disposition", "readmitted"]


@dataclass
class Door:
    """Runs the command in a folder of its own."""

    folder: Path
    notes: list[str] = field(default_factory=list)
    shown: str = ""

    def put(self, name, content):
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def define(self, definition, name="definition.json"):
        return self.put(name, json.dumps(definition))

    def run(self, definition, *data, out="out.csv", **options):
        """Measure; options are named as on the command line, with lists for several words."""
        several = definition if isinstance(definition, list) else [definition]
        words = ["--definition"]
        for place, each in enumerate(several):
            name = f"definition{place or ''}.json"
            words.append(self.define(each, name) if isinstance(each, dict) else each)
        for name, value in options.items():
            words += [f"--{name.replace('_', '-')}"]
            words += [] if value is True else value if isinstance(value, list) else [value]
        words += ["--data", *data] if data else []
        parser = ArgumentParser()
        add_arguments(parser)
        target = out if out == "-" else self.folder / out
        given = parser.parse_args([str(word) for word in [*words, "--out", target]])
        self.notes.clear()
        run(options_of(given), self.notes.append, self._show)
        return target

    def rows(self, definition, *data, **options):
        """Measure and return the rows of the CSV by column."""
        path = self.run(definition, *data, **options)
        with path.open(newline="", encoding="utf-8") as stream:
            return list(csv.DictReader(stream))

    def total(self, definition, *data, **options):
        """Measure and return the row of all cases."""
        return self.rows(definition, *data, **options)[0]

    def refusal(self, definition, *data, **options):
        """Measure what cannot be, and return the sentences; nothing may be written."""
        with pytest.raises(OfflineError) as refused:
            self.run(definition, *data, **options)
        assert not (self.folder / options.get("out", "out.csv")).exists()
        return refused.value.messages

    def _show(self, text):
        self.shown = text


@pytest.fixture
def door(tmp_path):
    return Door(tmp_path)


def defined(**changes):
    """The readmission indicator, changed."""
    return {**READMISSION, **changes}


def numbers_of(*columns, observation, scoring="sum", **more):
    """An indicator that only adds up a number."""
    return {
        "slug": "added",
        "title": "Added",
        "scoring": scoring,
        "improvement": "decrease",
        "unit": "days",
        "columns": list(columns),
        "observation": observation,
        **more,
    }


def moment(*parts):
    """A moment by the hospital's own clock."""
    return datetime(*parts)  # noqa: DTZ001 - as hospitals send them


def counts(row):
    return row["numerator"], row["eligible"], row["denominator_exclusions"]


def workbook(door, name="a.xlsx", **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = door.folder / name
    book.save(path)
    return path


def parquet(door, name="a.parquet", **columns):
    path = door.folder / name
    pq.write_table(pa.table(columns), path)
    return path
