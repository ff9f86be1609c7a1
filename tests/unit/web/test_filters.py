"""Each kind of value is printed in exactly one way."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.utils import timezone

from comanage.values.money import Money
from comanage.values.period import Period
from comanage.web.templatetags import comanage as filters


def test_money_is_printed_with_its_cents():
    assert filters.money(Money(6_233_333)) == "$62,333.33"


def test_whole_cents_are_printed_as_dollars():
    assert filters.money(500) == "$5.00"


@pytest.mark.parametrize("wrong", [None, "", 12.5, True])
def test_money_is_never_printed_from_anything_but_whole_cents(wrong):
    with pytest.raises(TypeError, match="'money' prints"):
        filters.money(wrong)


def test_a_rate_has_one_decimal_and_a_half_goes_up():
    assert filters.rate(Fraction(424, 5279)) == "8.0 %"
    assert filters.rate(Fraction(805, 10_000) + Fraction(5, 10_000)) == "8.1 %"
    assert filters.rate(Fraction(1)) == "100.0 %"


def test_a_rate_is_printed_from_its_exact_text():
    assert filters.rate("424/5279") == "8.0 %"


@pytest.mark.parametrize("wrong", [None, "", 0.08])
def test_no_rate_is_not_printed_as_a_rate(wrong):
    with pytest.raises(TypeError, match="'rate' prints"):
        filters.rate(wrong)


def test_a_mean_has_the_decimals_asked_for():
    assert filters.decimal(Fraction(35256, 10_000), 2) == "3.53"


def test_a_count_has_thousands_separators():
    assert filters.count(1392) == "1,392"


@pytest.mark.parametrize("wrong", [None, 3.0, "12"])
def test_only_a_whole_number_is_a_count(wrong):
    with pytest.raises(TypeError, match="'count' prints"):
        filters.count(wrong)


def test_a_day_has_no_leading_zero_and_its_month_in_letters():
    assert filters.day(date(2026, 3, 4)) == "4 Mar 2026"


def test_an_instant_is_not_printed_as_a_day():
    with pytest.raises(TypeError, match="'day' prints a date"):
        filters.day(datetime(2026, 3, 4, tzinfo=UTC))


def test_a_moment_is_printed_on_the_clock_of_the_request():
    at = datetime(2026, 3, 14, 15, 5, tzinfo=UTC)

    with timezone.override("America/Chicago"):
        assert filters.moment(at) == "14 Mar 2026, 10:05 CDT"


def test_a_moment_is_printed_on_a_named_clock():
    at = datetime(2026, 1, 1, 4, 0, tzinfo=UTC)

    assert filters.moment(at, "America/New_York") == "31 Dec 2025, 23:00 EST"


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(TypeError, match="aware"):
        filters.moment(datetime(2026, 1, 1))  # noqa: DTZ001  (naive on purpose)


def test_a_period_names_both_its_days():
    assert filters.period(Period(date(2026, 1, 1), date(2026, 4, 1))) == "1 Jan 2026 to 31 Mar 2026"


def test_a_short_hash_is_the_beginning_of_the_hash():
    assert filters.short_hash("0123456789abcdef") == "0123456789ab"
