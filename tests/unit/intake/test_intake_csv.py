import codecs
import csv
from dataclasses import replace

import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from scorecards.intake.spec import DataLevel, FileForm, Notes
from tests.unit.intake.intake_examples import (
    HEADER,
    codes,
    everything_said,
    good_row,
    make_spec,
    rows_of,
)
from tests.workbooks import workbook


def test_a_good_file_is_accepted_and_counted(check_rows):
    outcome = check_rows(good_row("A1"), good_row("A2"))

    assert outcome.accepted
    assert (outcome.rows, outcome.findings, outcome.findings_total) == (2, (), 0)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("tail", [0, 1, 3])
def test_byte_order_mark_line_ends_and_last_blank_lines_change_nothing(check, line_end, mark, tail):
    lines = line_end.join([HEADER, good_row("A1"), good_row("A2")]) + line_end * tail

    outcome = check(mark + lines.encode())

    assert outcome.accepted, outcome.findings
    assert outcome.rows == 2


@pytest.mark.parametrize("row", [good_row("A2") + ",extra", "A2,CARD"])
def test_a_row_of_another_width_is_named_and_the_others_are_still_checked(check_rows, row):
    outcome = check_rows(good_row("A1"), row, good_row("A3", days="many"))

    assert rows_of(outcome, "wrong-width") == [3]
    assert rows_of(outcome, "wrong-type") == [4]
    assert outcome.rows == 3


def test_one_field_too_many_in_every_row_does_not_shift_columns(check_rows):
    outcome = check_rows(*(f"shift,{good_row(key)}" for key in ("A1", "A2")))

    assert rows_of(outcome, "wrong-width") == [2, 3]


def test_a_blank_line_between_rows_is_a_row_without_fields(check_rows):
    outcome = check_rows(good_row("A1"), "", good_row("A2"))

    assert rows_of(outcome, "wrong-width") == [3]


def test_quoted_line_breaks_commas_and_quotes_stay_inside_one_row(check_rows):
    tail = good_row("A1").split(",", 1)[1]
    odd = good_row("A2", specialty='"A ""big"", thing"')
    outcome = check_rows(f'"A\n1",{tail}', odd, good_row("A3", days="x"))

    # The key with the line break is row 2 although it covers two lines of text.
    assert rows_of(outcome, "wrong-type") == [2, 4]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b'A1,C"ARD,2026-02-03,3,1,no', "bad-quote"),
        (b'A1,"CARD"x,2026-02-03,3,1,no', "bad-quote"),
        (b'A1,="CA,RD",2026-02-03,3,1,no', "bad-quote"),
        (b'A1,="CA""RD",2026-02-03,3,1,no', "bad-quote"),
        (b'A1,x="CARD",2026-02-03,3,1,no', "bad-quote"),
        (b'A1,"CARD,2026-02-03,3,1,no', "open-quote"),
        (b"A1,CA\x00RD,2026-02-03,3,1,no", "nul-byte"),
        (b"A1,C\xe9RD,2026-02-03,3,1,no", "bad-encoding"),
        (b"A1,CARD,2026-02-03,3,1,no\rA2,CARD,2026-02-03,3,1,no", "bad-line-end"),
        (b"A1," + b"x" * 40_000 + b",2026-02-03,3,1,no", "cell-too-long"),
        (b"A1," + b"x," * 600_000 + b",3,1,no", "row-too-long"),
        (b"A1," + b"x" * 20_000_000 + b",2026-02-03,3,1,no", "row-too-long"),
        (b'A1,"' + b"x" * 5_000_000, "row-too-long"),
    ],
)
def test_text_that_is_no_strict_csv_ends_the_reading_at_its_row(check, row, code):
    outcome = check(f"{HEADER}\n{good_row('A0')}\n".encode() + row + b"\n")

    assert codes(outcome) == [code]
    assert rows_of(outcome, code) == [3]


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_what_is_no_text_is_told_so_before_its_quotes_are_looked_at(check, quote):
    outcome = check(b"\x02\xff\xfd" + quote + b"a,b\n\x9c\x01\n")

    assert codes(outcome) == ["not-text"]
    assert outcome.findings[0].message.startswith("This is not a text file.")


def test_row_numbers_hold_across_the_blocks_of_a_large_file(check_rows):
    rows = [good_row(f"K{place:06}") for place in range(150_000)]
    rows[149_998] = good_row("K149998", days="x")
    rows[120_000] = "short"

    outcome = check_rows(*rows)

    assert rows_of(outcome, "wrong-type") == [150_000]
    assert rows_of(outcome, "wrong-width") == [120_002]
    assert outcome.rows == 150_000


@pytest.mark.parametrize("code", ["CARD", '"CARD"'])
def test_a_row_that_the_parser_loses_ends_the_reading(check_rows, monkeypatch, code):
    """Rows are counted on the bytes, too; Arrow has not lost one yet."""
    read_all = pacsv.read_csv
    monkeypatch.setattr(pacsv, "read_csv", lambda *given, **more: read_all(*given, **more)[1:])

    outcome = check_rows(good_row("A1", specialty=code), good_row("A2"))

    assert codes(outcome) == ["unreadable"]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_is_found_by_the_declared_columns(check, mark):
    lines = "\n".join([HEADER, good_row("A1"), good_row("A2")]).replace(",", mark)

    outcome = check(lines.encode())

    assert (outcome.accepted, outcome.rows) == (True, 2)


def test_a_declared_separator_is_the_only_one(check):
    spec = replace(make_spec(), form=FileForm(separator=";"))

    outcome = check(f"{HEADER}\n{good_row()}\n".encode(), spec=spec)

    assert set(codes(outcome)) == {"missing-column"}


def test_a_header_that_no_separator_makes_sense_of_says_so(check):
    assert codes(check(b"key;ward\nA1;CARD\n")) == ["not-comma"]


def encoded(encoding):
    row = good_row("A1", specialty="C\u00e9RD")
    return f"{HEADER}\n{row}\n".encode(encoding)


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (encoded("utf-8"), {}),
        (encoded("utf-8-sig"), {}),
        (encoded("utf-8-sig"), {"encoding": "utf-8"}),
        (encoded("utf-16"), {}),
        (codecs.BOM_UTF16_BE + encoded("utf-16-be"), {}),
        (encoded("utf-16"), {"encoding": "utf-16"}),
        (encoded("cp1252"), {"encoding": "windows-1252"}),
        (encoded("latin-1"), {"encoding": "latin-1"}),
    ],
)
def test_text_is_read_in_its_encoding(check, target, content, form):
    outcome = check(content, spec=replace(make_spec(), form=FileForm(**form)))

    assert outcome.accepted, outcome.findings
    assert pq.read_table(target)["specialty"].to_pylist() == ["C\u00e9RD"]


@pytest.mark.parametrize(
    ("content", "form", "said"),
    [
        (encoded("cp1252"), {}, "Row 2 is not UTF-8 text"),
        (encoded("utf-8-sig"), {"encoding": "windows-1252"}, "its first bytes say utf-8"),
        (encoded("utf-16"), {"encoding": "utf-8"}, "its first bytes say utf-16"),
        (b"a,\x81\n", {"encoding": "windows-1252"}, "not written in windows-1252"),
        (encoded("utf-16")[:-1], {}, "not written in utf-16"),
    ],
)
def test_text_in_another_encoding_than_it_is_said_to_be_is_refused(check, content, form, said):
    outcome = check(content, spec=replace(make_spec(), form=FileForm(**form)))

    assert codes(outcome) == ["bad-encoding"]
    assert said in outcome.findings[0].message


TITLED = f"Quality report\n\n{HEADER}\n{good_row('A1')}\n{good_row('A2', days='x')}\n"


def test_titles_above_the_declared_header_are_skipped_and_rows_keep_their_numbers(check):
    outcome = check(TITLED.encode(), spec=replace(make_spec(), form=FileForm(header_row=3)))

    assert rows_of(outcome, "wrong-type") == [5]
    assert outcome.rows == 2


CONTACT = "Questions: quality@registry.example or (800) 555-0142"
AGGREGATES = replace(make_spec(), case_key="", level=DataLevel.AGGREGATES, row_key=("case_id",))


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("spec", "title", "note", "is_taken"),
    [
        (AGGREGATES, CONTACT, "", True),
        (AGGREGATES, "123-45-6789", "", False),
        (AGGREGATES, "Quality", CONTACT, False),
        (make_spec(), CONTACT, "", False),
    ],
)
def test_titles_of_a_file_without_persons_may_say_how_its_publisher_is_reached(
    check, spec, title, note, is_taken, suffix
):
    lines = [title, "", HEADER, good_row("A1"), "", note]
    content = "\n".join(lines).encode()
    if suffix == "xlsx":
        content = workbook({"Sheet": [next(csv.reader([line]), []) for line in lines]})
    form = FileForm(header_row=3, notes=Notes.AFTER_BLANK)

    outcome = check(content, f"extract.{suffix}", spec=replace(spec, form=form))

    assert outcome.accepted == is_taken, outcome.findings
    assert codes(outcome) == ([] if is_taken else ["identifier-in-cell"] * len(outcome.findings))
    assert "registry" not in everything_said(outcome)


def test_what_is_wrong_with_a_header_is_told_with_its_row(check):
    spec = replace(make_spec(), form=FileForm(header_row=3))

    outcome = check(TITLED.replace("died", "died,days").encode(), spec=spec)

    assert rows_of(outcome, "duplicate-column") == [3]


AFTER_BLANK = FileForm(notes=Notes.AFTER_BLANK)
LONE_CELLS = FileForm(notes=Notes.LONE_CELLS)


@pytest.mark.parametrize(
    "blank", ["", ",,,,,", "\r"], ids=["nothing", "separators", "carriage return"]
)
def test_what_follows_an_empty_row_is_no_case_where_the_feed_says_so(check, blank):
    lines = [HEADER, good_row("A1"), blank, 'Note: "quoted', "1 = yes, 2 = no", ""]
    content = "\n".join(lines).encode()

    assert not check(content).accepted
    assert check(content, spec=replace(make_spec(), form=AFTER_BLANK)).rows == 1


def test_an_empty_line_inside_quotes_is_not_the_end_of_the_cases(check):
    spec = replace(make_spec(), form=AFTER_BLANK)
    content = f'{HEADER}\n"A\n\n1",{good_row().split(",", 1)[1]}\n{good_row("A2")}\n'

    assert check(content.encode(), spec=spec).rows == 2


def test_last_rows_of_one_cell_are_no_cases_where_the_feed_says_so(check):
    notes = ["5 - Results are not available.", '"7 - ""***"", or none",,,,,', "", "* rounded"]
    content = "\n".join([HEADER, good_row("A1"), *notes]).encode()

    assert not check(content).accepted
    assert check(content, spec=replace(make_spec(), form=LONE_CELLS)).rows == 1


def test_a_row_of_one_cell_between_cases_is_no_note(check):
    content = "\n".join([HEADER, good_row("A1"), "lone", good_row("A3")]).encode()

    outcome = check(content, spec=replace(make_spec(), form=LONE_CELLS))

    assert rows_of(outcome, "wrong-width") == [3]
    assert outcome.rows == 3


def test_more_lone_rows_than_any_notes_have_are_rows(check):
    content = "\n".join([HEADER, good_row("A1"), *["lone"] * 1_001]).encode()

    outcome = check(content, spec=replace(make_spec(), form=LONE_CELLS))

    assert len(rows_of(outcome, "wrong-width")) > 900


@pytest.mark.parametrize("form", [AFTER_BLANK, LONE_CELLS, FileForm(header_row=2)])
def test_an_identifier_in_a_title_or_note_refuses_the_file(check, form):
    lines = [HEADER, good_row("A1"), "", "Ask 503-555-0142"]
    if form.header_row == 2:
        lines = ["Ask 503-555-0142", *lines[:2]]

    outcome = check("\n".join(lines).encode(), spec=replace(make_spec(), form=form))

    assert codes(outcome) == ["identifier-in-cell"]
    assert "555" not in everything_said(outcome)


@pytest.mark.parametrize(("content", "code"), [(b"", "empty-file"), (b"\n\r\n", "empty-file")])
def test_an_empty_file_is_refused(check, content, code):
    assert codes(check(content)) == [code]


def test_a_header_without_rows_is_refused(check):
    assert codes(check(HEADER.encode())) == ["no-rows"]


def test_a_hundred_thousand_columns_are_refused(check):
    header = ",".join(f"c{place}" for place in range(100_000))

    assert codes(check(header.encode())) == ["too-many-columns"]


def test_a_header_that_names_a_column_twice_is_refused(check_rows):
    outcome = check_rows(good_row("A1") + ",4", header=f"{HEADER},days")

    assert codes(outcome) == ["duplicate-column"]


def test_a_column_without_a_name_is_refused(check_rows):
    outcome = check_rows(good_row("A1") + ",", header=f"{HEADER},")

    assert codes(outcome) == ["unnamed-column"]


def test_a_missing_column_is_named_and_a_wrong_capital_is_told(check_rows):
    outcome = check_rows("A1,3", header="case_id,Days")

    assert set(codes(outcome)) == {"missing-column"}
    assert [f.column for f in outcome.findings] == ["specialty", "left_on", "days", "cost", "died"]
    assert "other capitals" in outcome.findings[2].message
    assert outcome.dropped_columns == ()


def test_a_file_without_header_does_not_have_its_first_row_repeated(check):
    outcome = check(b"Smithson,Main Street 7,3\nJonesley,Side Street,4\n")

    assert not outcome.accepted
    assert "Smithson" not in everything_said(outcome)
    assert "Main" not in everything_said(outcome)


def test_the_first_row_may_be_a_blank_line_and_is_refused(check):
    outcome = check(f"\n{HEADER}\n{good_row()}\n".encode())

    assert "missing-column" in codes(outcome)


def test_a_byte_order_mark_before_a_case_is_part_of_its_first_cell(check_rows, target):
    assert check_rows("\ufeff" + good_row("A1"), good_row("A2")).accepted

    assert pq.read_table(target).column(0).to_pylist() == ["\ufeffA1", "A2"]
