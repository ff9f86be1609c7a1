"""How a definition reads: its result, its numbers, its card, and what changed in it."""

from datetime import date

import pytest

from indicators.library.cards import benchmark_card, governance_card, standings
from indicators.library.carets import LONGEST_EXCERPT, caret_at
from indicators.library.changes import changes_between
from indicators.library.decks import read_deck
from indicators.library.wording import definition_in_words, result_in_words
from indicators.measure.definition import Definition

TODAY = date(2026, 11, 22)
SMALL = {
    "slug": "small",
    "title": "Small",
    "scoring": "proportion",
    "improvement": "increase",
    "unit": "percent",
    "columns": [
        {"name": "days", "type": "whole", "label": "Days in hospital"},
        {"name": "cost", "type": "decimal", "label": "Cost"},
        {"name": "proof", "type": "code", "label": "Reference of the proof"},
    ],
}
JUDGED = {"numerator": "days > 7"}
OBSERVED = {"observation": "days", "unit": "days"}


def definition(**fields):
    return Definition.from_document(SMALL | fields)


def part(shown, name):
    (found,) = [each for each in definition_in_words(shown) if each.name == name]
    return found


def fact(facts, term):
    (found,) = [each for each in facts if each.term == term]
    return found.standing.word if found.standing else found.value


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        (JUDGED, "Numerator over eligible cases, in percent."),
        (JUDGED | {"multiplier": 1000}, "Numerator over eligible cases, per 1,000."),
        (JUDGED | {"multiplier": 10_000}, "Numerator over eligible cases, times 10,000."),
        (
            {
                "data": "aggregates",
                "numerator_observation": "days",
                "denominator_observation": "cost",
            },
            "Sum of the numerators over sum of the denominators, in percent.",
        ),
        (OBSERVED | {"scoring": "mean"}, "Mean of the observed values, in days."),
        (
            OBSERVED | {"scoring": "percentile", "percentile": "0.9"},
            "90th percentile of the observed values, in days.",
        ),
        (
            OBSERVED | {"scoring": "percentile", "percentile": "0.11"},
            "11th percentile of the observed values, in days.",
        ),
        (
            OBSERVED | {"scoring": "percentile", "percentile": "0.93"},
            "93rd percentile of the observed values, in days.",
        ),
        (
            OBSERVED | {"scoring": "percentile", "percentile": "0.975"},
            "Percentile at 0.975 of the observed values, in days.",
        ),
        (JUDGED | {"scoring": "count"}, "Number of cases in the numerator."),
    ],
)
def test_the_result_is_said_in_a_sentence(fields, result):
    assert result_in_words(definition(**fields)) == result


def test_every_number_of_a_definition_is_said():
    shown = definition(
        scoring="ratio",
        numerator_observation="cost * 2",
        denominator_observation="days",
        numerator_from="initial_population",
        plain={"denominator_observation": "Days."},
    )

    assert part(shown, "Numerator observation").in_english == "(Cost times 2)"
    assert part(shown, "Denominator observation").words == "Days."
    assert part(shown, "Numerator is drawn from").in_english == (
        "All cases of the initial population."
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("8.5%", "8.5% (17/200) of the eligible cases."),
        ("53/660", "53/660 of the eligible cases."),
    ],
)
def test_a_published_rate_is_said_exactly(written, said):
    shown = definition(
        scoring="observed_over_expected", numerator="days > 7", expected_rate=written
    )

    assert part(shown, "Expected").in_english == said


def test_a_percentile_names_its_definition_and_a_milestone_its_evidence():
    median = definition(scoring="median", percentile_method="linear", **OBSERVED)
    milestone = definition(scoring="milestone", evidence_column="proof")

    assert "Hyndman-Fan 7" in part(median, "50th percentile").in_english
    assert part(milestone, "Evidence needed").in_english == (
        "A milestone counts once Reference of the proof is filled in."
    )


def test_a_card_without_entries_says_what_is_missing():
    card = governance_card(definition(**JUDGED), today=TODAY)

    assert fact(card, "Author") == "Not named"
    assert fact(card, "Checker") == "Not yet checked by a second person"
    assert fact(card, "Next review") == "No day is set"
    assert fact(card, "Standard") == "None"
    assert fact(card, "Verification") == "No published standard"
    assert fact(card, "Permitted use") == "May earn pay"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-11-21", "Overdue since 21 Nov 2026"),
        ("2026-11-22", "22 Nov 2026"),
        ("next spring", "next spring"),
    ],
)
def test_a_review_is_overdue_from_the_day_after(written, said):
    shown = definition(**JUDGED, governance={"next_review": written})

    assert fact(governance_card(shown, today=TODAY), "Next review") == said


def test_a_card_says_how_the_standard_was_verified():
    shown = definition(**JUDGED, governance={"standard_status": "verified", "checker": "B."})
    card = governance_card(shown, today=TODAY)

    assert fact(card, "Verification") == "Verified: compared with the text of its standard"
    assert fact(card, "Checker") == "B."
    assert standings(shown) == []


def test_a_benchmark_stands_with_its_citation_or_says_that_there_is_none():
    with_one = {"value": "5", "unit": "%", "period": "2020..2021", "source": "A table."}
    without = {"status": "none_found_use_local_baseline"}

    shown = benchmark_card(definition(**JUDGED, benchmark=with_one | {"status": "stated_but_old"}))
    assert fact(shown, "Benchmark") == "5 %"
    assert fact(shown, "Period") == "2020 to 2021"
    assert fact(shown, "Source") == "A table."
    assert fact(shown, "How it is known") == "Stated by the source, and old"
    none = benchmark_card(definition(**JUDGED, benchmark=without))
    assert fact(none, "Benchmark") == "None found: use the local baseline"
    assert benchmark_card(definition(**JUDGED)) == []


def test_a_deck_shows_where_each_example_stands():
    deck = [
        {"name": "long", "case": {"days": "8"}, "expected": "numerator"},
        {"name": "short", "case": {"days": "1", "cost": None}, "expected": "numerator"},
    ]
    reading = read_deck(definition(**JUDGED, deck=deck))

    assert (reading.passed, reading.holds) == (1, False)
    assert [row.passes for row in reading.rows] == [True, False]
    assert reading.rows[1].found == "Numerator not met"
    assert reading.rows[1].values == (("Days in hospital", "1"), ("Cost", "missing"))


def test_a_deck_that_cannot_be_run_says_why():
    wrong = [{"name": "long", "case": {"days": "many"}, "expected": "numerator"}]
    logic = [{"language": "text/cql", "place": "numerator", "name": "", "expression": "x"}]
    right = [{"name": "long", "case": {"days": "8"}, "expected": "numerator"}]

    unreadable = read_deck(definition(**JUDGED, deck=wrong))
    foreign = read_deck(definition(foreign=logic, deck=right))

    assert "“days” takes a whole number" in unreadable.problem
    assert "not executable here" in foreign.problem
    assert [row.found for row in (*unreadable.rows, *foreign.rows)] == ["Not run"] * 2
    assert not unreadable.holds


@pytest.mark.parametrize(
    ("text", "position", "excerpt", "pointer"),
    [
        ("age >", 6, "age >", "     ^"),
        ("", 1, "", "^"),
        ("a = 1\nand b", 11, "and b", "    ^"),
        ("x" * 100, 50, f"…{'x' * LONGEST_EXCERPT}…", " " * 25 + "^"),
        ("x" * 100, 101, f"…{'x' * 24}", " " * 25 + "^"),
    ],
)
def test_a_caret_stands_under_its_character(text, position, excerpt, pointer):
    caret = caret_at(text, position)

    assert (caret.excerpt, caret.pointer) == (excerpt, pointer)


def changed(before, after):
    return {
        change.field: [(piece.state, piece.text) for piece in change.pieces]
        for change in changes_between(definition(**before), definition(**after))
    }


def test_a_change_keeps_the_words_that_stayed():
    assert changed(JUDGED, {"numerator": "days > 9"}) == {
        "Numerator": [("same", "days > "), ("removed", "7"), ("added", "9")]
    }


def test_texts_that_have_little_in_common_are_shown_whole():
    before, after = "Long stays harm the patients.", "Beds are scarce."

    assert changed(JUDGED | {"rationale": before}, JUDGED | {"rationale": after}) == {
        "Rationale": [("removed", before), ("added", after)]
    }


def test_what_came_and_what_went_is_named_row_by_row():
    example = {"name": "long", "case": {"days": "8", "cost": None}, "expected": "numerator"}
    other = example | {"case": {"days": "9"}}
    columns = [*SMALL["columns"], {"name": "age", "type": "whole", "label": "Age"}]

    assert changed(
        JUDGED | {"deck": [example, example]},
        JUDGED | {"columns": columns, "deck": [example], "governance": {"author": "A."}},
    ) == {
        "Columns: age": [("added", "name age; type whole; label Age")],
        "Governance: author": [("added", "A.")],
        "Deck: long (2)": [("removed", "name long; days = 8, cost = missing; expected numerator")],
    }
    assert list(changed(JUDGED | {"deck": [example]}, JUDGED | {"deck": [other]})) == ["Deck: long"]
