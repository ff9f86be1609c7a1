"""The standard duties that a draft can begin with: data of the repository, reviewed like code."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("catalogue.toml")
AREAS = {
    "direction": "Direction and planning",
    "quality": "Quality and safety",
    "operations": "Operations",
    "people": "People and training",
    "resources": "Equipment, supplies and budget",
    "governance": "Committees and compliance",
}


@dataclass(frozen=True, slots=True)
class StandardDuty:
    """One standard duty.

    Attributes:
        key: stays the same for good; terms name it.
        hours_low, hours_high: a planning range of whole hours a year, of all physicians together.
        source: where the duty is named. It is no source for the hours.
    """

    key: str
    name: str
    area: str
    deliverable: str
    frequency: str
    hours_low: int
    hours_high: int
    source: str


@cache
def standard_duties() -> dict[str, StandardDuty]:
    """Read the catalogue by key, in its order."""
    listed = tomllib.loads(FILE.read_text("utf-8"))["duty"]
    return {each["key"]: StandardDuty(**each) for each in listed}
