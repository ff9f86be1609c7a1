"""Signed assertions of machines: read, then held against what was registered, then verified.

Source: SMART App Launch 2.2, "Backend Services" and "Client Authentication: Asymmetric"; RFC 7523.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from comanage.clients.keysets import PublicKey, decoded

ALGORITHMS = ("RS384", "ES384")
LONGEST_LIFE = timedelta(minutes=5)
LEEWAY = timedelta(seconds=60)
_MOST_CHARACTERS = 8_000
_LONGEST_JTI = 200


class AssertionRefusedError(Exception):
    """The assertion proves nothing. The words are for the hospital's own audit trail."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """An assertion, not believed until `verify` has returned.

    Attributes:
        text: as it was sent.
        header: whatever its header says.
        claims: whatever it claims.
    """

    text: str
    header: dict[str, Any]
    claims: dict[str, Any]

    @property
    def issuer(self) -> str:
        """The client id it claims to come from."""
        return str(self.claims.get("iss", ""))

    @property
    def kid(self) -> str:
        """The name of the key it claims to be signed with."""
        return str(self.header.get("kid", ""))


@dataclass(frozen=True, slots=True)
class Expected:
    """What an assertion has to say.

    Attributes:
        client_id: both who issues it and whom it is about.
        audience: the token address, to the letter.
        jku: the registered address of the client's keys; empty when they were uploaded.
    """

    client_id: str
    audience: str
    jku: str


def read_assertion(text: str) -> Assertion:
    """Take an assertion apart, and refuse every spelling but the one its bytes have.

    Raises:
        AssertionRefusedError: it is none.
    """
    if len(text) > _MOST_CHARACTERS or text.count(".") != 2:
        raise AssertionRefusedError("It is not a signed assertion.")
    try:
        header, claims, _signature = (decoded(part) for part in text.split("."))
        return Assertion(text, _object(header), _object(claims))
    except (ValueError, RecursionError) as wrong:
        raise AssertionRefusedError("It is not a signed assertion.") from wrong


def verify(assertion: Assertion, key: PublicKey, expected: Expected, *, now: datetime) -> datetime:
    """Believe an assertion, or say why not.

    Returns:
        The moment until which its `jti` must be remembered.

    Raises:
        AssertionRefusedError: something in it is not as it has to be.
    """
    _check_header(assertion.header, key, expected)
    _check_names(assertion.claims, expected)
    ends_at = _check_times(assertion.claims, now)
    try:
        jwt.PyJWS().decode_complete(assertion.text, key.load(), algorithms=[key.algorithm])
    except jwt.PyJWTError as wrong:
        raise AssertionRefusedError(f"The signature is not by the key “{key.kid}”.") from wrong
    return ends_at + LEEWAY


def _check_header(header: dict[str, Any], key: PublicKey, expected: Expected) -> None:
    if header.get("alg") != key.algorithm:
        raise AssertionRefusedError(f"Its alg is not {key.algorithm}, as its key needs.")
    if header.get("typ", "JWT") != "JWT" or "crit" in header or "b64" in header:
        raise AssertionRefusedError("Its header asks for more than a signed JWT.")
    if "jku" in header and (not expected.jku or header["jku"] != expected.jku):
        raise AssertionRefusedError("Its jku is not the registered address of the keys.")


def _check_names(claims: dict[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.client_id or claims.get("sub") != expected.client_id:
        raise AssertionRefusedError("Its iss and sub are not both the client id.")
    if claims.get("aud") != expected.audience:
        raise AssertionRefusedError(f"Its aud is not exactly {expected.audience}.")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 1 <= len(jti) <= _LONGEST_JTI:
        raise AssertionRefusedError(f"It has no jti of 1 to {_LONGEST_JTI} characters.")


def _check_times(claims: dict[str, Any], now: datetime) -> datetime:
    """Return the end of the assertion; it and the beginnings are read with a minute's leeway."""
    ends_at = _moment(claims, "exp", now)
    if ends_at is None or ends_at <= now - LEEWAY:
        raise AssertionRefusedError("It has no exp, or has ended. Is the job's clock right?")
    if ends_at > now + LONGEST_LIFE + LEEWAY:
        raise AssertionRefusedError("Its exp is more than five minutes ahead.")
    for name in ("nbf", "iat"):
        begins_at = _moment(claims, name, now)
        if begins_at is not None and begins_at > now + LEEWAY:
            raise AssertionRefusedError(f"Its {name} has not come yet. Is the job's clock right?")
    return ends_at


def _moment(claims: dict[str, Any], name: str, now: datetime) -> datetime | None:
    if name not in claims:
        return None
    seconds = claims[name]
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise AssertionRefusedError(f"Its {name} is not a number of seconds.")
    try:
        return datetime.fromtimestamp(seconds, tz=now.tzinfo)
    except (ValueError, OverflowError, OSError) as wrong:
        raise AssertionRefusedError(f"Its {name} is beyond the calendar.") from wrong


def _object(content: bytes) -> dict[str, Any]:
    value = json.loads(content)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value
