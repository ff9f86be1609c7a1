"""What kind of outcome an agreed indicator is about. Pure.

Source:
    42 CFR 1001.952(d)(3)(iii): what outcomes-based payments leave out.
"""

from collections.abc import Mapping
from typing import Any

UNSAID = "quality"  # what a definition says whose author said nothing else


def outcome_class(indicator: Mapping[str, Any]) -> str:
    """Read the class of an indicator of the terms document.

    Its definition's, or the one that the parties agreed on where the definition says no other.
    """
    said = indicator["definition"].get("obp_class", UNSAID)
    return str(indicator.get("obp_class", said) if said == UNSAID else said)
