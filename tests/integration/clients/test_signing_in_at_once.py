"""Real commits, real threads: a machine signs in while another run of its job sends a file."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from comanage.api.models import IdempotentRequest
from comanage.identity.models import ExtractClient
from comanage.tenancy.scope import tenant_scope
from tests.ground import small_hospital
from tests.signers import register

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_SECONDS = 5


def test_signing_in_does_not_wait_for_a_request_that_is_being_answered():
    """The request holds the trail by then, which signing in needs: each would wait for the other.

    Keeping its answer locks the key of the client's row, as every foreign key does.
    """
    tenant = small_hospital()
    signer = register(tenant, scopes=[])

    def sign_in():
        try:
            return signer.token()
        finally:
            connection.close()

    # Its transaction is open until the block ends; what its end checks is checked in it.
    with ThreadPoolExecutor(1) as threads, tenant_scope(tenant.pk):
        IdempotentRequest.objects.create(
            client=ExtractClient.objects.get(), route="r", key="k", fingerprint="0", status=202
        )
        connection.check_constraints()
        assert threads.submit(sign_in).result(PATIENCE_SECONDS)
