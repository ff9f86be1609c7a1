import json
from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.measure.columns import ColumnType
from scorecards.intake.spec import (
    DataLevel,
    FeedColumn,
    FeedSpec,
    SpecError,
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
        ({"places": 10}, "places go from"),
    ],
)
def test_a_column_that_cannot_be_filled_is_refused(change, complaint):
    days = FeedColumn("days", "days", ColumnType.WHOLE)

    with pytest.raises(SpecError, match=complaint):
        replace(days, **change)


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
    ],
)
def test_a_document_that_is_no_specification_says_where(document, complaint):
    with pytest.raises(SpecError, match=complaint):
        from_document(document)


def test_the_key_and_the_date_are_required_without_saying_so():
    spec = make_spec(case_id={"required": False})

    needed = [column.name for column in spec.columns if spec.is_required(column)]

    assert needed == ["case_id", "left_on"]
