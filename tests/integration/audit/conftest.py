"""The settled world."""

from tests.settled import settled, world

__all__ = ["settled", "world"]
