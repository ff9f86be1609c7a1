"""The standard library: every file can be measured and says where it comes from."""

import pytest

from indicators.catalogue import FOLDER, standard_definition, standard_definitions
from indicators.measure.criteria import to_english


@pytest.mark.parametrize("definition", standard_definitions(), ids=lambda d: d.slug)
def test_every_standard_indicator_says_why_whence_and_where_it_ends(definition):
    assert all(
        getattr(definition, name)
        for name in ("description", "rationale", "evidence", "source", "limitations")
    )


@pytest.mark.parametrize("definition", standard_definitions(), ids=lambda d: d.slug)
def test_every_criterion_in_use_has_plain_wording_and_english(definition):
    in_use = {*definition.criteria, *definition.numbers}

    assert in_use <= set(definition.plain)
    assert all(
        to_english(criterion, definition.columns_by_name)
        for criterion in definition.criteria.values()
    )


def test_a_file_is_named_after_its_indicator():
    assert [d.slug for d in standard_definitions()] == sorted(f.stem for f in FOLDER.glob("*.toml"))


def test_a_standard_indicator_is_found_by_its_slug():
    assert standard_definition("readmission-30-day").improvement == "decrease"


def test_an_unknown_slug_is_answered_with_the_known_ones():
    with pytest.raises(
        LookupError, match=r"no standard indicator .x.\. There are: .*readmission-30-day"
    ):
        standard_definition("x")
