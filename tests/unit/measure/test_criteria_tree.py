"""What the builder of conditions shows as fields, what it keeps as text, and what it refuses."""

import pytest

from indicators.measure.columns import Column, ColumnType
from indicators.measure.criteria import parse, to_text
from indicators.measure.criteria.cursor import DEEPEST
from indicators.measure.criteria_tree import TreeError, criterion_from_document, tree_document

COLUMNS = {
    column.name: column
    for column in (
        Column("age", ColumnType.WHOLE, "Age"),
        Column("code", ColumnType.CODE, "Diagnosis"),
        Column("cost", ColumnType.DECIMAL, "Cost"),
        Column("seen_on", ColumnType.DATE, "Seen"),
        Column("left_on", ColumnType.DATE, "Left"),
        Column("in_at", ColumnType.MOMENT, "In"),
        Column("is_elective", ColumnType.FLAG, "Elective"),
    )
}


def asks(column, operator, *values):
    return {"kind": "test", "column": column, "operator": operator, "values": list(values)}


def group(join, *terms):
    return {"kind": "group", "join": join, "terms": list(terms)}


def written(text):
    return {"kind": "text", "text": text}


def shown(text):
    return tree_document(parse(text, COLUMNS))


def read(document):
    return to_text(criterion_from_document(document, COLUMNS))


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("age >= 18", asks("age", ">=", "18")),
        ("cost < -2.50", asks("cost", "<", "-2.50")),
        ("code = 'O''Brien'", asks("code", "=", "O'Brien")),
        ("code in ('11', '20')", asks("code", "in", "11", "20")),
        ("code not in ('11')", asks("code", "not_in", "11")),
        ("code like 'I21%'", asks("code", "begins_with", "I21")),
        ("code is null", asks("code", "is_missing")),
        ("code is not null", asks("code", "is_recorded")),
        ("age between 18 and 65", asks("age", "between", "18", "65")),
        ("seen_on <= date '2026-01-31'", asks("seen_on", "<=", "2026-01-31")),
        ("in_at > moment '2026-01-31 14:05'", asks("in_at", ">", "2026-01-31 14:05")),
        ("is_elective = true", asks("is_elective", "=", "true")),
    ],
)
def test_a_plain_question_is_shown_as_fields_and_read_back(text, document):
    assert shown(text) == document
    assert read(document) == text


@pytest.mark.parametrize(
    "text",
    [
        "days_between(seen_on, left_on) <= 30",
        "seen_on < left_on",
        "age + 1 > 18",
        "18 < age",
        "code = ''",
        "code in ('', '11')",
    ],
)
def test_what_fields_cannot_show_stays_text(text):
    assert shown(text) == written(text)
    assert read(written(text)) == text


def test_groups_nest_and_are_turned_round():
    text = "age > 1 and not (code = 'a' or code = 'b') and not (age > 2 and age < 5)"

    assert shown(text) == group(
        "all",
        asks("age", ">", "1"),
        group("none", asks("code", "=", "a"), asks("code", "=", "b")),
        group("not_all", asks("age", ">", "2"), asks("age", "<", "5")),
    )
    assert read(shown(text)) == text


def test_a_group_of_one_is_its_condition():
    assert read(group("any", asks("age", ">", "1"))) == "age > 1"
    assert read(group("none", asks("age", ">", "1"))) == "not age > 1"


@pytest.mark.parametrize(
    ("document", "path", "message"),
    [
        (None, (), "Expected a group"),
        (group("all"), (), "This group is empty."),
        (group("some", asks("age", ">", "1")), (), "Choose how the conditions are joined"),
        (group("all", asks("age", ">", "1"), asks("", "=", "")), (1,), "Choose a column."),
        (group("all", asks("age", "begins_with", "1")), (0,), "Choose what to ask of Age."),
        (asks("code", "<", "1"), (), "Choose what to ask of Diagnosis."),
        (asks("age", "=", "12b"), (), "Age is a number: write a number such as 12.5."),
        (asks("age", "=", "12 or 1 = 1"), (), "Age is a number"),
        (asks("age", "=", "true"), (), "Age is a number"),
        (asks("age", "=", " "), (), "Write a value for Age."),
        (asks("age", "="), (), "Write a value for Age."),
        (asks("age", "between", "1"), (), "Write both ends for Age."),
        (asks("code", "in"), (), "List at least one value of Diagnosis."),
        (asks("code", "begins_with", "I2_"), (), "Write how Diagnosis begins"),
        (asks("code", "begins_with", ""), (), "Write how Diagnosis begins"),
        (asks("code", "=", "a\nb"), (), "Diagnosis is text"),
        (asks("seen_on", "=", "31.1.2026"), (), "Seen is a date"),
        (asks("age", "=", 12), (), "The values of Age are not texts."),
        (group("any", written("age >")), (0,), "Expected a column, a value"),
        (group("any", written(" ")), (0,), "This condition is empty."),
        (written("height > 1"), (), "There is no column “height”."),
    ],
)
def test_what_is_wrong_is_said_at_its_place(document, path, message):
    with pytest.raises(TreeError) as refused:
        criterion_from_document(document, COLUMNS)

    assert refused.value.path == path
    assert refused.value.message.startswith(message)


def test_a_text_that_cannot_be_read_names_the_character():
    with pytest.raises(TreeError) as refused:
        criterion_from_document(group("all", written("age = !")), COLUMNS)

    assert (refused.value.path, refused.value.position) == ((0,), len("age = !"))


def test_groups_nest_only_so_deep():
    document = asks("age", ">", "1")
    for _ in range(DEEPEST + 1):
        document = group("all", document)

    with pytest.raises(TreeError, match="nested more than 20 levels"):
        criterion_from_document(document, COLUMNS)


def test_many_conditions_are_refused_as_the_language_refuses_them():
    many = group("any", *[asks("age", "=", str(number)) for number in range(100)])

    with pytest.raises(TreeError, match="more than 200 parts"):
        criterion_from_document(many, COLUMNS)


def test_a_group_takes_only_so_many():
    with pytest.raises(TreeError, match="up to 200 conditions"):
        criterion_from_document(group("any", *[asks("age", "=", "1")] * 201), COLUMNS)
