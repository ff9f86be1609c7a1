"""Exact fractions in and out of text."""

from fractions import Fraction

import pytest

from comanage.values import (
    NumberTextError,
    decimal_text,
    exact_text,
    fraction_from_text,
    round_half_up,
)


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Fraction("0.125"), 2, Fraction("0.13")),
        (Fraction("-0.125"), 2, Fraction("-0.12")),
        (Fraction("2.5"), 0, Fraction(3)),
        (Fraction(2, 3), 1, Fraction("0.7")),
    ],
)
def test_halves_go_upward(value, places, expected):
    assert round_half_up(value, places) == expected


def test_tens_are_not_rounded_to():
    with pytest.raises(ValueError, match="Cannot keep -1"):
        round_half_up(Fraction(5), -1)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(8), 1, "8.0"),
        (Fraction(1, 20), 1, "0.1"),
        (Fraction(-3, 2), 0, "-1"),
        (Fraction("-0.04"), 1, "0.0"),
        (Fraction("-1.25"), 2, "-1.25"),
    ],
)
def test_decimals_are_written_with_all_their_places(value, places, text):
    assert decimal_text(value, places) == text


def test_an_exact_value_is_written_as_a_fraction():
    assert (exact_text(Fraction(53, 660)), exact_text(Fraction(5))) == ("53/660", "5")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.085", Fraction(17, 200)),
        ("8.5%", Fraction(17, 200)),
        ("8.5 %", Fraction(17, 200)),
        ("53/660", Fraction(53, 660)),
        ("-3", Fraction(-3)),
        (" -1/2 ", Fraction(-1, 2)),
    ],
)
def test_decimals_percentages_and_fractions_are_read_exactly(text, value):
    assert fraction_from_text(text) == value


@pytest.mark.parametrize("text", ["", "1e3", ".5", "1/0", "5/-2", "٣", "1/2%", "NaN"])
def test_other_ways_to_write_a_number_are_refused(text):
    with pytest.raises(NumberTextError, match=r"0\.085, 8\.5% or 53/660"):
        fraction_from_text(text)


def test_a_number_of_a_thousand_digits_is_refused():
    with pytest.raises(NumberTextError, match="200 characters"):
        fraction_from_text("1" * 1000)
