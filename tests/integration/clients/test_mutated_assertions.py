"""Hundreds of assertions that are almost right: none is taken, none makes the door stumble."""

import random

from comanage.clients.signing_in import InvalidClientError, Knock, sign_in
from comanage.identity.models import AccessToken
from comanage.tenancy.scope import tenant_scope
from tests.mutations import mutated
from tests.signers import register


def is_taken(tenant, assertion):
    try:
        sign_in(Knock(tenant.slug, assertion, "", "", "127.0.0.1"))
    except InvalidClientError:
        return False
    return True


def refuse_all(tenant, *, count, seed):
    """Try so many mutated assertions, and a good one after them."""
    chance = random.Random(seed)
    machine = register(tenant, name=f"Mutated {seed}", scopes=["scorecards:read"])
    for _ in range(count):
        assertion = mutated(machine, chance)
        assert not is_taken(tenant, assertion), assertion
    with tenant_scope(tenant.pk):
        assert not AccessToken.objects.exists()
    assert machine.knock().status_code == 200


def test_no_mutated_assertion_is_taken(hospital):
    refuse_all(hospital, count=300, seed=20261128)
