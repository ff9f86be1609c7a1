"""Files made to do harm, those that are quick; all of them go through the child in tests/long."""

import pytest

from tests.poison import POISON
from tests.unit.intake.intake_examples import codes


def test_there_are_forty_kinds():
    assert len({poison.name for poison in POISON}) == 40


@pytest.mark.parametrize("poison", [p for p in POISON if p.is_quick], ids=lambda p: p.name)
def test_a_harmful_file_is_refused_with_its_code(check, poison):
    outcome = check(poison.make(), poison.filename)

    assert not outcome.accepted
    assert poison.codes.intersection(codes(outcome)), outcome.findings[:3]
