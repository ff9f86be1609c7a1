"""A criterion survives the builder of conditions, whatever it says."""

import json
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from indicators.measure.columns import Column, ColumnType
from indicators.measure.criteria import CriteriaError, parse
from indicators.measure.criteria_tree import TreeError, criterion_from_document, tree_document
from tests.property.measure.criteria_drawing import COLUMNS as BY_NAME
from tests.property.measure.criteria_drawing import criteria

COLUMNS = BY_NAME | {
    "left_at": Column("left_at", ColumnType.MOMENT, "Left at"),
    "patient": Column("patient", ColumnType.CODE, "Patient"),
}
with_moments = st.sampled_from(
    [
        "left_at >= moment '2026-01-31 14:05'",
        "left_at in (moment '2026-01-31 14:05:09')",
        "days_between(seen, date_of(left_at)) <= 30",
        "followed_within(30, patient, left_on, seen, died = true)",
        "not followed_within(30, patient, left_on, seen)",
        "not (not (code is not null))",
    ]
)
any_criteria = st.recursive(
    criteria | with_moments,
    lambda inner: st.tuples(inner, inner).map(lambda pair: f"not (({pair[0]}) or ({pair[1]}))"),
    max_leaves=3,
)


@given(any_criteria)
def test_a_criterion_comes_back_from_its_document(text):
    try:
        criterion = parse(text, COLUMNS)
    except CriteriaError:  # too deep: the language refuses it, and so does the builder
        return

    sent = json.loads(json.dumps(tree_document(criterion)))

    assert criterion_from_document(sent, COLUMNS) == criterion


scraps = st.recursive(
    st.none() | st.text(max_size=5) | st.integers() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.fixed_dictionaries(
            {},
            optional={
                "kind": st.sampled_from(["group", "test", "text", "else"]) | inner,
                "join": st.sampled_from(["all", "any", "not_all", "none"]) | inner,
                "terms": st.lists(inner, max_size=3) | inner,
                "column": st.sampled_from([*COLUMNS, "x"]) | inner,
                "operator": st.sampled_from(["=", "in", "between", "begins_with"]) | inner,
                "values": st.lists(st.text(max_size=3), max_size=3) | inner,
                "text": st.text(max_size=8) | inner,
            },
        )
    ),
    max_leaves=12,
)


@given(scraps)
def test_whatever_is_sent_is_a_criterion_or_refused_in_words(document):
    with suppress(TreeError):
        criterion_from_document(document, COLUMNS)
