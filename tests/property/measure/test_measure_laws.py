"""Laws of measuring: the kernel against the slow, obvious meaning of the same words."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.measure.criteria import parse
from indicators.measure.definition import Definition
from indicators.measure.kernel import measure, measure_groups, measure_slices
from indicators.measure.populations import CRITERIA
from indicators.measure.rate import NotScored, performance_rate
from indicators.measure.tally import Tally
from indicators.measure.values import KeptValues
from tests.laws import examples
from tests.property.measure.criteria_drawing import (
    COLUMNS,
    case_criteria,
    many_cases,
    numbers,
    small_cases,
    some_looks,
    table,
)
from tests.property.measure.slow_measuring import slow_tally

# Half of the time a plain question, so that cases get past the first populations.
plain_questions = st.sampled_from(
    ["died = true", "died = false", "code <> 'a'", "other like 'a%'", "days > 0", "cost < 1"]
)
questions = plain_questions | case_criteria
before = dict.fromkeys(("initial_population", "denominator"), questions) | {
    "denominator_exclusion": questions
}
numerators = {"numerator": questions, "numerator_exclusion": questions}
SHAPES = {
    "proportion": ({"numerator": questions}, {n: questions for n in CRITERIA if n != "numerator"}),
    "count": ({}, before | numerators),
    "milestone": ({"evidence_column": st.just("other")}, before | numerators),
    "mean": ({"observation": numbers}, before),
    "median": ({"observation": numbers}, before),
    "sum": ({"observation": numbers}, before),
    "percentile": (
        {"observation": numbers, "percentile": st.sampled_from(["0.9", "0.25", "1/3"])},
        before | {"percentile_method": st.sampled_from(["linear", "nearest_rank"])},
    ),
    "ratio": (
        {},
        before
        | numerators
        | {"numerator_observation": numbers, "denominator_observation": numbers}
        | {"numerator_from": st.sampled_from(["denominator", "initial_population"])},
    ),
    "observed_over_expected": (
        {"numerator": questions, "expected": numbers},
        before | {"numerator_exclusion": questions},
    ),
}


def definition(scoring, **fields):
    return Definition("any", "Any", scoring, "increase", "unit", tuple(COLUMNS.values()), **fields)


def definitions_of(scoring):
    needed, optional = SHAPES[scoring]
    fields = st.fixed_dictionaries(needed, optional=optional)
    return fields.map(lambda given: definition(scoring, **given))


definitions = st.sampled_from(sorted(SHAPES)).flatmap(definitions_of)
without_evidence = definitions.filter(lambda given: not given.evidence_column)


@settings(max_examples=examples(150))
@given(without_evidence, st.none() | questions, small_cases)
def test_every_way_of_scoring_counts_as_the_slow_rule_counts(indicator, scope_text, rows):
    scope = scope_text and parse(scope_text, COLUMNS)

    assert measure(indicator, table(rows), scope) == slow_tally(indicator, rows, scope)


@given(some_looks, small_cases)
def test_a_look_at_other_cases_is_counted_as_the_slow_rule_counts(text, rows):
    indicator = definition("proportion", numerator=text)

    assert measure(indicator, table(rows)) == slow_tally(indicator, rows)


@given(definitions, st.permutations(range(8)), small_cases)
def test_the_order_of_cases_does_not_matter(indicator, order, rows):
    rows = rows[:8]
    other = [rows[place] for place in order if place < len(rows)]

    assert measure(indicator, table(other)) == measure(indicator, table(rows))


@given(definitions, many_cases, st.integers(0, 12))
def test_slices_add_up_to_the_whole(indicator, rows, cut):
    slices = [table(rows[:cut]), table(rows[cut:])]

    assert measure_slices(indicator, slices) == measure(indicator, table(rows))


@given(some_looks, small_cases, st.integers(0, 12))
def test_a_look_sees_the_cases_of_every_slice(text, rows, cut):
    indicator = definition("proportion", numerator=text)
    slices = [table(rows[:cut]), table(rows[cut:])]

    assert measure_slices(indicator, slices) == measure(indicator, table(rows))


@given(definitions, many_cases, st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_groups_are_measured_as_if_each_were_alone(indicator, rows, drawn):
    codes = np.array(drawn[: len(rows)], np.int64)

    grouped = measure_groups(indicator, table(rows), codes, 4)

    alone = [[row for row, code in zip(rows, codes, strict=True) if code == n] for n in range(4)]
    assert grouped == [measure(indicator, table(some)) for some in alone]


@given(definitions_of("proportion"), many_cases)
def test_a_rate_stays_within_0_and_1(indicator, rows):
    rate = performance_rate(measure(indicator, table(rows)), indicator)

    assert isinstance(rate, NotScored) or 0 <= rate <= 1


@given(definitions, many_cases)
def test_a_tally_and_a_definition_survive_their_documents(indicator, rows):
    tally = measure(indicator, table(rows))

    assert Tally.from_document(tally.to_document()) == tally
    assert Definition.from_document(indicator.to_document()) == indicator


@given(st.lists(st.fractions(max_denominator=50), min_size=1, max_size=30), st.fractions(0, 1))
def test_percentiles_agree_with_sorting_and_counting(values, share):
    ranked = sorted(values)
    kept = KeptValues.of(values)
    place = share * (len(ranked) - 1)
    low = int(place)
    high = min(low + 1, len(ranked) - 1)
    at_or_below = next(
        value for n, value in enumerate(ranked, 1) if Fraction(n, len(ranked)) >= share
    )

    linear = ranked[low] + (place - low) * (ranked[high] - ranked[low])
    assert kept.percentile(share, "linear") == linear
    assert kept.percentile(share, "nearest_rank") == at_or_below
