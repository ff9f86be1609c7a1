"""Test decks: example cases that are placed as expected, or named."""

import pytest

from indicators.catalogue import standard_definitions
from indicators.measure.columns import CasesError
from indicators.measure.deck import run_deck
from indicators.measure.definition import Definition

COLUMNS = [
    {"name": "patient", "type": "code"},
    {"name": "admitted", "type": "date"},
    {"name": "left", "type": "date"},
    {"name": "cost", "type": "decimal"},
    {"name": "seen_at", "type": "moment"},
    {"name": "alive", "type": "flag"},
]


def with_deck(*examples, **fields):
    deck = [{"name": name, "case": case, "expected": to} for name, case, to in examples]
    return Definition.from_document(
        {
            "slug": "any",
            "title": "Any",
            "scoring": "proportion",
            "improvement": "decrease",
            "unit": "percent",
            "columns": COLUMNS,
            "deck": deck,
            **fields,
        }
    )


def test_an_example_that_stands_elsewhere_is_named():
    wrong = with_deck(("cheap", {"cost": "0.99"}, "numerator"), numerator="cost >= 1")

    assert [str(failure) for failure in run_deck(wrong)] == [
        "“cheap” should be “numerator” and is “numerator not met”."
    ]


def test_a_look_back_sees_the_other_examples():
    stays = with_deck(
        (
            "first stay",
            {"patient": "a", "admitted": "2025-01-01", "left": "2025-01-05"},
            "numerator",
        ),
        ("back again", {"patient": "a", "admitted": "2025-02-01"}, "numerator_not_met"),
        numerator="followed_within(30, patient, left, admitted)",
    )

    assert run_deck(stays) == []


def test_values_are_read_in_the_spelling_of_their_types():
    typed = with_deck(
        ("all", {"cost": "1.5", "seen_at": "2025-01-01 14:05", "alive": "true"}, "numerator"),
        ("none", {"cost": None}, "numerator_not_met"),
        numerator="cost = 1.5 and minute_of_day(seen_at) = 845 and alive = true",
    )

    assert run_deck(typed) == []


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({"cost": "cheap"}, "column “cost” takes a number such as 12.5"),
        ({"admitted": "1/2/2025"}, "column “admitted” takes a day such as 2026-01-31"),
        ({"alive": "yes"}, "column “alive” takes true or false"),
    ],
)
def test_a_value_in_another_spelling_is_refused(case, message):
    with pytest.raises(CasesError, match=message):
        run_deck(with_deck(("bad", case, "numerator"), numerator="cost > 0"))


@pytest.mark.parametrize("definition", standard_definitions(), ids=lambda d: d.slug)
def test_every_standard_indicator_has_a_deck_that_holds(definition):
    assert len(definition.deck) >= 3
    assert [str(failure) for failure in run_deck(definition)] == []
