"""The published schema of the definition document, held against the program that reads it."""

import json
import tomllib
from pathlib import Path
from typing import get_args

import jsonschema
import pytest

import indicators.measure
from indicators import catalogue
from indicators.measure.columns import RESERVED_WORDS, ColumnType
from indicators.measure.definition import Definition, DefinitionError
from indicators.measure.population import Placement
from indicators.measure.scoring import Scoring
from tests.unit.offline.conftest import defined

SCHEMA = json.loads(
    (Path(indicators.measure.__file__).parent / "definition.schema.json").read_text("utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
STANDARD = sorted(catalogue.FOLDER.glob("*.toml"))
AMOUNT = [{"name": "amount", "type": "decimal"}, {"name": "proof", "type": "code"}]
CQL = {"language": "CQL", "place": "numerator", "name": "N", "expression": "exists X"}


def amounts(scoring, **fields):
    """A definition over an amount, of another way of scoring."""
    bare = defined(scoring=scoring, columns=AMOUNT, initial_population="", numerator="")
    return {**bare, "denominator_exclusion": "", **fields}


GOOD = [
    defined(),
    defined(numerator_exclusion="stay_days > 9", denominator_exception="stay_days > 8"),
    defined(multiplier=1000, use="monitor_only", obp_class="operational", benchmark={"value": "1"}),
    defined(plain={"numerator": "Came back."}, governance={"author": "Me"}, foreign=[CQL]),
    defined(numerator="", foreign=[CQL]),
    amounts("proportion", data="aggregates", numerator_observation="amount",
            denominator_observation="amount"),
    amounts("ratio"),
    amounts("ratio", numerator_observation="amount", numerator_from="initial_population"),
    amounts("mean", observation="amount"),
    amounts("median", observation="amount * 2"),
    amounts("sum", observation="amount"),
    amounts("percentile", observation="amount", percentile="0.9", percentile_method="nearest_rank"),
    amounts("observed_over_expected", numerator="amount > 1", expected="amount"),
    amounts("observed_over_expected", numerator_observation="amount", expected_rate="53/660"),
    amounts("count"),
    amounts("milestone", evidence_column="proof"),
]  # fmt: skip
BAD = [
    {},
    *({k: v for k, v in defined().items() if k != name}
      for name in ("slug", "title", "scoring", "improvement", "unit", "columns")),
    defined(owner="me"),
    defined(slug="Readmission"),
    defined(slug="a" * 81),
    defined(slug="a--b"),
    defined(title=" "),
    defined(unit=""),
    defined(title=3),
    defined(scoring="portion"),
    defined(improvement="up"),
    defined(use="both"),
    defined(obp_class="other"),
    defined(data="rows"),
    defined(multiplier=0),
    defined(multiplier="100"),
    defined(multiplier=True),
    defined(multiplier=10**10),
    defined(columns=[{"name": "a"}]),
    defined(columns=[{"name": "a", "type": "float"}]),
    defined(columns=[{"name": "1a", "type": "code"}]),
    defined(columns=[{"name": "a" * 64, "type": "code"}]),
    defined(columns=[{"name": "between", "type": "code"}]),
    defined(columns=[{"name": "a", "type": "code", "width": "3"}]),
    defined(columns="age"),
    defined(columns=[{"name": f"c{n}", "type": "code"} for n in range(501)]),
    defined(plain={"numrator": "x"}),
    defined(plain={"numerator": 1}),
    defined(governance={"owner": "x"}),
    defined(benchmark={"value": 1}),
    defined(foreign=[{"language": "CQL"}]),
    defined(deck=[{"name": "x", "case": {}}]),
    defined(deck=[{"name": "x", "case": {"stay_days": 1}, "expected": "numerator"}]),
    defined(numerator=["a"]),
    defined(numerator="x" * 10_001),
    defined(numerator=""),
    defined(observation="stay_days"),
    defined(evidence_column="disposition"),
    defined(percentile_method="middle"),
    defined(data="aggregates"),
    amounts("ratio", data="aggregates"),
    amounts("ratio", denominator_exception="amount > 1"),
    amounts("ratio", numerator_from="nowhere"),
    amounts("mean"),
    amounts("mean", observation="amount", numerator="amount > 1"),
    amounts("percentile", observation="amount"),
    amounts("percentile", observation="amount", percentile="most"),
    amounts("observed_over_expected", numerator="amount > 1"),
    amounts("observed_over_expected", expected="amount"),
    amounts("observed_over_expected", numerator="amount > 1", expected="amount",
            expected_rate="0.1"),
    amounts("observed_over_expected", numerator="amount > 1", expected_rate="often"),
    amounts("count", denominator_exception="amount > 1"),
    amounts("milestone"),
]  # fmt: skip


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", STANDARD, ids=lambda path: path.stem)
def test_every_standard_indicator_fits_the_schema_as_written_and_as_read(path):
    document = tomllib.loads(path.read_text("utf-8"))

    VALIDATOR.validate(document)
    VALIDATOR.validate(Definition.from_document(document).to_document())


@pytest.mark.parametrize("document", GOOD)
def test_what_the_program_takes_fits_the_schema(document):
    Definition.from_document(document)

    VALIDATOR.validate(document)


@pytest.mark.parametrize("document", BAD)
def test_what_the_schema_refuses_the_program_refuses(document):
    assert not VALIDATOR.is_valid(document)
    with pytest.raises(DefinitionError):
        Definition.from_document(document)


def test_the_schema_knows_every_field_type_word_and_placement():
    known = {
        name for name in Definition.__dataclass_fields__ if name not in ("criteria", "numbers")
    }

    assert set(SCHEMA["properties"]) == known
    assert set(SCHEMA["properties"]["scoring"]["enum"]) == set(get_args(Scoring))
    column = SCHEMA["$defs"]["column"]["properties"]
    assert column["type"]["enum"] == list(ColumnType)
    assert set(column["name"]["not"]["enum"]) == RESERVED_WORDS
    placements = {placement.name.lower() for placement in Placement}
    assert set(SCHEMA["$defs"]["example"]["properties"]["expected"]["enum"]) == placements


def test_every_field_says_what_it_is():
    assert all(field["description"] for field in SCHEMA["properties"].values())


@pytest.mark.parametrize("example", SCHEMA["examples"])
def test_the_examples_of_the_schema_can_be_measured(example):
    VALIDATOR.validate(example)

    assert Definition.from_document(example).is_executable
