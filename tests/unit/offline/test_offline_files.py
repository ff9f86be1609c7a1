"""Files as hospitals and public sources really write them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.offline.conftest import defined

STAYS = "stay_days,disposition,readmitted\n3,01,Y\n2,01,N\n5,20,Y\n0,01,N\n"


def numbers_of(*columns, observation, scoring="sum", **more):
    """An indicator that only adds up a number."""
    return {
        "slug": "added",
        "title": "Added",
        "scoring": scoring,
        "improvement": "decrease",
        "unit": "days",
        "columns": list(columns),
        "observation": observation,
        **more,
    }


def moment(*parts):
    """A moment by the hospital's own clock."""
    return datetime(*parts)  # noqa: DTZ001 - as hospitals send them


def counts(row):
    return row["numerator"], row["eligible"], row["denominator_exclusions"]


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


@pytest.mark.parametrize(
    "text",
    ["", "?", "N/A", "NA", "Not Available", "Not Applicable", "Too Few to Report", "null", "NULL",
     "***", "not available", " NaN "],
)  # fmt: skip
def test_a_withheld_number_is_missing_and_never_zero(door, text):
    columns = [{"name": "cost", "type": "decimal"}]
    data = door.put("a.csv", f"cost,x\n10,1\n{text},1\n20,1\n")

    total = door.total(numbers_of(*columns, observation="cost", scoring="mean"), data)

    assert (total["observations"], total["missing"], total["rate"]) == ("2", "1", "15")


def test_a_code_that_excel_was_made_to_keep_is_what_stands_inside_and_that_is_said(door):
    plain = door.total(defined(), door.put("stays.csv", STAYS))

    kept = door.total(defined(), door.put("stays.csv", STAYS.replace(",01,", ',="01",')))

    assert counts(kept) == counts(plain)
    assert any('="010001" are taken as 010001' in note for note in door.notes)


def test_a_code_is_missing_only_when_it_is_empty_or_a_question_mark(door):
    definition = defined(initial_population="disposition is not null")
    data = door.put(
        "a.csv",
        "stay_days,disposition,readmitted\n"
        + "".join(f"1,{code},Y\n" for code in ("NA", "null", "***", "?", "", "01")),
    )

    assert door.total(definition, data)["initial_population"] == "4"
    assert door.total(definition, data, missing=["NA", "***"])["initial_population"] == "2"


@pytest.mark.parametrize(
    ("texts", "total"),
    [
        (["1,234", "1"], "1235"),
        (["1,234.5", "$1,000.25"], "8939/4"),
        (["8.5%", "100 %"], "217/200"),
        (["0.1", "0.2"], "3/10"),
        (["1e-05", ".5"], "50001/100000"),
        (["12.0", "+3"], "15"),
        (["-1.50", "0"], "-3/2"),
        (["0.30000000000000004", "12345678901234567890"],
         str(Fraction("12345678901234567890.30000000000000004"))),
    ],
)  # fmt: skip
def test_numbers_are_read_exactly(door, texts, total):
    columns = [{"name": "cost", "type": "decimal"}]
    data = door.put("a.csv", "cost,x\n" + "".join(f'"{text}",\n' for text in texts))

    assert door.total(numbers_of(*columns, observation="cost"), data)["rate"] == total


@pytest.mark.parametrize("text", ["12,5", "1,23", "1.2.3", "12 days", "1e99", "8.5%%", "--1", "٣"])
def test_a_number_of_no_clear_form_is_refused_and_not_repeated(door, text):
    columns = [{"name": "cost", "type": "decimal"}]
    data = door.put("a.csv", f'cost,x\n1,\n"{text}",\n')

    refused = door.refusal(numbers_of(*columns, observation="cost"), data)

    assert refused[0].startswith("a.csv, row 3, column “cost”: expected a number such as 12.5")
    assert refused[1] == "a.csv, column “cost”: 1 cell is no value of its type."
    assert not any(text in sentence for sentence in refused if len(text) > 4)


def test_decimals_beyond_38_digits_are_refused_beside_those_that_fit(door):
    columns = [{"name": "cost", "type": "decimal"}]
    data = door.put("a.csv", f"cost,x\n{'9' * 20},1\n0.{'1' * 19},1\n")

    refused = door.refusal(numbers_of(*columns, observation="cost"), data)

    assert refused[0].startswith("a.csv, row 3, column “cost”: expected a number")
    assert "of up to 38 digits" in refused[0]


@pytest.mark.parametrize("text", ["12.5", "8%", "1e3", "1,2"])
def test_a_whole_number_with_a_part_is_refused(door, text):
    refused = door.refusal(defined(), door.put("a.csv", STAYS.replace("\n2,", f'\n"{text}",')))

    assert refused[0] == (
        "a.csv, row 3, column “stay_days”: expected a whole number such as 12 or 1,234."
    )


def test_bad_cells_are_counted_by_column_and_twenty_are_listed(door):
    data = door.put("a.csv", "stay_days,disposition,readmitted\n" + "x,01,maybe\n" * 30)

    refused = door.refusal(defined(), data)

    assert len([said for said in refused if ", row " in said]) == 20
    assert "a.csv, column “stay_days”: 30 cells are no value of its type." in refused
    assert "a.csv, column “readmitted”: 30 cells are no value of its type." in refused


def test_flags_are_read_in_every_usual_spelling(door):
    spelled = ["true", "TRUE", "Y", "yes", "1", "T", "false", "N", "no", "0", "F", "f"]
    data = door.put(
        "a.csv",
        "stay_days,disposition,readmitted\n" + "".join(f"1,01,{flag}\n" for flag in spelled),
    )

    assert counts(door.total(defined(), data)) == ("6", "12", "0")


DAYS = (
    {"name": "admitted_on", "type": "date"},
    {"name": "discharged_on", "type": "date"},
)
STAY = "days_between(admitted_on, discharged_on)"


@pytest.mark.parametrize(
    ("first", "second", "note"),
    [
        ("2026-01-31", "2026-02-02", ""),
        ("2026/01/31", "2026-02-02 00:00:00", ""),
        ("2026-01-31T00:00:00", "2026-02-02T00:00:00.000", ""),
        ("01/31/2026", "2/2/2026", "month/day/year"),
        ("1/31/2026 0:00", "2/2/2026 12:00 AM", "month/day/year"),
        ("20260131", "20260202", "yearmonthday"),
    ],
)
def test_days_are_read_in_one_form_a_column(door, first, second, note):
    data = door.put("a.csv", f"admitted_on,discharged_on\n{first},{second}\n?,{second}\n")

    total = door.total(numbers_of(*DAYS, observation=STAY), data)

    assert total["rate"] == "2"
    assert all(note in said for said in door.notes)
    assert bool(door.notes) is bool(note)


@pytest.mark.parametrize(
    ("text", "row"),
    [("31/13/2026", 3), ("2026-02-30", 3), ("2026-01-31 10:00", 3), ("01/31/26", 3), ("Jan 1", 3)],
)
def test_a_day_that_is_none_or_cannot_be_told_is_refused(door, text, row):
    usual = "01/05/2026" if text.count("/") else "2026-01-05"
    data = door.put("a.csv", f"admitted_on,discharged_on\n{usual},2026-01-09\n{text},2026-01-09\n")

    refused = door.refusal(numbers_of(*DAYS, observation=STAY), data)

    said = "expected a day such as 2026-01-31, without a time."
    assert refused[0] == f"a.csv, row {row}, column “admitted_on”: {said}"


MOMENTS = (
    {"name": "arrived_at", "type": "moment"},
    {"name": "seen_at", "type": "moment"},
)
WAIT = "minutes_between(arrived_at, seen_at)"


@pytest.mark.parametrize(
    ("first", "second", "minutes"),
    [
        ("2026-01-31 14:05", "2026-01-31T14:35:30", "61/2"),
        ("2026-01-31 23:50:00.000", "2026-02-01 00:10", "20"),
        ("1/31/2026 11:50 AM", "1/31/2026 12:20 PM", "30"),
        ("2026-01-31T14:05:00Z", "2026-01-31T14:06:00Z", "1"),
        ("2026-01-31 14:05:00.250", "2026-01-31 14:05:00.500", "1/240"),
        ("2026-01-31", "2026-01-31 01:00", "60"),
    ],
)
def test_moments_are_read_to_the_second_and_below(door, first, second, minutes):
    data = door.put("a.csv", f"arrived_at,seen_at\n{first},{second}\n")

    assert door.total(numbers_of(*MOMENTS, observation=WAIT), data)["rate"] == minutes


def workbook(door, name="a.xlsx", **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = door.folder / name
    book.save(path)
    return path


HEADER = ["stay_days", "disposition", "readmitted"]


def test_a_workbook_gives_numbers_codes_and_flags_as_they_are_seen(door):
    rows = [HEADER, [3, "01", True], [2.0, 1, "N"], [5, 20, "Y"], [None, None, None], [0, 1, 0]]

    total = door.total(defined(), workbook(door, Stays=rows))

    assert counts(total) == ("1", "2", "1")


def test_the_sheet_with_the_columns_is_read_below_its_titles(door):
    rows = [["Stays of March"], [], HEADER, [3, "01", "Y"]]
    path = workbook(door, Cover=[["Report"]], Stays=rows)

    total = door.total(defined(), path)

    assert counts(total) == ("1", "1", "0")
    assert "a.xlsx: the sheet “Stays” is read." in door.notes


def test_a_sheet_can_be_named_and_a_wrong_name_is_refused(door):
    path = workbook(door, One=[HEADER, [3, "01", "Y"]], Two=[HEADER, [3, "01", "N"]])

    assert door.total(defined(), path, sheet="Two")["numerator"] == "0"
    (door.folder / "out.csv").unlink()
    (refused,) = door.refusal(defined(), path, sheet="Three")
    assert refused == "a.xlsx: There is no sheet “Three”. There are: “One”, “Two”."


def test_days_and_moments_of_a_workbook_are_cells_of_their_own(door):
    rows = [["arrived_at", "seen_at"], [moment(2026, 1, 31, 14, 5), moment(2026, 1, 31, 15)]]
    total = door.total(numbers_of(*MOMENTS, observation=WAIT), workbook(door, A=rows))
    assert total["rate"] == "55"

    rows = [["admitted_on", "discharged_on"], [date(2026, 1, 31), moment(2026, 2, 2)]]
    total = door.total(numbers_of(*DAYS, observation=STAY), workbook(door, A=rows))
    assert total["rate"] == "2"


@pytest.mark.parametrize(("cell", "said"), [("=1/0", "never computed"), ("#N/A", "an error")])
def test_a_cell_that_a_spreadsheet_could_not_fill_is_refused_where_it_is_needed(door, cell, said):
    path = workbook(door, A=[[*HEADER, "note"], [cell, "01", "Y", "x"]])
    (refused,) = door.refusal(defined(), path)
    assert refused.startswith("a.xlsx: Row 2, column “stay_days”:")
    assert said in refused

    path = workbook(door, A=[[*HEADER, "note"], [3, "01", "Y", cell]])
    assert counts(door.total(defined(), path)) == ("1", "1", "0")


def parquet(door, name="a.parquet", **columns):
    path = door.folder / name
    pq.write_table(pa.table(columns), path)
    return path


def test_a_parquet_file_of_exact_types_is_read_as_it_is(door):
    path = parquet(
        door,
        stay_days=pa.array([3, 2, 5, 0, None], pa.int16()),
        disposition=pa.array(["01", "01", "20", "01", "01"]).dictionary_encode(),
        readmitted=pa.array([True, False, True, None, True]),
        nested=pa.array([[1], [2], [3], [4], [5]]),
    )

    assert counts(door.total(defined(), path)) == ("1", "2", "1")


def test_a_parquet_file_of_binary_numbers_is_read_by_their_shortest_text(door):
    path = parquet(
        door,
        stay_days=pa.array([3.0, float("nan"), 5.0, 0.0]),
        disposition=pa.array([1.0, 1.0, 20.0, None]),
        readmitted=pa.array([1, 0, 1, 0], pa.int8()),
    )
    assert counts(door.total(defined(), path)) == ("1", "1", "1")

    for kind in (pa.float64(), pa.float32()):
        columns = [{"name": "cost", "type": "decimal"}]
        path = parquet(door, cost=pa.array([0.1, 0.2, None], kind))
        assert door.total(numbers_of(*columns, observation="cost"), path)["rate"] == "3/10"


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_moments_of_parquet_keep_their_unit(door, unit):
    first, second = moment(2026, 1, 31, 14, 5), moment(2026, 1, 31, 14, 35)
    path = parquet(
        door,
        arrived_at=pa.array([first], pa.timestamp(unit)),
        seen_at=pa.array([second], pa.timestamp(unit)),
    )

    assert door.total(numbers_of(*MOMENTS, observation=WAIT), path)["rate"] == "30"


def test_moments_with_a_zone_are_taken_by_the_clock_of_that_zone(door):
    chicago = ZoneInfo("America/Chicago")
    moments = [datetime(2026, 1, 31, 23, 30, tzinfo=chicago)]
    path = parquet(
        door,
        arrived_at=pa.array(moments, pa.timestamp("us", tz="America/Chicago")),
        seen_at=pa.array(["2026-01-31 23:45"]),
    )

    total = door.total(numbers_of(*MOMENTS, observation=WAIT), path)

    assert total["rate"] == "15"
    assert moments[0].astimezone(UTC).date() != date(2026, 1, 31)
    assert any("clock of America/Chicago" in note for note in door.notes)


def test_days_and_decimals_of_parquet_are_exact(door):
    path = parquet(
        door,
        admitted_on=pa.array([date(2026, 1, 31)], pa.date64()),
        discharged_on=pa.array([moment(2026, 2, 2)], pa.timestamp("ns")),
    )
    assert door.total(numbers_of(*DAYS, observation=STAY), path)["rate"] == "2"

    columns = [{"name": "cost", "type": "decimal"}]
    path = parquet(door, cost=pa.array([Decimal("0.10"), Decimal("2.25")], pa.decimal128(9, 2)))
    assert door.total(numbers_of(*columns, observation="cost"), path)["rate"] == "47/20"


def test_files_of_different_kinds_are_one_table(door):
    columns = [{"name": "cost", "type": "decimal"}, {"name": "room", "type": "code"}]
    definition = numbers_of(*columns, observation="cost", denominator="room like 'OR%'")
    files = [
        parquet(door, cost=pa.array([Decimal("1.10")]), room=pa.array(["OR 1"])),
        workbook(door, A=[["cost", "room"], [2.5, "OR 2"], [7, "ED"]]),
        door.put("b.csv", "room;Cost\nOR 1;0.125\n"),
    ]

    rows = door.rows(definition, *files, by="room")

    assert rows[0]["rate"] == "149/40"
    assert [(row["room"], row["rate"]) for row in rows[2:]] == [("OR 1", "49/40"), ("OR 2", "5/2")]


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


def test_a_binary_number_that_is_none_is_a_missing_code(door):
    path = parquet(
        door,
        stay_days=pa.array([3, 3]),
        disposition=pa.array([float("nan"), 1e15]),
        readmitted=pa.array(["Y", "Y"]),
    )
    definition = defined(initial_population="disposition = '1000000000000000'")

    assert door.total(definition, path)["initial_population"] == "1"
    assert door.total(definition, path)["missing"] == "1"


def test_a_nested_column_that_is_needed_is_refused(door):
    path = parquet(door, stay_days=pa.array([[1]]), disposition=["01"], readmitted=[True])

    assert door.refusal(defined(), path) == (
        "a.parquet: column “stay_days” is nested, not one value.",
    )


def test_text_of_parquet_may_be_large_a_view_or_nothing(door):
    path = parquet(
        door,
        stay_days=pa.array(["3", "1,000"], pa.large_string()),
        disposition=pa.array(["01", "01"], pa.string_view()),
        readmitted=pa.nulls(2),
    )

    total = door.total(defined(), path)

    assert (total["eligible"], total["not_known"]) == ("2", "2")


def test_a_sheet_of_a_file_that_is_no_workbook_is_refused(door):
    assert door.refusal(defined(), door.put("a.csv", STAYS), sheet="One") == (
        "a.csv is no workbook: leave out --sheet.",
    )


def test_a_workbook_without_cells_is_refused(door):
    (refused,) = door.refusal(defined(), workbook(door, Empty=[]))

    assert refused == "a.xlsx: The workbook holds no rows. Export it again."


def test_a_row_far_down_that_is_not_utf8_is_refused_with_its_number(door):
    many = STAYS.encode() + b"1,01,Y\n" * 700_000

    (refused,) = door.refusal(defined(), door.put("a.csv", many + b"1,\xe9,Y\n"))

    assert refused.startswith("a.csv: Row 700006 is not UTF-8 text.")
    assert refused.endswith("--encoding cp1252.")


def test_files_whose_numbers_do_not_fit_one_scale_are_refused(door):
    columns = [{"name": "cost", "type": "decimal"}]
    small = parquet(door, "a.parquet", cost=pa.array([Decimal("0." + "1" * 30)]))
    large = parquet(door, "b.parquet", cost=pa.array([Decimal("9" * 20)]))

    (refused,) = door.refusal(numbers_of(*columns, observation="cost"), small, large)

    assert refused == "The numbers of column “cost” need more than 38 digits together."
