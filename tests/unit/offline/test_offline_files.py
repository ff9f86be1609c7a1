"""Files as hospitals and public sources really write them: layout, columns, encoding."""

import pytest

from tests.unit.offline.conftest import STAYS, counts, defined, numbers_of


@pytest.mark.parametrize(
    "content",
    [
        STAYS,
        "\ufeff" + STAYS,
        STAYS.replace("\n", "\r\n"),
        STAYS.replace(",", ";"),
        STAYS.replace(",", "\t"),
        STAYS.replace(",", "|"),
        STAYS + "\n\n",
        STAYS + ",,\n",
        STAYS.replace("stay_days,disposition", "Stay Days, DISPOSITION "),
        "note," + STAYS.replace("\n3", '\n"two\nlines, ""quoted""",3').replace("\n2", "\n,2")
        .replace("\n5", "\n,5").replace("\n0", "\n,0"),
        "Stays of March,,\n,,\n" + STAYS,
        "Stays of March\n\n" + STAYS,
    ],
)  # fmt: skip
def test_a_csv_file_of_any_layout_gives_the_same_counts(door, content):
    total = door.total(defined(), door.put("stays.csv", content))

    assert counts(total) == ("1", "2", "1")
    assert total["rate"] == "1/2"


def test_a_header_below_titles_is_said(door):
    door.run(defined(), door.put("stays.csv", "Stays\n\n" + STAYS))

    assert door.notes == ["stays.csv: the header is taken from row 3."]


def test_a_header_spelled_otherwise_is_said(door):
    door.run(defined(), door.put("stays.csv", STAYS.replace("stay_days", "Stay Days")))

    assert door.notes == ["stays.csv: the column “Stay Days” is taken for “stay_days”."]


def test_a_column_is_found_by_its_source_before_its_name(door):
    columns = [{"name": "score", "type": "whole", "source": "Number of Patients"}]
    data = door.put("a.csv", 'Number of Patients,score\n"1,234",1\n')

    total = door.total(numbers_of(*columns, observation="score"), data)

    assert total["rate"] == "1234"


def test_headers_that_could_both_be_meant_are_refused(door):
    data = door.put("a.csv", "Stay Days,stay-days,disposition,readmitted\n1,1,01,Y\n")

    assert door.refusal(defined(), data) == (
        "a.csv has no column “stay_days”, and several like it: “Stay Days”, “stay-days”.",
    )


def test_a_header_that_stands_twice_is_refused(door):
    data = door.put("a.csv", "stay_days,stay_days,disposition,readmitted\n1,1,01,Y\n")

    assert door.refusal(defined(), data) == ("a.csv has 2 columns “stay_days”. Keep one of them.",)


def test_a_missing_column_is_named_with_those_near_it(door):
    data = door.put("a.csv", STAYS.replace("stay_days", "stay_day"))

    assert door.refusal(defined(), data) == (
        "a.csv has no column “stay_days”. Near it: “stay_day”.",
    )


def test_columns_that_nobody_needs_are_never_checked(door):
    data = door.put("a.csv", STAYS.replace("\n", ",x\n").replace("readmitted,x", "readmitted,y"))

    assert counts(door.total(defined(), data)) == ("1", "2", "1")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("3,01\n", "a.csv: Row 6 has 2 fields, fewer than the 3 of the header. "),
        ("3,01,Y,4\n", "a.csv: Row 6 has 4 fields, more than the 3 of the header. "),
    ],
)
def test_a_row_of_another_width_is_an_error_with_its_number(door, row, said):
    refused = door.refusal(defined(), door.put("a.csv", STAYS + row))

    assert refused[0].startswith(said)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "a.csv: The file is empty. Export it again."),
        ("a.csv", b"\n\n", "a.csv: The file holds no rows. Export it again."),
        ("a.csv", b"\xff\xfea\x00", "The file is said to be utf-8, its first bytes say utf-16."),
        ("a.csv", b"stay_days,disposition,readmitted\n3,\xe9,Y\n",
         "Row 2 is not UTF-8 text. Export as CSV in UTF-8, or declare its encoding. Here that is "),
        ("a.parquet", b"PAR1xxxxPAR1", "The Parquet file is damaged or cut off. Write it again."),
        ("a.xlsx", b"PK\x03\x04nothing",
         "The workbook is damaged, cut off or encrypted. Save it again."),
        ("a.csv", b"\x1f\x8b\x08", "The file is a gzip archive; CSV, XLSX and Parquet are read."),
        ("a.html", b"<html>", "a web page or XML document"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(door, name, content, said):
    (refused,) = door.refusal(defined(), door.put(name, content))

    assert said in refused


def test_a_file_that_is_not_there_is_refused(door):
    assert door.refusal(defined(), door.folder / "gone.csv") == (
        "gone.csv cannot be read: No such file or directory.",
    )


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "latin-1"])
def test_another_encoding_can_be_named(door, encoding):
    data = door.put("a.csv", STAYS.replace("3,01", "3,é").encode(encoding))
    definition = defined(initial_population="disposition = 'é'")

    assert door.total(definition, data, encoding=encoding)["numerator"] == "1"


def test_a_wrong_encoding_is_refused(door):
    data = door.put("a.csv", STAYS.encode() + b"\xff")

    assert door.refusal(defined(), data, encoding="ascii") == ("a.csv is not written in ascii.",)


def test_a_long_text_in_a_column_that_nobody_needs_is_no_hindrance(door):
    data = door.put("a.csv", f"note,{STAYS.splitlines()[0]}\n{'x' * 40_000},3,01,Y\n")

    assert counts(door.total(defined(), data)) == ("1", "1", "0")


def test_a_row_far_down_that_is_not_utf8_is_refused_with_its_number(door):
    many = STAYS.encode() + b"1,01,Y\n" * 700_000

    (refused,) = door.refusal(defined(), door.put("a.csv", many + b"1,\xe9,Y\n"))

    assert refused.startswith("a.csv: Row 700006 is not UTF-8 text.")
    assert refused.endswith("--encoding cp1252.")
