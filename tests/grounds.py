"""Fixtures of the small hospital; a folder's conftest takes in what it needs."""

from contextlib import contextmanager

import pytest

from agreements.terms.models import MeasurementYear
from comanage.tenancy.scope import tenant_scope
from tests.ground import hand_in, open_year, rolled_back, small_hospital, stays, storage_in


@contextmanager
def built(django_db_blocker, tmp_path_factory):
    """Build the small hospital outside of any test, and take it back at the end."""
    with (
        django_db_blocker.unblock(),
        storage_in(tmp_path_factory.mktemp("storage")),
        rolled_back(),
    ):
        yield small_hospital()


@pytest.fixture(scope="module")
def ground(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small hospital, once for a module."""
    with built(django_db_blocker, tmp_path_factory) as hospital:
        yield hospital


@pytest.fixture
def hospital(ground, db, tmp_path):
    """The small hospital for one test, with its storage in `tmp_path / "stored"`."""
    with storage_in(tmp_path / "stored"):
        yield ground


@pytest.fixture
def inside(hospital):
    """The small hospital with its scope open for the whole test."""
    with tenant_scope(hospital.pk):
        yield hospital


@pytest.fixture
def year(inside):
    """A year on the clock, without data."""
    return open_year()


@pytest.fixture(scope="module")
def _computed(ground):
    with tenant_scope(ground.pk):
        year = open_year()
        hand_in(stays())
    return year.pk


@pytest.fixture
def computed(_computed, ground, db):
    """A year with a scorecard, ready to be frozen; its scope is open for the whole test."""
    with tenant_scope(ground.pk):
        yield MeasurementYear.objects.get(pk=_computed)
