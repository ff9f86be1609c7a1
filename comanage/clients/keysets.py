"""Public keys of machines: JWK sets (RFC 7517) or PEM in, one exact form kept.

Two kinds are taken, as SMART Backend Services asks: RSA of 2,048 bits and more for RS384, and
P-384 for ES384. What has a private part is refused, so that no hospital's key is ever here.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

MOST_KEYS = 10
MOST_CHARACTERS = 100_000
_LONGEST_KID = 200
_PRIVATE = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")
_RSA_BITS = (2048, 8192)
_SMALLEST_EXPONENT, _LARGEST_EXPONENT = 65537, 2**32

VerifyingKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


class KeySetError(ValueError):
    """The text holds no set of public keys that can be taken. The words are for the person."""


class PrivateKeyError(KeySetError):
    """Somebody sent a private key. Nothing of what it came with is taken."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One key of a machine.

    Attributes:
        kid: the name by which assertions point to it, once in a set.
        members: what makes the key, as its thumbprint counts them: kty, n, e or kty, crv, x, y.
        added_at: when it was registered, in ISO 8601; empty before.
        until: the moment it stops opening anything, in ISO 8601; empty for no end.
    """

    kid: str
    members: tuple[tuple[str, str], ...]
    added_at: str = ""
    until: str = ""

    @property
    def algorithm(self) -> str:
        """The only way it may sign."""
        return "RS384" if dict(self.members)["kty"] == "RSA" else "ES384"

    @property
    def kind(self) -> str:
        """What it is, in words."""
        key = self.load()
        return f"RSA, {key.key_size:,} bits" if isinstance(key, rsa.RSAPublicKey) else "EC, P-384"

    @property
    def thumbprint(self) -> str:
        """Its SHA-256 as RFC 7638 defines it: the same key has the same, wherever it is shown."""
        return thumbprint(dict(self.members))

    def load(self) -> VerifyingKey:
        """Return the key ready to verify with."""
        return _load(dict(self.members))

    def is_live_at(self, moment: datetime) -> bool:
        """Say whether it opens anything at a moment."""
        return not self.until or moment < datetime.fromisoformat(self.until)

    def retired_at(self, moment: datetime) -> "PublicKey":
        """Return it ended."""
        return replace(self, until=moment.isoformat())

    def document(self) -> dict[str, str]:
        """Write it as it is stored: a JWK with two names of ours."""
        dates = {"added_at": self.added_at, "until": self.until}
        return {**dict(self.members), "kid": self.kid, "alg": self.algorithm, **dates}


def read_keys(text: str) -> tuple[PublicKey, ...]:
    """Read what a person pastes or a job serves: a JWK set, one JWK, or a public key in PEM.

    Returns:
        At least one key, each with a name of its own, in the order given.

    Raises:
        KeySetError: nothing to take, with what to do.
    """
    if len(text) > MOST_CHARACTERS:
        raise KeySetError(f"This is longer than {MOST_CHARACTERS:,} characters. Send fewer keys.")
    found = _read_pem(text) if "-----BEGIN" in text else _read_json(text)
    keys = tuple(found)
    if not 1 <= len(keys) <= MOST_KEYS:
        raise KeySetError(f"There are {len(keys)} keys in this. Send 1 to {MOST_KEYS}.")
    check_names_differ(keys)
    return keys


def read_served_keys(text: str) -> tuple[PublicKey, ...]:
    """Read the keys that a machine's own address serves; those for other uses are left out.

    Raises:
        KeySetError: nothing to take.
    """
    if len(text) > MOST_CHARACTERS:
        raise KeySetError(f"The set is longer than {MOST_CHARACTERS:,} characters.")
    keys = []
    for place, jwk in enumerate(_listed(text), 1):
        try:
            keys.append(_read_jwk(jwk, place))
        except PrivateKeyError:
            raise
        except KeySetError:  # for encryption, or of a kind we do not take
            continue
    if not keys:
        raise KeySetError("The set holds no key for RS384 or ES384.")
    check_names_differ(keys)
    return tuple(keys[:MOST_KEYS])


def check_names_differ(keys: Iterable[PublicKey]) -> None:
    """Refuse a set in which a kid stands twice.

    Raises:
        KeySetError: with the name.
    """
    names: set[str] = set()
    for key in keys:
        if key.kid in names:
            raise KeySetError(
                f"Two keys are called “{key.kid}”. Give the new one a kid of its own, so that an "
                f"assertion says which of them signed."
            )
        names.add(key.kid)


def stored_keys(jwks: Any) -> tuple[PublicKey, ...]:
    """Read back what `document` wrote; nothing where there is none."""
    return tuple(
        PublicKey(
            kid=stored["kid"],
            members=_members(stored),
            added_at=stored["added_at"],
            until=stored["until"],
        )
        for stored in (jwks or {}).get("keys", [])
    )


def thumbprint(members: dict[str, str]) -> str:
    """Hash the members of a key as RFC 7638 does."""
    text = json.dumps(members, sort_keys=True, separators=(",", ":"))
    return _encoded(hashlib.sha256(text.encode()).digest())


# --- PEM --------------------------------------------------------------------------------------


def _read_pem(text: str) -> list[PublicKey]:
    if "PRIVATE KEY" in text:
        raise _private_part()
    try:
        key = load_pem_public_key(text.strip().encode())
    except (ValueError, UnsupportedAlgorithm) as wrong:
        raise KeySetError(
            "This PEM text is not one public key. Print it with `openssl pkey -pubout`."
        ) from wrong
    members = _members_of(key)
    _load(members)
    return [PublicKey(thumbprint(members), _sorted(members))]


def _members_of(key: Any) -> dict[str, str]:
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        return {"kty": "RSA", "n": _encoded_int(numbers.n), "e": _encoded_int(numbers.e)}
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP384R1):
        point = key.public_numbers()
        return {
            "kty": "EC",
            "crv": "P-384",
            "x": _encoded(point.x.to_bytes(48, "big")),
            "y": _encoded(point.y.to_bytes(48, "big")),
        }
    raise _wrong_kind()


# --- JSON -------------------------------------------------------------------------------------


def _read_json(text: str) -> list[PublicKey]:
    return [_read_jwk(jwk, place) for place, jwk in enumerate(_listed(text), 1)]


def _listed(text: str) -> list[Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise KeySetError(
            "This is neither a JWK set nor a public key in PEM. Paste JSON that begins with "
            "{“keys”: …, or text that begins with -----BEGIN PUBLIC KEY-----."
        ) from wrong
    if isinstance(document, dict) and "kty" in document:
        document = {"keys": [document]}
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise KeySetError("A JWK set is {“keys”: [ … ]}; there is no list of keys in this.")
    return listed


def _read_jwk(jwk: Any, place: int) -> PublicKey:
    if not isinstance(jwk, dict):
        raise KeySetError(f"Key {place} is not a JWK. Each key is an object with kty and kid.")
    if any(name in jwk for name in _PRIVATE):
        raise _private_part()
    kid = jwk.get("kid")
    if not isinstance(kid, str) or not 1 <= len(kid) <= _LONGEST_KID or not kid.isprintable():
        raise KeySetError(
            f"Key {place} has no kid of 1 to {_LONGEST_KID} printable characters. Name it, so "
            f"that assertions can point to it."
        )
    members = _members(jwk)
    _load(dict(members))
    key = PublicKey(kid, members)
    _check_use(jwk, key.algorithm)
    return key


def _check_use(jwk: dict[str, Any], algorithm: str) -> None:
    is_for_signing = jwk.get("use", "sig") == "sig" and jwk.get("key_ops", ["verify"]) == ["verify"]
    if not is_for_signing or jwk.get("alg", algorithm) != algorithm:
        raise KeySetError(
            f"The key is meant for something else. Make one whose use is “sig” and whose alg is "
            f"“{algorithm}”."
        )


def _members(jwk: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    names = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y")}.get(str(jwk.get("kty")))
    if names is None:
        raise _wrong_kind()
    members = {name: jwk.get(name) for name in names}
    if not all(isinstance(value, str) and value for value in members.values()):
        raise KeySetError(f"A {members['kty']} key needs {', '.join(names)}. Export it again.")
    return _sorted({name: str(value) for name, value in members.items()})


def _sorted(members: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(members.items()))


def _load(members: dict[str, str]) -> VerifyingKey:
    """Build the key, and refuse what is too weak or no key at all."""
    try:
        return _load_rsa(members) if members["kty"] == "RSA" else _load_ec(members)
    except KeySetError:
        raise
    except (ValueError, UnsupportedAlgorithm) as wrong:
        raise KeySetError("The numbers of the key do not make a key. Export it again.") from wrong


def _load_rsa(members: dict[str, str]) -> rsa.RSAPublicKey:
    n, e = _decoded_int(members["n"]), _decoded_int(members["e"])
    least, most = _RSA_BITS
    if not least <= n.bit_length() <= most:
        raise KeySetError(
            f"The RSA key has {n.bit_length():,} bits. Make one of {least:,} to {most:,}."
        )
    if not _SMALLEST_EXPONENT <= e < _LARGEST_EXPONENT:
        raise KeySetError("The RSA key has an unusual exponent. Make one with 65537.")
    return rsa.RSAPublicNumbers(e, n).public_key()


def _load_ec(members: dict[str, str]) -> ec.EllipticCurvePublicKey:
    if members["crv"] != "P-384":
        raise _wrong_kind()
    x, y = _decoded_int(members["x"]), _decoded_int(members["y"])
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP384R1()).public_key()


def _private_part() -> PrivateKeyError:
    return PrivateKeyError(
        "There is a private key in this, and it has now travelled. Nothing was stored. Make a new "
        "pair, keep its private part with the job, and send the public part alone."
    )


def _wrong_kind() -> KeySetError:
    return KeySetError(
        "Keys are RSA of 2,048 bits or more (RS384) or EC on the curve P-384 (ES384). Make one of "
        "these."
    )


# --- base64url without padding (RFC 7515, appendix C) -------------------------------------------


def decoded(text: str) -> bytes:
    """Decode, and take only the one spelling each value has.

    Raises:
        ValueError: another alphabet, padding, or bits that nobody reads.
    """
    try:
        value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as wrong:
        raise ValueError("not base64url") from wrong
    if _encoded(value) != text:
        raise ValueError("not the one spelling of its value")
    return value


def _decoded_int(text: str) -> int:
    return int.from_bytes(decoded(text), "big")


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _encoded_int(value: int) -> str:
    return _encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))
