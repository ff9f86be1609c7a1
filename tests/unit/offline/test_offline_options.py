"""Options that do not fit together are refused in one sentence, before a file is read."""

import os

import pytest

from scorecards.offline.fitting import UsageError
from tests.unit.offline.conftest import defined
from tests.unit.offline.test_offline_command import typed

STAYS = "stay_days,disposition,readmitted,ward\n3,01,Y,A\n2,01,N,B\n"
TREE = "unit,parent\nA,\nB,\n"


def wrong(door, *data, **options):
    """Ask for what does not fit together; return the sentence."""
    with pytest.raises(UsageError) as refused:
        door.run(defined(), *data, **options)
    return str(refused.value)


@pytest.mark.parametrize("option", ["out", "cases"])
@pytest.mark.parametrize("named", ["definition.json", "a.csv", "tree.csv"])
def test_nothing_is_written_over_a_file_that_is_read(door, option, named):
    data, tree = door.put("a.csv", STAYS), door.put("tree.csv", TREE)
    options = {"by": "ward", "organization": tree, "format": "csv", option: door.folder / named}

    said = wrong(door, data, **options)

    assert said == f"--{option} names an input file, {named}. Name another file."
    assert data.read_text("utf-8") == STAYS
    assert tree.read_text("utf-8") == TREE


@pytest.mark.parametrize("link", [os.symlink, os.link], ids=["symbolic", "hard"])
def test_a_link_to_an_input_file_is_that_file(door, link):
    data = door.put("a.csv", STAYS)
    link(data, door.folder / "b.csv")

    assert wrong(door, data, out="b.csv").startswith("--out names an input file, a.csv.")


def test_another_spelling_of_an_input_file_is_that_file(door):
    data = door.put("a.csv", STAYS)
    (door.folder / "sub").mkdir()

    assert wrong(door, data, out="sub/../a.csv").startswith("--out names an input file, a.csv.")


def test_an_input_file_is_told_before_anything_is_read(door):
    gone = door.folder / "gone.csv"

    assert wrong(door, gone, out="gone.csv").startswith("--out names an input file, gone.csv.")


def test_two_results_never_share_a_file_or_the_screen(door):
    data = door.put("a.csv", STAYS)
    (door.folder / "sub").mkdir()

    assert wrong(door, data, cases="-") == "--cases takes a file; only --out can be the screen."
    assert wrong(door, data, cases=door.folder / "sub/../out.csv") == (
        "--cases and --out name the same file."
    )


@pytest.mark.parametrize(
    ("options", "listed"),
    [
        ({"by": "ward"}, "--by"),
        ({"period": "ward", "grain": "month"}, "--grain, --period"),
        ({"year_starts": "10"}, "--year-starts"),
        ({"minimum_cases": "5"}, "--minimum-cases"),
        ({"missing": "x"}, "--missing"),
        ({"dates": "day-first"}, "--dates"),
        ({"organization": "tree.csv"}, "--organization"),
        ({"cases": "stands.csv"}, "--cases"),
        ({"sheet": "One"}, "--sheet"),
        ({"encoding": "cp1252"}, "--encoding"),
        ({"format": "json"}, "--format"),
    ],
)
def test_a_statement_has_no_use_for_options_of_measuring(door, options, listed):
    said = wrong(door, sql="duckdb", **options)

    assert said == f"--sql writes a statement and measures nothing; leave out {listed}."


def test_a_statement_has_no_use_for_data_and_results_none_for_a_table(door):
    data = door.put("a.csv", STAYS)

    assert wrong(door, data, sql="duckdb").endswith("leave out --data.")
    assert wrong(door, data, table="mart.stays") == "--table needs --sql."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--year-starts", "13"), "--year-starts takes the number of a month, 1 to 12."),
        (("--minimum-cases", "-1"), "--minimum-cases takes a whole number, zero or more."),
        (("--minimum-cases", "1.5"), "--minimum-cases takes a whole number, zero or more."),
        (
            ("--encoding", "klingon"),
            "--encoding takes the name of an encoding, such as cp1252 or utf-16.",
        ),
    ],
)
def test_a_value_out_of_range_gets_one_sentence_and_2(door, capsys, words, said):
    definition, data = door.define(defined()), door.put("a.csv", STAYS)

    assert typed("--definition", definition, "--data", data, "--out", "-", *words) == 2

    assert capsys.readouterr().err == f"{said}\n"
