"""Real commits, real threads: deeds on rows that another deed, still open, points to."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from comanage.api.models import IdempotentRequest
from comanage.demo.build import member
from comanage.identity.models import ExtractClient
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.actions import FeedFacts, edit_feed
from scorecards.feeds.models import Feed, FeedExpectation
from tests.ground import YEAR, small_hospital
from tests.signers import register

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_SECONDS = 30  # on a busy machine; what waits waits for ever


def test_no_deed_waits_for_one_that_only_points_to_its_row():
    """The other one holds the trail by then, which this one needs: each would wait for ever.

    A foreign key locks the key of the row it points to, as its transaction ends. So a machine
    signs in while another run of its job is answered, and a feed is edited while a file comes in.
    """
    tenant = small_hospital()
    signer = register(tenant, scopes=[])

    def sign_in():
        return signer.token()

    def edit():
        with tenant_scope(tenant.pk):
            feed = Feed.objects.get()
            facts = FeedFacts(feed.name, "Another system", agreement=feed.agreement)
            by = member(Role.SERVICE_LINE_ADMINISTRATOR)
            return edit_feed(feed=feed, facts=facts, today=tenant.today(), by=by)

    def elsewhere(deed):
        try:
            return deed()
        finally:
            connection.close()

    # Its transaction is open until the block ends; what its end checks is checked in it.
    with ThreadPoolExecutor(1) as threads, tenant_scope(tenant.pk):
        IdempotentRequest.objects.create(
            client=ExtractClient.objects.get(), route="r", key="k", fingerprint="0", status=202
        )
        FeedExpectation.objects.create(
            feed=Feed.objects.get(), starts_on=YEAR.start, ends_on=YEAR.end, rows=1, source="Census"
        )
        connection.check_constraints()
        assert threads.submit(elsewhere, sign_in).result(PATIENCE_SECONDS)
        assert threads.submit(elsewhere, edit).result(PATIENCE_SECONDS)
