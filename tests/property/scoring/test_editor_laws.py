"""Laws of the editor of scoring plans: from its fields a plan comes back as it was."""

import json
from urllib.parse import urlencode

from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from scorecards.plans.editor import PlanEditor
from scorecards.scoring.plans.reading import read_plan
from tests.property.scoring.test_plan_laws import documents, values

names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9)
roundings = st.sampled_from([{"to": "0.1"}, {"to": "1", "how": "down"}])
total = {"total": True, "as": "score"}


@st.composite
def gates(draw):
    side = draw(st.sampled_from(["at_least", "at_most", "above", "below"]))
    reads = draw(
        st.sampled_from([total, {"domain": "x", "as": "share"}, {"indicator": "a", "as": "value"}])
    )
    gate = {"reads": reads, side: str(draw(values))}
    return {"gate": gate | draw(st.sampled_from([{}, {"closed": "1/2"}, {"if_missing": "open"}]))}


of_total = st.just({"total": True})  # a domain comes before the total, and cannot follow it
steps = st.one_of(
    st.tuples(of_total, gates()),
    st.tuples(
        of_total,
        values.map(lambda times: {"becomes": {"reads": total, "times": str(times), "plus": "1/3"}}),
    ),
    st.tuples(
        of_total | st.just({"domains": ["x", "y"]}),
        st.one_of(
            values.map(lambda most: {"cap": {"least": "0", "most": str(most)}}),
            values.map(lambda factor: {"multiplier": str(factor)}),
            roundings.map(lambda rounding: {"round": rounding}),
        ),
    ),
)


@st.composite
def rich_documents(draw):
    """Draw a plan with what only some have."""
    document = draw(documents())
    document["title"] = draw(names)
    document["adjustments"] = [
        {"name": str(place), "to": to} | deed
        for place, (to, deed) in enumerate(draw(st.lists(steps, max_size=3)))
    ]
    for each in document["indicators"]:
        each |= draw(
            st.sampled_from(
                [
                    {},
                    {"points": "10"},
                    {"small_numbers": {"minimum_cases": 5, "rule": "pool"}},
                    {"limits": {"low": "0", "high": "3/2", "past": "clamp"}},
                ]
            )
        )
    document["pay"][0]["by"] = "total"  # what is paid by indicator passes by an adjusted total
    if draw(st.booleans()):
        share = {"reads": total, "curve": {"tiers": [{"name": "T", "goal": "60", "earns": "1/2"}]}}
        document["pay"][0]["share"] = share
    if draw(st.booleans()):
        document["pay_limit"] = {"amount": "99999999.00", "source": draw(names)}
    return document


def turned(editor):
    """Send an untouched editor back to be turned: from fields to text, or the other way round."""
    forms = [editor.form]
    forms += [form for rows in editor.rows.values() for form in (rows.management_form, *rows)]
    fields = {field.html_name: field.value() for form in forms for field in form}
    sent = {
        name: value for name, value in fields.items() if value is not None and value is not False
    }
    return PlanEditor({}, QueryDict(urlencode(sent | {"turn": "yes"}))).again()


@settings(max_examples=20)
@given(rich_documents())
def test_a_plan_comes_back_from_its_fields_as_it_was(document):
    text = turned(PlanEditor({}, document=document))
    written = json.loads(text.form["text"].value())

    assert read_plan(written) == read_plan(document)
    assert json.loads(turned(turned(text)).form["text"].value()) == written
