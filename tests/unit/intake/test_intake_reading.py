import gzip
import os

import pytest

from scorecards.intake import checks, json_reading, text_files
from scorecards.intake.reading import MAX_FILE_BYTES, UnreadableError, kind_of
from tests.unit.intake.intake_examples import HEADER, codes, good_row

CSV = f"{HEADER}\n{good_row()}\n".encode()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (CSV, "extract.xlsx", "not-what-it-says"),
        (CSV, "extract.parquet", "not-what-it-says"),
        (b"PK\x03\x04" + CSV, "extract.csv", "not-what-it-says"),
        (b"PAR1" + CSV, "extract.csv", "not-what-it-says"),
        (b"PAR1" + CSV, "extract.xlsx", "not-what-it-says"),
        (b"%PDF-1.7", "extract.csv", "not-what-it-says"),
        (b"\x1f\x8b\x08", "extract.csv", "not-what-it-says"),
        (b"<html>", "extract.csv", "not-what-it-says"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "extract.xlsx", "encrypted"),
        (CSV, "extract.doc", "unknown-kind"),
        (CSV, "extract.gz", "unknown-kind"),
        (CSV, "extract.parquet.gz", "unknown-kind"),
        (CSV, "extract.csv.gz", "not-what-it-says"),
        (gzip.compress(gzip.compress(CSV, mtime=0), mtime=0), "extract.csv.gz", "not-what-it-says"),
        (gzip.compress(CSV, mtime=0)[:-9], "extract.csv.gz", "unreadable"),
        (gzip.compress(b"", mtime=0), "extract.csv.gz", "empty-file"),
        (CSV, "extract", "unknown-kind"),
        (CSV, "extract.csv.exe", "unknown-kind"),
    ],
)
def test_name_and_content_must_agree(check, content, name, code):
    assert codes(check(content, name)) == [code]


def test_a_packed_file_that_unpacks_too_far_ends_the_reading(check):
    rows = f"{good_row()}\n" * 400_000

    outcome = check(gzip.compress(f"{HEADER}\n{rows}".encode()), "extract.csv.gz")

    assert "zip-bomb" in codes(outcome)
    assert outcome.rows < 400_000


def test_a_small_file_may_pack_as_well_as_it_likes(check):
    content = f"{HEADER}\n" + f"{good_row()}\n" * 60_000

    outcome = check(gzip.compress(content.encode()), "extract.csv.gz")

    assert outcome.rows == 60_000
    assert set(codes(outcome)) == {"duplicate-key"}


@pytest.mark.parametrize(
    ("reader", "limit", "name", "code"),
    [
        (text_files, "MAX_FILE_BYTES", "extract.csv.gz", "zip-bomb"),
        (json_reading, "MAX_ARRAY_BYTES", "extract.json", "too-large"),
    ],
)
def test_a_text_has_an_end_however_it_packs(check, monkeypatch, reader, limit, name, code):
    monkeypatch.setattr(reader, limit, len(CSV) - 1)
    content = gzip.compress(CSV) if name.endswith("gz") else b"[" + b" " * len(CSV)

    assert codes(check(content, name)) == [code]


def test_a_file_has_an_end_in_rows(check, monkeypatch):
    monkeypatch.setattr(checks, "MAX_ROWS", 1)

    outcome = check(CSV + f"{good_row('A2')}\n".encode())

    assert codes(outcome) == ["too-many-rows"]


@pytest.mark.parametrize("name", ["extract.tsv", "extract.txt", "extract.csv.gz", "A.CSV.GZ"])
def test_text_comes_under_several_names_and_packed(check, name):
    content = gzip.compress(CSV) if name.lower().endswith("gz") else CSV

    outcome = check(content, name)

    assert outcome.accepted, outcome.findings


def test_the_name_may_be_written_in_capitals(check):
    assert check(CSV, "C:\\out\\EXTRACT.CSV").accepted


def test_a_file_over_the_limit_is_refused_unread(tmp_path):
    source = tmp_path / "large"
    source.touch()
    os.truncate(source, MAX_FILE_BYTES + 1)

    with pytest.raises(UnreadableError) as refused:
        kind_of(source, "large.csv")

    assert refused.value.code == "too-large"
