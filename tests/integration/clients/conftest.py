"""The small hospital."""

from tests.grounds import ground, hospital, inside, year

__all__ = ["ground", "hospital", "inside", "year"]
