"""Every case stands in one state, with the criterion that decided; the states are the tally."""

import pyarrow as pa

from indicators.measure.criteria import parse
from indicators.measure.definition import Definition
from indicators.measure.explain import explain_all
from indicators.measure.kernel import measure
from scorecards.cases.listing import list_cases

COLUMNS = [
    {"name": "unit", "type": "code", "label": "Unit"},
    {"name": "died", "type": "flag", "label": "Died"},
    {"name": "back", "type": "flag", "label": "Came back"},
    {"name": "nights", "type": "whole", "label": "Nights"},
]
DOCUMENT = {
    "slug": "it",
    "title": "It",
    "scoring": "proportion",
    "improvement": "decrease",
    "unit": "percent",
    "columns": COLUMNS,
    "denominator_exclusion": "died = true",
    "numerator": "back = true",
}
IT = Definition.from_document(DOCUMENT)
SCOPE = parse("unit = 'A'", IT.columns_by_name)
CASES = pa.table(
    {
        "key": ["K1", "K2", "K3", "K4", "K5", "K6"],
        "unit": pa.array(["A", "A", "A", "A", "B", None], pa.string()),
        "died": pa.array([False, False, True, False, False, False], pa.bool_()),
        "back": pa.array([True, False, False, None, True, True], pa.bool_()),
        "nights": pa.array([1, 2, 3, 4, 5, None], pa.int64()),
    }
)


def listing(definition=IT, scope=SCOPE):
    return list_cases(definition, CASES, scope)


def by_state(found):
    return {count.key: count.cases for count in found.counts}


def read(found, key=""):
    return found.read(found.rows(key), "key")


def test_the_tone_of_a_state_follows_what_is_better():
    better = Definition.from_document(DOCUMENT | {"improvement": "increase"})

    def tones(definition):
        return {count.key: count.tone for count in listing(definition).counts}

    assert tones(IT) == {
        "not-met": "good",
        "met": "concern",
        "not-yet-known": "waiting",
        "not-eligible": "quiet",
    }
    assert (tones(better)["met"], tones(better)["not-met"]) == ("good", "concern")


def test_the_states_are_the_tally():
    found, tally = listing(), measure(IT, CASES, SCOPE)

    assert by_state(found) == {"not-met": 1, "not-yet-known": 2, "met": 1, "not-eligible": 1}
    assert by_state(found)["met"] == tally.numerator
    assert by_state(found)["not-met"] == tally.not_met - tally.not_known
    assert sum(by_state(found).values()) + found.out_of_scope == len(CASES)


def test_a_case_outside_the_scope_is_counted_and_not_listed():
    found = listing()

    assert found.out_of_scope == 1
    assert [case.key for case in read(found)] == ["K1", "K2", "K3", "K4", "K6"]


def test_without_a_scope_every_case_is_listed():
    assert len(read(listing(scope=None))) == len(CASES)


def test_each_case_names_what_decided_and_what_was_read():
    decided = {case.key: (case.word, case.population, case.because) for case in read(listing())}

    assert decided == {
        "K1": ("Met", "Numerator", "Holds: Came back is yes."),
        "K2": ("Not met", "Numerator", "Does not hold: Came back is yes."),
        "K3": ("Not eligible", "Denominator exclusion", "Holds: Died is yes."),
        "K4": (
            "Not yet known",
            "Numerator",
            "Cannot be known, a value is missing: Came back is yes.",
        ),
        "K6": (
            "Not yet known",
            "Scope of the program",
            "Cannot be known, a value is missing: Unit is “A”.",
        ),
    }
    assert read(listing(), "met")[0].values == (
        ("Unit", "A"),
        ("Died", "no"),
        ("Came back", "yes"),
        ("Nights", "1"),
    )
    assert read(listing(), "not-yet-known")[1].values[-1] == ("Nights", "missing")


def test_an_observed_case_reads_as_counted():
    mean = Definition.from_document(
        {
            **{name: DOCUMENT[name] for name in ("slug", "title", "improvement", "columns")},
            "unit": "nights",
            "scoring": "mean",
            "observation": "nights",
        }
    )

    assert [case.word for case in read(listing(mean, None))] == ["Counted"] * 5 + ["Not yet known"]


def test_a_case_out_of_scope_is_explained_by_the_scope():
    explained = explain_all(IT, CASES, SCOPE)

    assert (explained.reason(4).population, explained.reason(4).because) == (
        "scope",
        "Does not hold: Unit is “A”.",
    )
    assert explain_all(IT, CASES).reason(4).population == "numerator"
