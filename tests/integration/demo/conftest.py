"""The two demonstration hospitals."""

import pytest

from tests.ground import rolled_back, storage_in
from tests.worlds import two_hospitals


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """Both hospitals, once for a module."""
    with (
        django_db_blocker.unblock(),
        storage_in(tmp_path_factory.mktemp("storage")),
        rolled_back(),
    ):
        yield two_hospitals()


@pytest.fixture
def riverside(built, db):
    """Riverside, the stays of its CSV not yet handed in."""
    return built[0]


@pytest.fixture
def lakeshore(built, db):
    """Lakeshore, the stays of its workbook not yet handed in."""
    return built[1]
