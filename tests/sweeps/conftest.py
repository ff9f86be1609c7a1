"""The settled world for sweeps over the whole house."""

from tests.settled import settled, world

__all__ = ["settled", "world"]
