"""Example files, small resources to build on, and what outsiders accept."""

import json
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import indicators.exchange
from indicators.exchange.imports import import_files
from indicators.exchange.json_text import write_json
from indicators.exchange.vocabulary import POPULATION_SYSTEM
from tests.outsiders import accepted

FILES = Path(__file__).parent / "files"
CODE = Path(indicators.exchange.__file__).parent
IMPORTED = Draft202012Validator(json.loads((CODE / "import.schema.json").read_text()))


@pytest.fixture
def files():
    return FILES


@pytest.fixture
def accepted_by_outsiders():
    """Hold a resource against the official JSON schema of R4 and against fhir.resources."""
    return accepted


@pytest.fixture
def imported(tmp_path):
    """Import one resource, given as a document or as the name of an example file."""

    def do(resource, **options):
        path = FILES / resource if isinstance(resource, str) else tmp_path / "file.json"
        if not isinstance(resource, str):
            path.write_text(write_json(resource), encoding="utf-8")
        document = import_files([path], **options)
        problems = [p.message for p in IMPORTED.iter_errors(json.loads(write_json(document)))]
        assert problems == []
        return document

    return do


@pytest.fixture
def example():
    """Read an example file, to change it."""

    def read(name):
        return json.loads((FILES / name).read_text(), parse_float=Decimal)

    return read


def population(code, count, **more):
    return {
        "code": {"coding": [{"system": POPULATION_SYSTEM, "code": code}]},
        "count": count,
        **more,
    }


REPORT = {
    "resourceType": "MeasureReport",
    "status": "complete",
    "type": "summary",
    "measure": "http://example.org/Measure/one|1",
    "period": {"start": "2026-01-01", "end": "2026-03-31"},
    "group": [
        {"population": [population("denominator", 10), population("numerator", 4)]},
    ],
}


@pytest.fixture
def report():
    """Make a summary report, by default of 4 of 10."""

    def make(counts=None, score=None, **more):
        made = deepcopy(REPORT) | more
        if counts is not None:
            made["group"][0]["population"] = [population(*each) for each in counts.items()]
        if score is not None:
            made["group"][0]["measureScore"] = score
        return made

    return make
