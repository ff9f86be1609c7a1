"""The small hospital, and an agreement that its two sides negotiate."""

from tests.grounds import ground, hospital, inside, year
from tests.negotiating import shared_version, version

__all__ = ["ground", "hospital", "inside", "shared_version", "version", "year"]
