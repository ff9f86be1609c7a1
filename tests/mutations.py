"""Assertions that are almost right: everything an attacker might change in a good one."""

import base64
import hashlib
import hmac
import json
import random
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.signers import KeyPair, Signer, key_pair

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
OTHERS = "=+/ .\n%é\0"


def mutated(machine: Signer, chance: random.Random) -> str:
    """Return one assertion that must not be taken."""
    return chance.choice((_letters, _claims, _header, _forged, _parts))(machine, chance)


def _letters(machine: Signer, chance: random.Random) -> str:
    """Change, drop, double or add a character anywhere, the signature's last bits included."""
    good = machine.assertion()
    place = chance.choice([chance.randrange(len(good)), len(good) - 1, 0])
    new = chance.choice([*(letter for letter in ALPHABET if letter != good[place]), *OTHERS, ""])
    if chance.random() < 0.2:
        return good[:place] + new + good[place:] if new else good[:place] + good[place + 1 :]
    return good[:place] + new + good[place + 1 :]


def _claims(machine: Signer, chance: random.Random) -> str:
    """Sign rightly what is claimed wrongly."""
    wrong: dict[str, list[Any]] = {
        "iss": ["", machine.client_id.upper(), machine.client_id + " ", [machine.client_id], {}],
        "sub": ["", machine.client_id[:-1], [machine.client_id], 0],
        "aud": ["", "https://comanage.example", [machine.claims()["aud"]], {}, 1],
        "exp": [0, -1, 10**10, 10**400, "0", [], {}, True, False, 1e308],
        "nbf": [10**10, "x", [], True],
        "iat": [10**10, "x", {}, True],
        "jti": ["", 0, [], {}, "x" * 201, True],
    }
    name = chance.choice(list(wrong))
    return _signed(machine.pair, machine.claims() | {name: chance.choice(wrong[name])})


def _header(machine: Signer, chance: random.Random) -> str:
    """Sign rightly under a header that points elsewhere."""
    wrong: dict[str, list[Any]] = {
        "kid": ["", "../../dev/null", "x' OR '1'='1", "FIRST", "first\0", ["first"], 0, None],
        "alg": ["none", "None", "", "HS384", "HS256", "ES256", "RS384", "PS384", ["ES384"], None],
        "jku": ["https://evil.example/jwks.json", "", "http://127.0.0.1/", [], None],
        "typ": ["at+jwt", "", 5, None],
        "crit": [["exp"], [], "x"],
        "b64": [False, True],
    }
    name = chance.choice(list(wrong))
    header = {"kid": machine.pair.kid, "typ": "JWT", "alg": machine.pair.algorithm}
    return _signed(machine.pair, machine.claims(), header | {name: chance.choice(wrong[name])})


def _forged(machine: Signer, chance: random.Random) -> str:
    """Sign with something else: nothing, the public key as a secret, another pair, a jwk within."""
    claims, public = machine.claims(), machine.pair.private.public_key()
    secret = chance.choice(
        [
            public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            json.dumps(machine.pair.jwk).encode(),
            b"",
        ]
    )
    header = {"kid": machine.pair.kid, "alg": chance.choice(["HS256", "HS384", "HS512"])}
    other = key_pair("other")
    return chance.choice(
        [
            lambda: _joined({"kid": machine.pair.kid, "alg": "none"}, claims, b""),
            lambda: _joined(header, claims, _hmac(header, claims, secret)),
            lambda: _signed(other, claims, {"kid": machine.pair.kid, "alg": "ES384"}),
            lambda: _signed(other, claims, {"kid": "first", "alg": "ES384", "jwk": other.jwk}),
            lambda: _joined({"kid": "first", "alg": "ES384"}, claims, b"\0" * 96),
            lambda: _signed(key_pair("rsa", "RS384"), claims, {"kid": "first", "alg": "RS384"}),
        ]
    )()


def _parts(machine: Signer, chance: random.Random) -> str:
    """Put the parts together wrongly."""
    one, two = machine.assertion().split("."), machine.assertion().split(".")
    return ".".join(
        chance.choice(
            [
                [one[0], one[1], two[2]],
                [one[0], two[1], one[2]],
                [one[1], one[0], one[2]],
                [one[0], one[1], ""],
                [*one, ""],
                ["", *one],
                [*one, one[2]],
                one[:2],
                [one[0] + "=", one[1], one[2]],
                [one[0], one[1], one[2] + "="],
                ["W10", one[1], one[2]],  # []
                [one[0], "W10", one[2]],
            ]
        )
    )


def _signed(pair: KeyPair, claims: dict[str, Any], header: dict[str, Any] | None = None) -> str:
    """Sign by the pair whatever the header says."""
    header = header or {"kid": pair.kid, "alg": pair.algorithm}
    signer = jwt.get_algorithm_by_name(pair.algorithm)
    return _joined(header, claims, signer.sign(_input(header, claims), pair.private))


def _hmac(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> bytes:
    return hmac.new(secret, _input(header, claims), hashlib.sha384).digest()


def _joined(header: dict[str, Any], claims: dict[str, Any], signature: bytes) -> str:
    return (_input(header, claims) + b"." + encoded(signature)).decode()


def _input(header: dict[str, Any], claims: dict[str, Any]) -> bytes:
    return b".".join(encoded(json.dumps(part).encode()) for part in (header, claims))


def encoded(content: bytes) -> bytes:
    """Write bytes as a JWT does."""
    return base64.urlsafe_b64encode(content).rstrip(b"=")
