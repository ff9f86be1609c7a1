"""Every operation of the API, asked for what its document allows and for what it does not.

A few cases from one seed, so that a change is told from luck; `tests/long` asks for many more.
"""

import pytest

from tests.fuzzing import build_target, fuzz, operations
from tests.grounds import ground

__all__ = ["ground"]

pytestmark = pytest.mark.xdist_group("fuzzed")  # one world for the module

CASES = 10
GUARDED = {401, 403, 404}


@pytest.fixture(scope="module")
def target(ground):
    return build_target(ground)


@pytest.mark.parametrize("label", operations())
def test_no_request_brings_an_operation_down_or_gets_past_its_guard(target, db, label):
    fuzz(target, label, cases=CASES, derandomize=True)

    hits = {status for name, who, status in target.answers if (name, who) == (label, "right scope")}
    assert hits - GUARDED, "the right machine was stopped at the door each time"
