"""The fixed fee built up duty by duty, and the catalogue it can begin with."""

import pytest

from agreements.duties.catalogue import AREAS, standard_duties
from agreements.duties.fee import built_up, duty_amount
from agreements.duties.models import Frequency
from agreements.duties.presenters import read_fee
from comanage.values.money import Money


def duty(minutes, rate="185.00"):
    return {"minutes": minutes, "rate": rate}


def terms(fixed_fee, *duties):
    return {"pay": {"fixed_fee": fixed_fee}, "duties": duties}


def test_each_duty_is_rounded_once_half_a_cent_upward_and_the_sum_is_of_rounded_amounts():
    """10 minutes at 100.03 are 16.671666, which is 16.67; three of them are 50.01, not 50.02."""
    assert duty_amount(10, Money.from_dollars("100.03")) == Money.from_dollars("16.67")
    assert duty_amount(30, Money.from_dollars("0.01")) == Money(1)

    fee = built_up([duty(10, "100.03")] * 3, fixed_fee=Money.from_dollars("50.02"))

    assert (fee.minutes, fee.total) == (30, Money.from_dollars("50.01"))
    assert fee.difference == Money(1)
    assert not fee.is_equal


@pytest.mark.parametrize(
    ("fixed_fee", "said"),
    [
        ("370.00", "The fixed fee is what the duties come to."),
        ("400.00", "The fixed fee is $30.00 more than the duties come to."),
        ("300.00", "The fixed fee is $70.00 less than the duties come to."),
    ],
)
def test_the_difference_is_said_in_words(fixed_fee, said):
    reading = read_fee(terms(fixed_fee, duty(60), duty(60)))

    assert reading.difference == said
    assert reading.hours == "2 hours"


def test_terms_without_duties_have_no_fee_to_read():
    assert read_fee(terms("370.00")) is None
    assert read_fee({}) is None


def test_every_standard_duty_is_whole():
    listed = standard_duties().values()

    assert len(listed) >= 25
    assert {each.area for each in listed} == AREAS.keys()
    assert {each.frequency for each in listed} <= set(Frequency)
    assert all(0 < each.hours_low < each.hours_high for each in listed)
    assert all(each.name and each.deliverable and each.source for each in listed)
    assert all(len(each.key) <= 60 and len(each.deliverable) <= 300 for each in listed)
