"""Small files like those of hospitals: `tests/files/pass` is taken in, `tests/files/fail` is not.

Beside each file lies its feed; beside a failing one the messages and values that it must have,
among whatever else is said.
"""

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest

from comanage.values.period import Period
from scorecards.intake.checks import check_file
from scorecards.intake.spec import from_document

FILES = Path(__file__).parents[2] / "files"
EVER = Period(date(1900, 1, 1), date(2100, 1, 1))


def files_in(folder):
    notes = (".feed.json", ".toml")
    return sorted(path for path in (FILES / folder).iterdir() if not path.name.endswith(notes))


def outcome_of(path, tmp_path):
    feed = path.with_name(path.name + ".feed.json")
    spec = from_document(json.loads(feed.read_text()))
    return check_file(path, path.name, spec, EVER, tmp_path / "slice.parquet")


@pytest.mark.parametrize("path", files_in("pass"), ids=lambda path: path.name)
def test_a_good_file_is_taken_in(tmp_path, path):
    outcome = outcome_of(path, tmp_path)

    assert outcome.accepted, outcome.findings
    assert all(finding.severity == "warning" for finding in outcome.findings)


@pytest.mark.parametrize("path", files_in("fail"), ids=lambda path: path.name)
def test_a_faulty_file_is_refused_with_its_messages(tmp_path, path):
    expected = tomllib.loads(path.with_name(path.name + ".toml").read_text())["message"]

    outcome = outcome_of(path, tmp_path)

    assert not outcome.accepted
    said = {(finding.row, finding.message, finding.value) for finding in outcome.findings}
    wanted = {(each.get("row"), each["text"], each.get("value", "")) for each in expected}
    assert wanted <= said, said
