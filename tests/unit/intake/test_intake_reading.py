import os

import pytest

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
        (CSV, "extract.txt", "unknown-kind"),
        (CSV, "extract", "unknown-kind"),
        (CSV, "extract.csv.exe", "unknown-kind"),
    ],
)
def test_name_and_content_must_agree(check, content, name, code):
    assert codes(check(content, name)) == [code]


def test_the_name_may_be_written_in_capitals(check):
    assert check(CSV, "C:\\out\\EXTRACT.CSV").accepted


def test_a_file_over_the_limit_is_refused_unread(tmp_path):
    source = tmp_path / "large"
    source.touch()
    os.truncate(source, MAX_FILE_BYTES + 1)

    with pytest.raises(UnreadableError) as refused:
        kind_of(source, "large.csv")

    assert refused.value.code == "too-large"
