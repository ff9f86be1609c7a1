"""The tree of an organization: results of units add up to results of what they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indicators.measure.tally import Tally

DEEPEST = 20


class OrganizationError(ValueError):
    """A tree that cannot be rolled up."""


@dataclass(frozen=True)
class Organization:
    """Who belongs to whom.

    Args:
        parents: for each unit the unit it belongs to, empty text for the top.

    Raises:
        OrganizationError: a parent that is no unit, or units that belong to each other in
            a circle.
    """

    parents: Mapping[str, str]

    def __post_init__(self) -> None:
        """Refuse a tree that is none."""
        for unit in self.parents:
            self.chain(unit)

    def chain(self, unit: str) -> tuple[str, ...]:
        """Name the unit and everything it belongs to, from the unit to the top.

        Raises:
            OrganizationError: the unit or one above it is unknown, or a circle.
        """
        found: list[str] = []
        while unit:
            if unit not in self.parents:
                raise OrganizationError(
                    f"The organization has no unit “{unit}”. Add it, with what it belongs to."
                )
            if unit in found or len(found) >= DEEPEST:
                raise OrganizationError(
                    f"The unit “{unit}” belongs to itself, or is deeper than {DEEPEST} levels."
                )
            found.append(unit)
            unit = self.parents[unit]
        return tuple(found)


def roll_up_units(tallies: Mapping[str, Tally], organization: Organization) -> dict[str, Tally]:
    """Add the tallies of units to everything they belong to.

    Args:
        tallies: by unit; a unit may have cases of its own beside those of its parts.
        organization: names every unit of `tallies`.

    Returns:
        Tallies of all units of the organization: the ratio of sums, never a mean of ratios.

    Raises:
        OrganizationError: a unit that the organization does not know.
    """
    rolled = {unit: Tally() for unit in organization.parents}
    for unit, tally in tallies.items():
        for member in organization.chain(unit):
            rolled[member] += tally
    return rolled
