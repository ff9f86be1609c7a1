"""Which divisions can be agreed."""

from agreements.allocations.bases import MEASURED
from comanage.web.errors import PolicyError


def check_part_periods(by: str, joiners: str, leavers: str) -> None:
    """Raise PolicyError for filling up days on which somebody owned, worked or was nothing."""
    if by in MEASURED and "in_full" in (joiners, leavers):
        raise PolicyError(
            "This way of dividing counts what there was, so nobody who was there for a part of "
            "the year can share in full. Choose the days they were there, or nothing."
        )
