"""Definitions: what is refused, and everything at once."""

import pytest

from indicators.measure.definition import Definition, DefinitionError


def document(**changes):
    """A valid proportion; a change of None leaves the field out."""
    fields = {
        "slug": "early-visit",
        "title": "Early visit",
        "scoring": "proportion",
        "improvement": "increase",
        "unit": "percent",
        "columns": [
            {"name": "days", "type": "whole", "label": "Days to visit"},
            {"name": "died", "type": "flag", "label": "Died"},
        ],
        "denominator_exclusion": "died = true",
        "numerator": "days <= 7",
        "plain": {"numerator": "Seen within a week."},
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def problems_of(**changes):
    with pytest.raises(DefinitionError) as refused:
        Definition.from_document(document(**changes))
    return {problem.place: problem.message for problem in refused.value.problems}


def test_a_definition_survives_its_document():
    definition = Definition.from_document(document())

    assert Definition.from_document(definition.to_document()) == definition
    assert definition.to_document()["plain"] == {"numerator": "Seen within a week."}


def test_a_mean_observes_instead_of_counting():
    mean = document(
        scoring="mean", numerator=None, observation="days", unit="days", obp_class="operational"
    )

    assert Definition.from_document(mean).numbers["observation"] is not None


def test_equal_definitions_have_equal_hashes_and_others_do_not():
    one = Definition.from_document(document())
    same = Definition.from_document(document(description=""))
    other = Definition.from_document(document(numerator="days <= 8"))

    assert one.sha256 == same.sha256 != other.sha256
    assert hash(one) == hash(same)


def test_everything_that_is_wrong_is_said_at_once():
    problems = problems_of(title=" ", numerator="dayz <= 7", improvement="up")

    assert problems == {
        "title": "This field must not be empty.",
        "improvement": "Choose one of: increase, decrease.",
        "numerator": "At character 1: There is no column “dayz”. Did you mean “days”?",
    }


def test_a_problem_in_a_criterion_names_the_character():
    with pytest.raises(DefinitionError) as refused:
        Definition.from_document(document(numerator="days <="))

    assert [problem.position for problem in refused.value.problems] == [8]
    assert str(refused.value).startswith("numerator: At character 8: Expected a column")


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"slug": "Early Visit"}, "slug", "Use small letters"),
        ({"slug": "a" * 81}, "slug", "Use small letters"),
        ({"unit": ""}, "unit", "must not be empty"),
        ({"scoring": "rate"}, "scoring", "Choose one of: proportion, ratio, mean,"),
        ({"obp_class": "fun"}, "obp_class", "Choose one of: quality, payor_cost,"),
        ({"numerator": None}, "numerator", "A proportion needs this field."),
        ({"observation": "days"}, "observation", "A proportion has no observation."),
        ({"scoring": "mean"}, "numerator", "A mean has no numerator."),
        ({"scoring": "mean"}, "observation", "A mean needs this field."),
        ({"scoring": "mean", "observation": "died"}, "observation", "An observation takes a n"),
        ({"plain": {"target": "x"}}, "plain.target", "There is no such population. Known are:"),
        ({"plain": {"numerator": 1}}, "plain", "takes a text for each name"),
        ({"plain": "x"}, "plain", "takes a text for each name"),
        ({"title": 5}, "title", "takes text"),
        ({"title": None}, "title", "This is needed."),
        ({"weight": "5"}, "weight", "There is no such field. Known are: slug, title,"),
        ({"columns": "days"}, "columns", "takes a list of up to 500 columns"),
        ({"columns": [{"name": "days"}]}, "columns[0]", "A column takes texts: name and type"),
        ({"columns": [7]}, "columns[0]", "A column takes texts: name and type"),
        (
            {"columns": [{"name": "days", "type": "whole", "label": 1}]},
            "columns[0]",
            "A column takes texts: name and type",
        ),
        (
            {"columns": [{"name": "and", "type": "whole", "label": "And"}]},
            "columns[0]",
            "a word of the criteria language",
        ),
        (
            {"columns": [{"name": "days", "type": "float", "label": "Days"}]},
            "columns[0]",
            "Choose one of these types: code, whole, decimal, date, moment, flag.",
        ),
        (
            {
                "columns": [
                    {"name": "days", "type": "whole", "label": "Days"},
                    {"name": "Days", "type": "whole", "label": "Days"},
                    {"name": "died", "type": "flag", "label": "Died"},
                ]
            },
            "columns[1]",
            "There are two columns “Days”.",
        ),
    ],
)
def test_a_definition_that_cannot_be_measured_is_refused(changes, place, message):
    assert message in problems_of(**changes)[place]
