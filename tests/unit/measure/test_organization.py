"""Trees of units: chains, sums, and what is no tree."""

import pytest

from indicators.measure.organization import Organization, OrganizationError, roll_up_units
from indicators.measure.tally import Tally

SYSTEM = Organization({"System": "", "North": "System", "South": "System", "Ward 1": "North"})


def met(numerator, cases):
    return Tally(cases, cases, numerator=numerator, not_met=cases - numerator)


def test_units_add_up_to_everything_they_belong_to():
    rolled = roll_up_units({"Ward 1": met(1, 2), "North": met(1, 3), "South": met(0, 5)}, SYSTEM)

    assert rolled == {
        "Ward 1": met(1, 2),
        "North": met(1 + 1, 2 + 3),
        "South": met(0, 5),
        "System": met(1 + 1 + 0, 2 + 3 + 5),
    }


def test_a_unit_without_cases_has_an_empty_tally():
    assert roll_up_units({}, SYSTEM)["North"] == Tally()


@pytest.mark.parametrize(
    ("parents", "message"),
    [
        ({"North": "System"}, "no unit “System”"),
        ({"North": "South", "South": "North"}, "belongs to itself"),
        ({"North": "North"}, "belongs to itself"),
        ({str(n): str(n + 1) if n < 25 else "" for n in range(26)}, "deeper than 20"),
    ],
)
def test_what_is_no_tree_is_refused(parents, message):
    with pytest.raises(OrganizationError, match=message):
        Organization(parents)


def test_cases_of_an_unknown_unit_are_refused():
    with pytest.raises(OrganizationError, match="no unit “West”"):
        roll_up_units({"West": met(1, 1)}, SYSTEM)
