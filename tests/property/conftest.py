"""Laws: marked, so that the long run finds them, and drawn as `tests.laws` says."""

from pathlib import Path

import pytest

from tests.laws import load_profile

load_profile()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.law)
