"""What the division of a year's pay still lacks before the terms can be locked."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from agreements.allocations.bases import WITH_SHARES
from comanage.values.rounding import decimal_text, fraction_from_text

SHOWN_PLACES = 4


def allocation_gaps(terms: Mapping[str, Any]) -> list[str]:
    """List what is wrong with the division in a terms document; nothing where there is none."""
    allocation = terms.get("allocation")
    if allocation is None:
        return []
    if allocation["by"] == "hours":
        kinds = {component["kind"] for component in terms.get("components", ())}
        return [] if "hourly" in kinds else [_NO_HOURS]
    if allocation["by"] not in WITH_SHARES:
        return []
    names = {each["npi"]: each["name"] for each in terms["participants"]}
    shares = {npi: fraction_from_text(share) for npi, share in allocation["shares"].items()}
    found = [
        f"{name} has no share in the division of the pay. Give one, 0 % where it is nothing."
        for npi, name in names.items()
        if npi not in shares
    ]
    if any(npi not in names for npi in shares):
        found.append("The division names somebody who is no participant. Write it anew.")
    whole = sum(shares.values(), Fraction(0))
    if whole != 1:
        shown = decimal_text(whole * 100, SHOWN_PLACES).rstrip("0").rstrip(".")
        found.append(f"The shares of the division add up to {shown} %, not to 100 %.")
    return found


_NO_HOURS = (
    "The pay is divided by approved hours, but the terms pay no duties by the hour. Add them, or "
    "divide it otherwise."
)
