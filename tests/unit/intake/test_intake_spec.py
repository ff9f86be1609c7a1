import json
from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.measure.columns import ColumnType
from scorecards.intake.spec import (
    DataLevel,
    FeedColumn,
    FeedSpec,
    FileForm,
    Notes,
    SpecError,
    TimeOrder,
    from_document,
    to_document,
)
from tests.unit.intake.intake_examples import make_spec


def test_a_specification_survives_the_way_through_json():
    spec = make_spec(
        days={"minimum": Decimal(1), "maximum": Decimal(14)},
        cost={"maximum": Decimal("99.5")},
        specialty={"codes": ("CARD", "ORTH"), "label": "Specialty"},
    )

    assert from_document(json.loads(json.dumps(to_document(spec)))) == spec


@pytest.mark.parametrize(
    "name", ["patient_name", "MRN", "SSN", "DateOfBirth", "zip", "email_address", "comments"]
)
def test_a_feed_cannot_declare_an_identifier(name):
    with pytest.raises(SpecError, match="never collected"):
        FeedColumn(name, "harmless", ColumnType.CODE)
    with pytest.raises(SpecError, match="never collected"):
        FeedColumn("harmless", name, ColumnType.CODE)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": "two words"}, "cannot name a column"),
        ({"name": "between"}, "word of the criteria language"),
        ({"name_in_file": " days"}, "without outer spaces"),
        ({"name_in_file": "x" * 101}, "at most 100 characters"),
        ({"type": "float"}, "no type"),
        ({"codes": ("1",)}, "only a code column"),
        ({"missing": ("9", "9")}, "names something twice"),
        ({"missing": ("123-45-6789",)}, "not a plain short text"),
        ({"minimum": Decimal("1.5")}, "whole limits"),
        ({"minimum": 1}, "limits are decimals"),
        ({"maximum": Decimal("NaN")}, "limits are decimals"),
        ({"maximum": Decimal("1e30")}, "too many digits"),
        ({"minimum": Decimal(2), "maximum": Decimal(1)}, "above the maximum"),
        ({"places": 13}, "places go from"),
        ({"unit": "x" * 21}, "at most 20 characters"),
        ({"width": 6}, "only a code has a width"),
        ({"suppressed": ("*", "*")}, "names something twice"),
        ({"suppressed": ("?",)}, "both missing and suppressed"),
        ({"missing": ("N/A",), "suppressed": ("N/A",)}, "both missing and suppressed"),
        ({"forms": ("MM/DD/YYYY",)}, "only days and moments"),
        ({"marks": ("euro",)}, "no mark 'euro'"),
        ({"marks": ("dollar", "dollar")}, "names something twice"),
        ({"marks": ("percent",)}, "a percentage is a decimal"),
    ],
)
def test_a_column_that_cannot_be_filled_is_refused(change, complaint):
    days = FeedColumn("days", "days", ColumnType.WHOLE)

    with pytest.raises(SpecError, match=complaint):
        replace(days, **change)


@pytest.mark.parametrize(
    ("kind", "change", "complaint"),
    [
        (ColumnType.CODE, {"width": 0}, "1 to 20 digits"),
        (ColumnType.CODE, {"width": 21}, "1 to 20 digits"),
        (ColumnType.CODE, {"marks": ("dollar",)}, "only numbers carry marks"),
        (ColumnType.CODE, {"codes": ("*",), "suppressed": ("*",)}, "both a code and suppressed"),
        (ColumnType.DECIMAL, {"marks": ("percent", "dollar")}, "not both"),
        (ColumnType.DATE, {"forms": ("DD-MM",)}, "no form 'DD-MM'"),
        (ColumnType.DATE, {"forms": ("MM/DD/YYYY", "MM/DD/YYYY")}, "names something twice"),
        (ColumnType.MOMENT, {"forms": ("MM/DD/YYYY",)}, "no time of day"),
    ],
)
def test_a_way_of_writing_that_does_not_fit_the_type_is_refused(kind, change, complaint):
    with pytest.raises(SpecError, match=complaint):
        FeedColumn("a", "a", kind, **change)


@pytest.mark.parametrize(
    "forms",
    [
        ("MM/DD/YYYY", "DD/MM/YYYY"),
        ("M/D/YY", "D/M/YY"),
        ("M/D/YYYY", "DD/MM/YYYY HH:MI"),
        ("YYYYMMDD", "MMDDYYYY"),
    ],
)
def test_forms_of_which_one_text_could_be_either_are_refused(forms):
    with pytest.raises(SpecError, match="cannot be told apart"):
        FeedColumn("d", "d", ColumnType.DATE, forms=forms)


def test_forms_that_no_text_confuses_go_together():
    forms = ("YYYY-MM-DD", "MM/DD/YYYY", "M/D/YY", "DD.MM.YYYY", "DD-MON-YYYY", "MM-DD-YYYY")

    assert FeedColumn("d", "d", ColumnType.DATE, forms=forms).forms == forms


def test_a_code_column_has_neither_limits_nor_an_empty_code():
    with pytest.raises(SpecError, match="only numbers"):
        FeedColumn("a", "a", ColumnType.CODE, minimum=Decimal(1))
    with pytest.raises(SpecError, match="is missing, not a code"):
        FeedColumn("a", "a", ColumnType.CODE, codes=("",))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"case_key": "nothing"}, "case key 'nothing' is not a declared column"),
        ({"case_key": "cost"}, "must be a code or a whole number"),
        ({"date_column": "nothing"}, "date column 'nothing' is not a declared column"),
        ({"date_column": "days"}, "not of type date"),
        ({"level": "L9"}, "no data level"),
        ({"columns": ()}, "1 to 500 columns"),
        ({"columns": make_spec().columns * 2}, "declared twice"),
    ],
)
def test_a_feed_that_contradicts_itself_is_refused(change, complaint):
    with pytest.raises(SpecError, match=complaint):
        replace(make_spec(), **change)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"missing": ("NA", "NA")}, "For the whole feed, the list of missing"),
        ({"missing": ("99",), "suppressed": ("99",)}, "declared for the whole feed"),
        ({"suppressed": ("99",)}, "specialty: '99' cannot mean both.*for the whole feed"),
        ({"orders": (TimeOrder("left_on", "gone"),)}, "later time 'gone' is not a declared"),
        ({"orders": (TimeOrder("left_on", "days"),)}, "must be two days or two moments"),
        ({"orders": (TimeOrder("left_on", "left_on"),)}, "must be two days or two moments"),
    ],
)
def test_what_is_said_of_the_whole_feed_fits_its_columns(change, complaint):
    with pytest.raises(SpecError, match=complaint):
        replace(make_spec(), **change)


def test_a_code_cannot_mean_missing_in_the_whole_feed():
    with pytest.raises(SpecError, match="'NA' cannot be both a code and missing"):
        replace(make_spec(specialty={"codes": ("NA", "CARD")}), missing=("NA",))


def test_the_name_of_the_flag_of_suppressed_cells_is_kept_free():
    flag = FeedColumn("days_suppressed", "days_suppressed", ColumnType.FLAG)
    spec = make_spec(days={"suppressed": ("*",)})

    with pytest.raises(SpecError, match="'days_suppressed' is taken"):
        replace(spec, columns=(*spec.columns, flag))


def test_texts_of_the_whole_feed_hold_in_every_column():
    spec = replace(make_spec(), missing=("N/A",), suppressed=("***",))

    column = spec.in_full(spec.column("specialty"))

    assert (column.missing, column.suppressed) == (("N/A", "99"), ("***",))
    assert [c.name for c in spec.columns if spec.keeps_suppressed(c)] == [
        "specialty",
        "days",
        "cost",
        "died",
    ]


def aggregates(**changes):
    columns = (
        FeedColumn("Facility ID", "facility", ColumnType.CODE, width=6),
        FeedColumn("Measure ID", "measure", ColumnType.CODE),
        FeedColumn("Numerator", "numerator", ColumnType.WHOLE, suppressed=("Too Few to Report",)),
        FeedColumn("Denominator", "denominator", ColumnType.WHOLE, unit="cases"),
    )
    given = {"columns": columns, "row_key": ("facility", "measure"), **changes}
    return FeedSpec(**{"case_key": "", "date_column": None, "level": DataLevel.AGGREGATES, **given})


def test_aggregates_are_named_by_several_columns_and_have_no_case_key():
    spec = aggregates(form=FileForm(header_row=3, notes=Notes.AFTER_BLANK, encoding="latin-1"))

    assert from_document(json.loads(json.dumps(to_document(spec)))) == spec
    assert [c.name for c in spec.columns if spec.is_required(c)] == ["facility", "measure"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"case_key": "measure"}, "Aggregates have no case key"),
        ({"row_key": ()}, "need a row key"),
        ({"row_key": ("measure", "measure")}, "names a column twice"),
        ({"row_key": ("nothing",)}, "row key 'nothing' is not a declared column"),
        ({"row_key": ("numerator", "denominator", "measure")}, "a whole or decimal column"),
    ],
)
def test_aggregates_that_nothing_names_or_counts_are_refused(change, complaint):
    with pytest.raises(SpecError, match=complaint):
        aggregates(**change)


def test_a_case_key_made_with_the_hospitals_own_key_is_a_code():
    with pytest.raises(SpecError, match="'days' is a code: a hash"):
        replace(make_spec(), case_key="days", level=DataLevel.KEYED_CASES)


def test_the_row_key_of_cases_is_their_case_key():
    assert make_spec().row_key == ("case_id",)


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({"separator": "x"}, "comma, semicolon, tab or bar"),
        ({"encoding": "ebcdic"}, "no encoding 'ebcdic'"),
        ({"sheet": "x" * 101}, "at most 100 characters"),
        ({"header_row": 0}, "row 1 to 100"),
        ({"notes": "some"}, "after_blank or lone_cells"),
    ],
)
def test_a_form_that_no_file_has_is_refused(form, complaint):
    with pytest.raises(SpecError, match=complaint):
        FileForm(**form)


def test_two_columns_of_one_name_in_the_file_are_refused():
    one = FeedColumn("a", "a", ColumnType.CODE)
    other = FeedColumn("a", "b", ColumnType.CODE)

    with pytest.raises(SpecError, match="'a' is declared twice"):
        FeedSpec((one, other), "a", None, DataLevel.CODED_CASES)


def column_document(**changes):
    return {"name_in_file": "a", "name": "a", "type": "code", **changes}


def spec_document(column, **changes):
    return {"level": "L1", "case_key": "a", "date_column": None, "columns": [column], **changes}


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ([], "must be an object"),
        (spec_document(column_document(), extra=1), "unknown part 'extra'"),
        (spec_document(column_document(), columns="a"), "list of columns"),
        (spec_document(column_document(), level="L7"), "no such data level"),
        (spec_document(column_document(), case_key=None), "a text for 'case_key'"),
        (spec_document(column_document(), date_column=3), "a text for 'date_column'"),
        (spec_document("a"), "column 1 must be an object"),
        (spec_document(column_document(kind="code")), "unknown part 'kind'"),
        (spec_document(column_document(type="float")), "type is unknown"),
        (spec_document(column_document(required="yes")), "true or false"),
        (spec_document(column_document(codes="12")), "list of texts for 'codes'"),
        (spec_document(column_document(minimum=1.5)), "a text for 'minimum'"),
        (spec_document(column_document(minimum="much")), "a number written as text"),
        (spec_document(column_document(width="6")), "`width` is a whole number"),
        (spec_document(column_document(), form={"header_row": "2"}), "`header_row` is a whole"),
        (spec_document(column_document(), form={"notes": "all"}), "`notes` is after_blank"),
        (spec_document(column_document(), form=[]), "form must be an object"),
        (spec_document(column_document(), orders=[{"earlier": "a"}]), "a text for 'later'"),
        (spec_document(column_document(), row_key=["a", "b"]), "Only aggregates"),
    ],
)
def test_a_document_that_is_no_specification_says_where(document, complaint):
    with pytest.raises(SpecError, match=complaint):
        from_document(document)


def test_a_document_from_before_files_had_forms_is_still_read():
    column = {"name_in_file": "a", "name": "a", "type": "code"}
    old = {"level": "L1", "case_key": "a", "date_column": None, "columns": [column]}

    spec = from_document(old)

    assert (spec.row_key, spec.form, spec.suppressed) == (("a",), FileForm(), ())


def test_the_key_and_the_date_are_required_without_saying_so():
    spec = make_spec(case_id={"required": False})

    needed = [column.name for column in spec.columns if spec.is_required(column)]

    assert needed == ["case_id", "left_on"]
