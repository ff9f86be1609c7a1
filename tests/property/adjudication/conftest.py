"""The small hospital with a computed year."""

from tests.grounds import _computed, computed, ground, hospital

__all__ = ["_computed", "computed", "ground", "hospital"]
