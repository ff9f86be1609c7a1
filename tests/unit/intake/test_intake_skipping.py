"""Leaving faulty rows out, and holding the file against the number of rows announced."""

import pyarrow.parquet as pq
import pytest

from scorecards.intake.manner import Manner
from tests.unit.intake.intake_examples import HEADER, codes, good_row, rows_of

SKIP = Manner(skip_faulty=True)


@pytest.fixture
def skip_rows(check):
    """Check rows under the usual header, leaving faulty ones out."""

    def run(*rows):
        return check("\n".join([HEADER, *rows, ""]).encode(), manner=SKIP)

    return run


def keys_in(target):
    return pq.read_table(target)["case_id"].to_pylist()


def test_faulty_rows_are_left_out_counted_and_still_named(skip_rows, target):
    outcome = skip_rows(
        good_row("A1"),
        good_row("A2", days="x", cost="y"),
        good_row("A3"),
        good_row("A1"),
        "short",
        good_row("A4"),
        good_row("A5"),
    )

    assert outcome.accepted
    assert keys_in(target) == ["A1", "A3", "A4", "A5"]
    assert (outcome.rows, outcome.rows_skipped) == (7, 3)
    assert codes(outcome) == ["wrong-type", "wrong-type", "duplicate-key", "wrong-width"]


def test_a_file_without_faults_gives_the_slice_it_always_gives(check, target):
    content = "\n".join([HEADER, good_row("A1"), good_row("A2")]).encode()

    strict = check(content)
    lenient = check(content, manner=SKIP)

    assert strict == lenient


def test_a_row_that_only_wrong_rows_follow_is_counted_too(skip_rows):
    outcome = skip_rows(good_row("A1"), good_row("A2"), good_row("A3"), "short", "also,short")

    assert (outcome.accepted, outcome.rows, outcome.rows_skipped) == (True, 5, 2)


def test_when_more_than_half_would_go_the_file_is_refused(skip_rows):
    half = skip_rows(good_row("A1"), good_row("A2", days="x"))
    more = skip_rows(good_row("A1"), good_row("A2", days="x"), good_row("A3", days="x"))

    assert half.accepted
    assert not more.accepted
    assert "too-many-faulty" in codes(more)
    assert more.rows_skipped == 0


@pytest.mark.parametrize("row", [good_row("A9", specialty="123-45-6789"), '"never closed'])
def test_identifiers_and_doubtful_files_are_refused_all_the_same(skip_rows, row):
    outcome = skip_rows(*(good_row(f"A{place}") for place in range(5)), row)

    assert not outcome.accepted


def test_a_missing_column_is_no_fault_of_a_row(check):
    outcome = check(b"case_id,specialty\nA1,CARD\n", manner=SKIP)

    assert not outcome.accepted


@pytest.mark.parametrize(("stated", "is_accepted"), [(2, True), (3, False), (None, True)])
def test_the_rows_announced_are_the_rows_that_come(check, stated, is_accepted):
    content = "\n".join([HEADER, good_row("A1"), good_row("A2")]).encode()

    outcome = check(content, manner=Manner(stated_rows=stated))

    assert outcome.accepted == is_accepted
    assert rows_of(outcome, "stated-rows") == ([] if is_accepted else [None])


def test_rows_left_out_still_count_as_sent(check):
    content = "\n".join([HEADER, good_row("A1"), good_row("A2", days="x")]).encode()

    assert check(content, manner=Manner(skip_faulty=True, stated_rows=2)).accepted
