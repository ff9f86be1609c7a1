"""`manage.py measure` as it is typed: exit codes, what is said where, and the examples."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest
from django.core.management import call_command

import comanage
import scorecards.offline
from indicators.measure.definition import Definition
from tests.unit.offline.conftest import defined

ROOM = Path(scorecards.offline.__file__).parent
EXAMPLES = sorted(path for path in (ROOM / "examples").iterdir() if path.is_dir())
MANUAL = (ROOM / "README.md").read_text("utf-8")


def typed(*words):
    """Run the command; return its exit code."""
    try:
        call_command("measure", *map(str, words))
    except SystemExit as ended:
        return ended.code
    return 0


@pytest.fixture
def files(door):
    data = door.put("a.csv", "Stay Days,disposition,readmitted\n3,01,Y\n2,01,N\n")
    return door.define(defined()), data, door.folder / "out.csv"


def test_results_are_written_and_notes_go_to_the_terminal(files, capsys):
    definition, data, out = files

    assert typed("--definition", definition, "--data", data, "--out", out) == 0

    printed = capsys.readouterr()
    assert out.read_text("utf-8").count("\n") == 2
    assert printed.out == ""
    assert printed.err == "Note: a.csv: the column “Stay Days” is taken for “stay_days”.\n"


def test_the_screen_gets_nothing_but_the_results(files, capsys):
    definition, data, _ = files

    assert typed("--definition", definition, "--data", data, "--out", "-") == 0

    assert capsys.readouterr().out.splitlines()[1].startswith("readmission,all,(all),,,2,2,0,0,2,1")


def test_wrong_input_ends_with_1_and_one_sentence(files, capsys):
    definition, data, out = files
    data.write_text("Stay Days,disposition,readmitted\nthree,01,Y\n")

    assert typed("--definition", definition, "--data", data, "--out", out) == 1

    printed = capsys.readouterr().err.splitlines()
    assert "a.csv, row 2, column “Stay Days”: expected a whole number" in printed[0]
    assert "three" not in "".join(printed)
    assert not out.exists()


def test_wrong_usage_ends_with_2(files, capsys):
    definition, data, out = files

    assert typed("--definition", definition, "--out", out) == 2
    assert capsys.readouterr().err == "--data is needed, unless --sql is given.\n"
    assert typed("--definition", definition, "--data", data, "--out", "x.txt") == 2


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_an_example_gives_the_results_that_lie_beside_it(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(folder)
    example = tomllib.loads((folder / "example.toml").read_text("utf-8"))
    expected = folder / example["expected"]
    out = tmp_path / expected.name

    assert typed(*example["command"], "--out", out) == 0

    version = f"CoManage {comanage.__version__}"
    assert out.read_text("utf-8") == expected.read_text("utf-8").replace("CoManage 0.1.0", version)


def test_the_json_example_fits_the_published_schema():
    schema = json.loads((ROOM / "results.schema.json").read_text("utf-8"))
    documents = [*(ROOM / "examples").glob("*/results.json")]

    assert documents
    for path in documents:
        jsonschema.validate(json.loads(path.read_text("utf-8")), schema)


def snippets():
    return [part.split("```")[0] for part in MANUAL.split("```toml\n")[1:]]


def test_every_definition_in_the_manual_can_be_measured():
    definitions = [Definition.from_document(tomllib.loads(text)) for text in snippets()]

    assert len({definition.scoring for definition in definitions}) == 9
    assert all(definition.is_executable for definition in definitions)


def test_the_manual_explains_every_field_column_and_option(door, capsys):
    schema = json.loads((ROOM / "results.schema.json").read_text("utf-8"))
    with pytest.raises(SystemExit):
        call_command("measure", "--help")
    options = {word.rstrip(",") for word in capsys.readouterr().out.split() if word[:2] == "--"}
    of_django = {
        *("--help", "--version", "--verbosity", "--settings", "--pythonpath", "--traceback"),
        *("--no-color", "--force-color", "--skip-checks"),
    }

    fields = {n for n in Definition.__dataclass_fields__ if n not in ("criteria", "numbers")}
    columns = set(schema["$defs"]["result"]["properties"]) - {"strata"}
    for name in fields | columns | (options - of_django):
        assert f"`{name}" in MANUAL, name
