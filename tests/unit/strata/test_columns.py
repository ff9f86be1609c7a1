"""Which columns cases may be told apart by."""

from scorecards.intake.spec import from_document
from scorecards.strata.queries import columns_to_choose

COLUMNS = [
    {"name": "key", "type": "code"},
    {"name": "patient", "type": "code"},
    {"name": "attending", "type": "code"},
    {"name": "came_on", "type": "date"},
    {"name": "left_on", "type": "date"},
    {"name": "nights", "type": "whole"},
]
SPEC = from_document(
    {
        "level": "L1",
        "case_key": "key",
        "date_column": "left_on",
        "columns": [{**column, "name_in_file": column["name"]} for column in COLUMNS],
    }
)
DOCUMENT = {
    "slug": "it",
    "title": "It",
    "scoring": "count",
    "improvement": "decrease",
    "unit": "x",
    "columns": COLUMNS,
}


def chosen(**fields):
    terms = {"indicators": [{"slug": "it", "definition": DOCUMENT | fields}]}
    return [column.name for column in columns_to_choose(SPEC, terms)]


def test_codes_alone_tell_cases_apart_and_never_the_one_that_names_a_case():
    assert chosen() == ["patient", "attending"]


def test_the_column_by_which_a_patient_is_found_again_is_no_choice():
    assert chosen(numerator="followed_within(30, patient, left_on, came_on)") == ["attending"]


def test_the_column_of_an_outcome_is_no_choice():
    terms = {"numerator": "attending = 'B'", "initial_population": "patient = 'A'"}

    assert chosen(**terms) == ["patient"]
