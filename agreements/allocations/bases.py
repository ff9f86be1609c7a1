"""What a group may divide its pay by. Pure: a closed list, on which nothing of volume or value is.

Source:
    42 CFR 411.354(d)(5) and 1001.952(d): pay takes no account of the volume or value of referrals.
"""

from collections.abc import Mapping
from typing import Any

BASES = {
    "per_capita": "By heads",
    "days": "By days as a participant",
    "fixed_shares": "By fixed shares",
    "ownership": "By ownership of the group",
    "hours": "By approved hours",
}
PART_PERIODS = {
    "by_days": "For the days they were there",
    "in_full": "As if they had been there all the time",
    "nothing": "Nothing",
}
WITH_SHARES = frozenset({"fixed_shares", "ownership"})
# They measure the part that somebody had, so there is nothing to fill up.
MEASURED = frozenset({"days", "ownership", "hours"})


def in_words(allocation: Mapping[str, Any]) -> str:
    """Say a rule in one sentence."""
    joiners, leavers = (PART_PERIODS[allocation[name]].lower() for name in ("joiners", "leavers"))
    return (
        f"{BASES[allocation['by']]}. Who joins during the year shares: {joiners}. "
        f"Who leaves during the year: {leavers}."
    )
