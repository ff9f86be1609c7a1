"""The extract that is made up, the other engine's count of it, and the bars."""

from dataclasses import asdict, replace

import pytest

from scorecards.bench import contestant
from scorecards.bench.contestant import BARE, JSON, OURS, TEXTS, Task
from scorecards.bench.extract import YEAR, Recipe, spec_of, write_extract, write_json
from scorecards.bench.intake_bench import Runs
from scorecards.bench.intake_report import bars, table
from scorecards.bench.oracle import recount_extract, recount_slice
from scorecards.intake.checks import check_file
from scorecards.intake.manner import Manner

SMALL = Recipe(rows=3_000, seed=3, physicians=20, codes=50)


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory):
    """One extract, its outcome with faulty rows left out, and its slice."""
    folder = tmp_path_factory.mktemp("bench")
    source, stored = folder / "extract.csv", folder / "slice.parquet"
    write_extract(SMALL, source)
    manner = Manner(skip_faulty=True)
    outcome = check_file(source, source.name, spec_of(SMALL), YEAR, stored, manner=manner)
    return source, stored, outcome


def test_another_engine_counts_the_faults_that_were_planted_and_the_rows_that_are_stored(taken_in):
    source, stored, outcome = taken_in

    recount = recount_extract(SMALL, source)

    assert recount.faulty == SMALL.planted
    assert sum(recount.faulty.values()) == outcome.rows_skipped == outcome.findings_total
    assert {finding.code for finding in outcome.findings} == set(SMALL.planted)
    assert replace(recount, faulty={}) == recount_slice(SMALL, stored)


def test_a_stored_value_that_differs_is_seen(taken_in, tmp_path):
    source, stored = taken_in[0], tmp_path / "other.parquet"
    text = source.read_text()
    other = tmp_path / "other.csv"
    other.write_text(text.replace(",Y\n", ",N\n", 1))
    check_file(*(other, other.name, spec_of(SMALL), YEAR, stored), manner=Manner(skip_faulty=True))

    expected, counted = recount_extract(SMALL, source), recount_slice(SMALL, stored)

    assert counted.kept == expected.kept
    assert {n for n in counted.columns if counted.columns[n] != expected.columns[n]} == {"died"}


@pytest.mark.parametrize("who", [BARE, TEXTS])
def test_a_bare_parse_sees_every_row(who, taken_in, tmp_path, capsys):
    task = Task(who, asdict(SMALL), str(taken_in[0]), str(tmp_path / "out"))

    assert contestant.main(["", contestant.to_text(task)]) == 0

    assert f'"rows": {SMALL.rows}' in capsys.readouterr().out


def test_a_json_post_is_timed_pair_by_pair(tmp_path):
    clean = replace(SMALL, rows=100, is_clean=True)
    source = tmp_path / "post.json"
    write_json(clean, source)

    answer = contestant.CONTESTANTS[JSON](
        Task(JSON, asdict(clean), str(source), str(tmp_path / "out"), runs=2)
    )

    assert answer["rows"] == 100
    assert [len(pair) for pair in answer["pairs"]] == [2, 2]


def runs(who, *seconds, memory=100):
    return Runs(who, [{"seconds": each, "memory": memory} for each in seconds])


@pytest.mark.parametrize(
    ("rows", "held"),
    [(5_000_000, [False, True, True, False, True]), (1_000, [False, None, True, None, None])],
)
def test_bars_are_of_pairs_and_a_small_file_says_nothing_of_ratios(rows, held):
    found = {BARE: runs(BARE, 1.0, 2.0, 1.0), OURS: runs(OURS, 2.4, 4.0, 9.0)}
    twice = runs(OURS, 9.0, memory=130)

    measured = bars(replace(SMALL, rows=rows), found, twice, [(1.0, 3.9)], is_equal=False)

    assert [bar.is_held for bar in measured] == held
    assert "2.40 (pairs 2.00 to 9.00)" in measured[1].measured


def test_a_rival_that_is_not_installed_is_left_out_by_name():
    found = {BARE: runs(BARE, 1.0), "DuckDB": Runs("DuckDB", missing="duckdb")}

    lines = table(SMALL, found, source_bytes=10**9)

    assert "left out: duckdb is not installed" in lines[-1]
