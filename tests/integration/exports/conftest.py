"""The small hospital with a computed year."""

from tests.grounds import _computed, computed, ground

__all__ = ["_computed", "computed", "ground"]
