"""The small hospital, and a machine that sends to its feed."""

import pytest

from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import READ_SCORECARDS, write_scope
from tests.ground import open_year
from tests.grounds import ground, hospital, inside, year
from tests.machines import Machine, make_key

__all__ = ["feed", "ground", "hospital", "inside", "machine", "opened", "year"]


@pytest.fixture
def opened(hospital):
    """The hospital with its year on the clock."""
    with tenant_scope(hospital.pk):
        open_year()
    return hospital


@pytest.fixture
def feed(opened):
    with tenant_scope(opened.pk):
        return Feed.objects.get()


@pytest.fixture
def machine(opened, feed):
    return Machine(make_key(opened, [write_scope(feed), READ_SCORECARDS]))
