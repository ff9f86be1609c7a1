"""One way to write a document."""

from decimal import Decimal
from hashlib import sha256

import pytest

from comanage.values import CanonicalError, canonical_json, sha256_of


def test_a_document_is_written_without_spaces_and_by_key():
    document = {"b": [1, True, None, False], "a": {"d": -2, "c": "x"}}

    assert canonical_json(document) == '{"a":{"c":"x","d":-2},"b":[1,true,null,false]}'


def test_keys_are_in_utf_16_order_as_rfc_8785_says():
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]

    written = canonical_json(dict.fromkeys(keys, 0))

    order = ["\\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert written == "{" + ",".join(f'"{key}":0' for key in order) + "}"


def test_escapes_are_those_of_rfc_8785():
    assert canonical_json("€$\x0f\nA'B\"\\/\x7f") == '"€$\\u000f\\nA\'B\\"\\\\/\x7f"'


@pytest.mark.parametrize("value", [1.5, Decimal(1), (1, 2), {"a": {"b": [0.1]}}, b"x"])
def test_what_has_no_exact_form_is_refused(value):
    with pytest.raises(CanonicalError, match="Write exact numbers and dates as text"):
        canonical_json(value)


def test_the_refusal_names_the_place():
    with pytest.raises(CanonicalError, match=r"\$\.a\.b\[1\] is 0\.5, a float"):
        canonical_json({"a": {"b": [1, 0.5]}})


def test_a_key_that_is_not_text_is_refused():
    with pytest.raises(CanonicalError, match="key that is not text"):
        canonical_json({1: "a"})


@pytest.mark.parametrize("number", [2**53, -(2**53)])
def test_a_number_that_other_readers_would_change_is_refused(number):
    with pytest.raises(CanonicalError, match="too large for JSON"):
        canonical_json(number)


def test_the_largest_exact_number_is_written():
    assert canonical_json(2**53 - 1) == "9007199254740991"


def test_half_a_character_is_refused():
    with pytest.raises(CanonicalError, match="half a character"):
        canonical_json("\ud800")


def test_the_hash_is_that_of_the_canonical_form():
    assert sha256_of({"b": 1, "a": "é"}) == sha256('{"a":"é","b":1}'.encode()).hexdigest()
