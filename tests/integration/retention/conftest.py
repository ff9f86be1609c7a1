"""The small hospital with a year on the clock."""

from tests.grounds import ground, hospital, inside, year

__all__ = ["ground", "hospital", "inside", "year"]
