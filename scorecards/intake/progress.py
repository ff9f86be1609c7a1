"""How far the reading of a file has come, and who wants to hear of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

SECONDS_BETWEEN = 1.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a file has been read.

    Args:
        bytes_read: of the file as received; 0 while it is being unpacked.
        bytes_total: its size.
        rows_read: rows checked so far, without the header.
    """

    bytes_read: int
    bytes_total: int
    rows_read: int


class Ticker:
    """Passes progress on about once a second, however often it is told."""

    def __init__(self, tell: Callable[[Progress], object]) -> None:
        """Begin; the first word is passed on at once."""
        self._tell = tell
        self._next = 0.0

    def __call__(self, progress: Progress) -> None:
        """Pass progress on when a second is over."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + SECONDS_BETWEEN
            self._tell(progress)
