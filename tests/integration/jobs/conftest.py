"""The small hospital with a computed year, and a file store that can be meddled with."""

import pytest
from django.conf import settings
from django.test import override_settings

from tests.grounds import _computed, computed, ground, hospital, inside
from tests.meddling import MeddlingStorage

__all__ = ["_computed", "computed", "ground", "hospital", "inside"]


@pytest.fixture
def meddling(computed):
    """Run something once when a stored file is next read."""
    default = {**settings.STORAGES["default"], "BACKEND": "tests.meddling.MeddlingStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "default": default}):

        def meddle(deed):
            MeddlingStorage.meddle = staticmethod(deed)

        yield meddle
    MeddlingStorage.meddle = None
