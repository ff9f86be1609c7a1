"""Looking at a file before anything is stored, and the map that it suggests."""

import pytest

from indicators.measure.columns import ColumnType
from scorecards.intake.looking import read_look
from scorecards.intake.opening import open_extract
from scorecards.intake.preview import MASK, Preview, preview
from scorecards.intake.previewing import preview_in_child
from scorecards.intake.reading import UnreadableError
from scorecards.intake.seeking import Sought
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec, FileForm
from tests.workbooks import workbook

CMS = """\ufeffTimely care\n
Facility ID;Measure ID;Score;Sample;Payment;Start Date;Phone Number
010001;OP-18b;85.2%;1,931;$25,753.96;07/01/2020;205-555-0101
010005;OP-18b;Not Available;***;$9.50;7/1/19;205-555-0102
10007;OP-22;90.0%;12;$1.00;07/01/2020;205-555-0103
"""


@pytest.fixture
def look(tmp_path):
    def run(content, filename="sample.csv", form=None, sought=None):
        source = tmp_path / "received"
        source.write_bytes(content if isinstance(content, bytes) else content.encode())
        return preview(source, filename, form, sought)

    return run


def proposed(seen):
    return {each.column.name: each.column for each in seen.proposal.columns}


def test_separator_header_and_first_rows_are_found(look):
    seen = look(CMS)

    assert (seen.kind, seen.form.separator, seen.form.header_row) == ("csv", ";", 3)
    assert seen.form.encoding == "utf-8"
    assert seen.rows[0] == ("Timely care",)
    assert (seen.rows_sampled, seen.is_whole) == (3, True)


def test_columns_of_identifiers_are_masked_and_of_a_hospital_named_so(look):
    seen = look(CMS)

    assert seen.columns[-1].identifier == "a phone or fax number"
    assert seen.rows[3][-1] == MASK
    assert "555" not in str(seen.to_document())
    assert seen.proposal.organization_columns == ("Phone Number",)


def test_types_marks_widths_and_forms_are_proposed_in_words(look):
    seen = look(CMS)
    columns = proposed(seen)

    assert columns["facility_id"].width == 6
    assert (columns["score"].marks, columns["score"].places) == (("percent",), 3)
    assert columns["score"].missing == ("Not Available",)
    assert columns["sample"].suppressed == ("***",)
    assert columns["sample"].type is ColumnType.WHOLE
    assert (columns["payment"].marks, columns["payment"].places) == (("dollar",), 2) or columns[
        "payment"
    ].marks == ("thousands", "dollar")
    assert set(columns["start_date"].forms) == {"MM/DD/YYYY", "M/D/YY"}
    assert all(each.said for each in seen.proposal.columns)


def test_what_is_proposed_can_be_declared(look):
    spec = look(CMS).proposal.spec()

    assert (spec.level, spec.row_key) == (DataLevel.AGGREGATES, ("facility_id",))
    assert spec.date_column == "start_date"


def test_rows_named_by_several_columns_are_proposed_as_aggregates(look):
    rows = "\n".join(f"H{n % 2},M{n // 2},{n % 3},{5}" for n in range(8))

    proposal = look(f"hospital,measure,numerator,denominator\n{rows}\n").proposal

    assert (proposal.level, proposal.row_key) == (DataLevel.AGGREGATES, ("hospital", "measure"))
    assert proposal.spec().case_key == ""


def test_a_chosen_form_is_kept_to(look):
    seen = look(CMS, form=FileForm(separator=";", header_row=4))

    assert seen.columns[0].name == "010001"


def test_text_that_is_not_utf_8_is_shown_as_what_it_could_be(look):
    seen = look("ward,n\nC\u00e9R,1\n".encode("cp1252"))

    assert seen.form.encoding == "windows-1252"
    assert seen.rows[1] == ("C\u00e9R", "1")


def test_json_lines_have_their_names_as_the_first_row(look):
    seen = look('{"a": "x", "n": 1.50}\n{"a": "y", "b": true}\n', "sample.ndjson")

    assert seen.rows == (("a", "n", "b"), ("x", "1.50", ""), ("y", "", "true"))


def test_a_preview_survives_the_way_through_the_child(look, tmp_path):
    seen = look(CMS)

    assert Preview.from_document(seen.to_document()) == seen
    assert preview_in_child(tmp_path / "received", "sample.csv") == seen


def test_what_cannot_be_looked_at_says_why(tmp_path):
    source = tmp_path / "received"
    source.write_bytes(b"%PDF-1.7")

    with pytest.raises(UnreadableError) as refused:
        preview_in_child(source, "sample.csv")

    assert refused.value.code == "not-what-it-says"


NAMES = frozenset({"ward", "n"})
TITLED = [["Stays of 2025"], [], ["ward", "n", "more"], ["4", "10", ""]]
PLAIN = [["n", "ward"], ["10", "4"]]


@pytest.mark.parametrize(
    ("sheets", "form", "finds_row", "found"),
    [
        ({"Read me": [["one"] * 9] * 9, "Stays": TITLED}, FileForm(), True, ("Stays", 3)),
        ({"Titled": TITLED, "Plain": PLAIN}, FileForm(), True, ("Plain", 1)),
        ({"Plain": PLAIN, "Titled": TITLED}, FileForm(header_row=3), False, ("Titled", 3)),
        ({"Plain": PLAIN, "Titled": TITLED}, FileForm(sheet="Titled"), True, ("Titled", 3)),
        ({"Plain": PLAIN, "Titled": TITLED}, FileForm(sheet="Gone"), True, ("Plain", 1)),
        ({"A": [["a", "b"]], "B": [["x"], ["c", "d"], ["1", "2"]]}, FileForm(), True, ("B", 2)),
    ],
)
def test_the_sheet_and_the_header_are_found_by_the_declared_names(
    look, sheets, form, finds_row, found
):
    seen = look(workbook(sheets), "stays.xlsx", form, Sought(NAMES, finds_row))

    assert (seen.form.sheet, seen.form.header_row) == found
    assert [sheet.name for sheet in seen.sheets] == list(sheets)


def test_a_header_below_many_titles_is_shown_with_its_first_rows(look):
    seen = look("title\n" * 20 + "n,ward\n" + "1,4\n" * 9, sought=Sought(NAMES))

    assert seen.form.header_row == 21
    assert len(seen.rows) == 21 + 6


def test_the_check_reads_the_sheet_that_was_shown(look, tmp_path):
    """What is found out without a choice is found out alike when the file is checked."""
    for sheets in (
        {"A": PLAIN, "B": TITLED},
        {"B": TITLED, "A": PLAIN},
        {"T": TITLED, "U": TITLED},
    ):
        shown = look(workbook(sheets), "stays.xlsx", FileForm(), Sought(NAMES)).form
        form = FileForm(header_row=shown.header_row)
        read = open_extract(tmp_path / "received", "stays.xlsx", NAMES, form)

        cells = sheets[shown.sheet][shown.header_row - 1]
        assert read.header == tuple(cells)


def test_what_becomes_of_a_column_is_said_as_the_check_decides_it(look):
    spec = FeedSpec(
        columns=(
            FeedColumn("ward", "ward", ColumnType.CODE),
            FeedColumn("n", "n", ColumnType.WHOLE),
            FeedColumn("d", "d", ColumnType.WHOLE),
        ),
        case_key="",
        date_column=None,
        row_key=("ward",),
        level=DataLevel.AGGREGATES,
        organization_columns=("Phone Number",),
        form=FileForm(sheet="Data"),
    )
    seen = look(
        workbook({"Stays": [["ward", "Phone Number", "mrn"], ["4", "205-555-0101", "1"]]}),
        "stays.xlsx",
        spec.form,
        Sought(NAMES),
    )

    shown = read_look(seen, spec)

    assert {column.name: column.word for column in shown.columns} == {
        "ward": "Kept",
        "Phone Number": "About the hospital: dropped",
        "mrn": "Looks like a medical record number: refuses the file",
    }
    assert (shown.lacking, shown.absent_sheet) == (("n", "d"), "Data")
