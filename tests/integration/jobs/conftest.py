"""The small hospital with a computed year, and a file store that can be meddled with."""

import shutil

import pytest
from django.conf import settings
from django.test import override_settings

from scorecards.intake.companions import kernel_folder
from tests.grounds import _computed, computed, ground, hospital, inside
from tests.meddling import MeddlingStorage

__all__ = ["_computed", "computed", "ground", "hospital", "inside"]


@pytest.fixture
def meddling(computed):
    """Run something once when a stored file is next read: nothing is known of any slice."""
    default = {**settings.STORAGES["default"], "BACKEND": "tests.meddling.MeddlingStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "default": default}):

        def meddle(deed):
            shutil.rmtree(kernel_folder(computed.tenant_id))
            MeddlingStorage.meddle = staticmethod(deed)

        yield meddle
    MeddlingStorage.meddle = None
