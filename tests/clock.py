"""Standing at another moment: Django's clock, which everything here reads."""

from datetime import datetime

import pytest
from django.utils import timezone


def stand_at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Make it a given moment for the rest of the test."""
    monkeypatch.setattr(timezone, "now", lambda: moment)
