"""Random fields of definitions, for every way of scoring."""

from hypothesis import strategies as st

from tests.property.measure.criteria_drawing import case_criteria, numbers, some_looks

# Half of the time a plain question, so that cases get past the first populations.
plain_questions = st.sampled_from(
    ["died = true", "died = false", "code <> 'a'", "other like 'a%'", "days > 0", "cost < 1"]
)
questions = plain_questions | case_criteria | some_looks
few_numbers = st.sampled_from(["days", "cost", "minutes_between(came_at, left_at) / 7"]) | numbers
everywhere = {
    "initial_population": questions,
    "denominator": questions,
    "denominator_exclusion": questions,
}
met = {"numerator": questions, "numerator_exclusion": questions}


def defined(scoring, needed, optional, **fixed):
    """Draw the fields of a way of scoring."""
    drawn = st.fixed_dictionaries(needed, optional={**everywhere, **optional})
    return drawn.map(lambda fields: {"scoring": scoring, **fixed, **fields})


definitions = st.one_of(
    defined(
        "proportion",
        {"numerator": questions},
        {"numerator_exclusion": questions, "denominator_exception": questions},
    ),
    defined(
        "proportion",
        {"numerator_observation": st.just("days"), "denominator_observation": st.just("cost")},
        {},
        data="aggregates",
    ),
    defined(
        "ratio",
        {"numerator_from": st.sampled_from(["denominator", "initial_population"])},
        {**met, "numerator_observation": few_numbers, "denominator_observation": few_numbers},
    ),
    defined("mean", {"observation": few_numbers}, {}),
    defined("sum", {"observation": few_numbers}, {}),
    defined("median", {"observation": few_numbers}, {}),
    defined(
        "percentile",
        {
            "observation": few_numbers,
            "percentile": st.sampled_from(["0.9", "1/3"]),
            "percentile_method": st.sampled_from(["linear", "nearest_rank"]),
        },
        {},
    ),
    defined("observed_over_expected", {"numerator": questions, "expected": few_numbers}, {}),
    defined("observed_over_expected", {"numerator": questions}, {}, expected_rate="0.085"),
    defined("count", {}, met),
    defined("milestone", {"evidence_column": st.just("other")}, met),
)
