"""Which public keys are taken, and what is said of those that are not."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from comanage.clients.keysets import KeySetError, read_keys, stored_keys
from tests.signers import key_pair

# RFC 7638, section 3.1: a key and its thumbprint as published.
RFC_7638_KEY = {
    "kty": "RSA",
    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJ"
    "ECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2"
    "QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh"
    "6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    "e": "AQAB",
    "alg": "RS384",
    "kid": "2011-04-29",
}
RFC_7638_THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
EC, RSA = key_pair().jwk, key_pair("rsa", "RS384").jwk
CURVE, SMALL = ec.SECP256R1(), key_pair("small", "RS384", bits=1024).jwk


def pem(private, encoding=Encoding.PEM, form=PublicFormat.SubjectPublicKeyInfo):
    return private.public_key().public_bytes(encoding, form).decode()


def test_a_thumbprint_is_the_one_that_the_rfc_prints():
    (key,) = read_keys(json.dumps(RFC_7638_KEY))

    assert key.thumbprint == RFC_7638_THUMBPRINT
    assert (key.kid, key.algorithm, key.kind) == ("2011-04-29", "RS384", "RSA, 2,048 bits")


def test_several_keys_are_taken_in_their_order():
    keys = read_keys(json.dumps({"keys": [RSA, EC]}))

    assert [(key.kid, key.algorithm) for key in keys] == [("rsa", "RS384"), ("first", "ES384")]


@pytest.mark.parametrize("pair", [key_pair(), key_pair("rsa", "RS384")], ids=["EC", "RSA"])
def test_pem_and_jwk_of_one_key_are_the_same_key(pair):
    (from_pem,), (from_jwk,) = read_keys(pem(pair.private)), read_keys(pair.jwks)

    assert from_pem.members == from_jwk.members
    assert from_pem.kid == from_pem.thumbprint == from_jwk.thumbprint


def test_what_is_stored_reads_back_and_holds_nothing_that_was_not_asked_for():
    (key,) = read_keys(json.dumps(RSA | {"x5c": ["…"], "note": "Dr. Who"}))

    stored = key.document()

    assert stored_keys({"keys": [stored]}) == (key,)
    assert stored.keys() == {"kty", "n", "e", "kid", "alg", "added_at", "until"}


@pytest.mark.parametrize(
    "part", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"], ids=lambda part: f"JWK with {part}"
)
def test_a_private_part_is_refused_with_what_to_do(part):
    with pytest.raises(KeySetError, match=r"private key in this.*Make a new pair"):
        read_keys(json.dumps({"keys": [EC, RSA | {"kid": "x", part: "AQAB"}]}))


def test_a_private_key_in_pem_is_refused_too():
    text = (
        key_pair().private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    )

    with pytest.raises(KeySetError, match="private key in this"):
        read_keys(text)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (SMALL, "1,024 bits"),
        (RSA | {"e": "Aw"}, "unusual exponent"),
        (RSA | {"n": RSA["n"] + "="}, "do not make a key"),
        (RSA | {"n": ""}, "needs e, kty, n"),
        (RSA | {"n": 5}, "needs e, kty, n"),
        ({"kty": "oct", "kid": "x"}, "RSA of 2,048 bits or more"),
        ({"kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "x"}, "RSA of 2,048 bits or more"),
        (EC | {"crv": "P-256"}, "curve P-384"),
        (EC | {"x": EC["y"]}, "do not make a key"),
        (EC | {"kid": ""}, "has no kid"),
        (EC | {"kid": 5}, "has no kid"),
        (EC | {"kid": "a\nb"}, "has no kid"),
        ({name: value for name, value in EC.items() if name != "kid"}, "has no kid"),
        (EC | {"alg": "ES256"}, "meant for something else"),
        (RSA | {"alg": "RS256"}, "meant for something else"),
        (EC | {"use": "enc"}, "meant for something else"),
        (EC | {"key_ops": ["sign"]}, "meant for something else"),
        ({"keys": []}, "There are 0 keys"),
        ({"keys": [EC] * 11}, "There are 11 keys"),
        ({"keys": [EC, EC]}, "Two keys are called “first”"),
        ({"keys": [5]}, "Key 1 is not a JWK"),
        ({"keys": {}}, "no list of keys"),
        ([EC], "no list of keys"),
        (5, "no list of keys"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(given, said):
    with pytest.raises(KeySetError, match=said):
        read_keys(json.dumps(given))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "neither a JWK set nor a public key"),
        ("{", "neither a JWK set nor a public key"),
        ("[" * 90_000, "neither a JWK set nor a public key"),
        ("x" * 100_001, "longer than 100,000 characters"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "not one public key"),
        (pem(ec.generate_private_key(CURVE)), "curve P-384"),
        (pem(ed25519.Ed25519PrivateKey.generate()), "RSA of 2,048 bits"),
        (pem(key_pair("small", "RS384", bits=1024).private), "1,024 bits"),
    ],
)
def test_text_that_holds_no_key_is_refused_with_the_reason(text, said):
    with pytest.raises(KeySetError, match=said):
        read_keys(text)
