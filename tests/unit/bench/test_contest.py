"""Turns, equal results, what is printed, and what is said when a rival is not there."""

import io
import sys
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from comanage.bench.contract import BenchError
from comanage.bench.report import peak_megabytes
from indicators.bench import report
from indicators.bench.cells import Frame
from indicators.bench.contest import Result, Team, contest
from indicators.bench.contestant import main
from indicators.bench.generator import Shape
from indicators.bench.incremental import measured
from indicators.bench.workloads import (
    KERNEL,
    MASKS,
    PANDAS,
    POLARS,
    Entry,
    Workload,
    prepared,
    workloads,
)

SMALL = Shape(cases=40, seed=2, physicians=3)
OURS = Entry(KERNEL, "kernel")


def workload(*entries, name="I", slices=1):
    return Workload(name, "small", SMALL, slices, entries or (OURS,))


def result(name, *seconds, cells="same", memory=100, missing=""):
    return Result(Entry(name, name), list(seconds), memory, cells, {}, missing)


def test_slices_are_shared_among_processes_and_give_the_results_of_one(tmp_path):
    one, two = Entry("alone", "kernel"), Entry("shared", "kernel", processes=2)
    small = workload(one, two, slices=3)

    alone, shared = contest(small, prepared(small, tmp_path), runs=2)

    assert alone.hash == shared.hash
    assert len(alone.seconds) == len(shared.seconds) == 2
    assert alone.memory > 0
    assert {"open", "criteria", "counting", "roll-up"} <= alone.phases.keys()


def test_files_that_are_there_are_used_again(tmp_path):
    (path,) = prepared(workload(), tmp_path)
    written_at = path.stat().st_mtime_ns

    assert prepared(workload(), tmp_path) == [path]
    assert path.stat().st_mtime_ns == written_at


def test_a_contestant_that_ends_early_is_told(tmp_path):
    team = Team(OURS, workload())

    with pytest.raises(BenchError, match="kernel ended before it answered"):
        team.run([tmp_path / "absent.parquet"], counts=True)
    team.stop()


def test_a_contestant_with_two_different_results_is_refused(tmp_path):
    first, second = (
        prepared(replace(workload(), shape=replace(SMALL, seed=s)), tmp_path) for s in (1, 2)
    )
    team = Team(OURS, workload())
    team.run(first, counts=True)

    with pytest.raises(BenchError, match="two different results"):
        team.run(second, counts=True)
    team.stop()


def test_a_rival_that_is_not_installed_is_named_in_one_sentence(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    # Another test of this process may have imported it.
    monkeypatch.delitem(sys.modules, "indicators.bench.rivals.duckdb_engine", raising=False)
    spec = '{"engine": "duckdb", "threads": 1, "is_together": false, "with_hard": false, '

    assert main(["", spec + '"shape": {"cases": 1}}']) == 0

    assert "duckdb" in capsys.readouterr().out
    lines = report.table(workload(), [result(KERNEL, 1.0), result(MASKS, missing="duckdb")])
    assert "left out: DuckDB is not installed." in "\n".join(lines)


def test_a_ratio_is_printed_only_where_results_are_equal():
    results = [result(KERNEL, 1.0), result(MASKS, 4.0), result(POLARS, 2.0, cells="other")]

    kernel, masks, polars = report.table(workload(), results)[3:6]

    assert " 0.25 " in kernel
    assert " 1.00 " in masks
    assert "DIFFERENT" in polars
    assert " 0.50 " not in polars


def test_bars_are_held_missed_or_not_measured():
    results = [result(KERNEL, 0.09), result(MASKS, 0.1), result(PANDAS, 90.0, cells="other")]

    held = {bar.name: bar.is_held for bar in report.bars(workload(), results)}

    assert held == {
        "I, results equal": False,
        "I against DuckDB, at most 0.7": False,
        "I below 100 ms": True,
        "I against pandas group-by, at least 15 times": None,
    }


def test_the_fastest_form_of_a_rival_counts():
    forms = [result(MASKS, 3.0), result("DuckDB FILTER", 2.0)]

    best = report.best_of([result(KERNEL, 1.0), *forms], report.DUCKDB_FORMS)

    assert best is forms[1]


@pytest.mark.parametrize(("name", "bars"), [("S", 3), ("M", 4), ("H", 1)])
def test_every_workload_is_held_against_its_bars(name, bars):
    found = report.bars(workload(name=name), [result(KERNEL, 0.1), result(MASKS, 1.0)])

    assert len(found) == bars


def test_a_changed_month_is_counted_alone_and_equals_counting_all(tmp_path):
    answer = measured(Frame(SMALL), tmp_path, runs=1)

    assert answer["is_equal"] is True
    assert answer["counted"] == {"unchanged": [15, 0], "one month": [11 * 15, 15]}
    assert {what: len(times) for what, times in answer["seconds"].items()} == {
        "all": 1,
        "one month": 1,
        "unchanged": 1,
    }


def test_the_workloads_are_of_the_sizes_that_were_agreed():
    known = workloads(Shape(cases=1), scale=100)

    assert {name: one.cases for name, one in known.items()} == {
        "I": 50_000,
        "S": 1_500_000,
        "M": 200 * 50_000,
        "H": 50_000,
    }


def test_the_peak_of_this_process_is_known():
    assert 10 < peak_megabytes() < 100_000


@pytest.mark.parametrize(
    ("option", "value"), [("--runs", "0"), ("--codes", "40"), ("--seed", "x"), ("--workload", "Z")]
)
def test_an_option_out_of_range_is_refused(option, value):
    with pytest.raises(CommandError, match=option):
        call_command("bench", "measure", option, value, stdout=io.StringIO())
