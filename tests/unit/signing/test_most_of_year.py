"""The most that a year pays, by which a chain of approval asks for more people."""

import pytest

from agreements.signing.queries import most_of_year
from comanage.values.money import Money

SALARY = {"kind": "salary", "amount": "400000.00", "start": "2027-01-01", "end": "2028-01-01"}


def terms(*components):
    return {
        "period": {"start": "2027-01-01", "end": "2028-01-01"},
        "pay": {"fixed_fee": "0.00", "incentive_pool": "30000.00"},
        "opinion": {"total": "900000.00"},
        "components": components,
    }


@pytest.mark.parametrize(
    ("components", "most"),
    [
        ((), "30000.00"),
        ((SALARY,), "430000.00"),
        ((SALARY | {"end": "2027-07-02"},), "229452.05"),  # 182 of 365 days: $199,452.05
        ((SALARY, {"kind": "wrvu"}), "900000.00"),
    ],
)
def test_every_part_counts_and_what_work_bounds_takes_the_opinion(components, most):
    assert most_of_year(terms(*components)) == Money.from_dollars(most)
