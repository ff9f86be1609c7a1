import pytest

from tests.unit.intake.intake_examples import HEADER, codes, everything_said, good_row, rows_of


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


def test_row_numbers_hold_across_the_blocks_of_a_large_file(check_rows):
    rows = [good_row(f"K{place:06}") for place in range(150_000)]
    rows[149_998] = good_row("K149998", days="x")
    rows[120_000] = "short"

    outcome = check_rows(*rows)

    assert rows_of(outcome, "wrong-type") == [150_000]
    assert rows_of(outcome, "wrong-width") == [120_002]
    assert outcome.rows == 150_000


@pytest.mark.parametrize("text", ["case_id;specialty\nA1;CARD\n", "case_id\tspecialty\nA1\tCARD\n"])
def test_other_separators_are_named(check, text):
    assert codes(check(text.encode())) == ["not-comma"]


def test_utf_16_is_named(check):
    assert codes(check(f"{HEADER}\n".encode("utf-16"))) == ["bad-encoding"]


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
