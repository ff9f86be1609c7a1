"""Hundreds of cases of every operation, by each of three principals, new ones each time."""

import pytest

from tests.fuzzing import build_target, fuzz, operations
from tests.grounds import ground

__all__ = ["ground"]

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("fuzzed")]

CASES = 250


@pytest.fixture(scope="module")
def target(ground):
    return build_target(ground)


@pytest.mark.parametrize("label", operations())
def test_no_request_brings_an_operation_down_or_gets_past_its_guard(target, db, label):
    fuzz(target, label, cases=CASES, derandomize=False)

    asked = sum(count for (name, _, _), count in target.answers.items() if name == label)
    assert asked >= 3 * 200
