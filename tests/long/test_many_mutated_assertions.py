"""Five thousand assertions that are almost right."""

import pytest

from tests.grounds import ground, hospital
from tests.integration.clients.test_mutated_assertions import refuse_all

__all__ = ["ground", "hospital"]

pytestmark = pytest.mark.long


@pytest.mark.parametrize("seed", range(10))
def test_none_of_five_thousand_mutated_assertions_is_taken(hospital, seed):
    refuse_all(hospital, count=500, seed=seed)
