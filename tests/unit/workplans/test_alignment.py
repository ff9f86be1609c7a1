"""The three models say the same of each other as the terms are checked by."""

import pytest

from agreements.components.completeness import FITS, NAMES
from agreements.programs.models import AlignmentModel
from agreements.workplans.alignment import FIXED_FEE, INCENTIVE, MODELS, PARTS, model_of


def test_every_model_that_a_program_can_have_is_compared():
    assert {model.key for model in MODELS} == set(AlignmentModel) == set(FITS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.key)
def test_a_model_names_the_parts_that_its_terms_may_have_and_the_rest(model):
    further = {NAMES[kind] for kind in FITS[model.key]}

    assert set(model.parts) - {FIXED_FEE, INCENTIVE} == further
    assert INCENTIVE in model.parts
    assert set(model.parts) <= set(PARTS)


def test_the_parts_stand_in_a_sentence():
    said = model_of("psa").parts_in_words

    assert said == "pay by wRVU, shared savings, incentive for agreed results"


def test_a_fixed_fee_belongs_to_co_management_alone():
    assert [model.key for model in MODELS if FIXED_FEE in model.parts] == ["co_management"]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.key)
def test_every_rule_names_where_it_stands(model):
    assert model.rules
    assert all(any(digit.isdigit() for digit in rule.source) for rule in model.rules)
    assert model_of(model.key) is model
