"""Standing at another moment: Django's clock, which everything here reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.utils import timezone


def stand_at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Make it a given moment for the rest of the test."""
    monkeypatch.setattr(timezone, "now", lambda: moment)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Make it a given moment inside a block, for fixtures that outlive a test."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        stand_at(monkeypatch, moment)
        yield
