"""One way to write a document, so that equal documents have equal hashes.

The subset of RFC 8785 (JSON Canonicalization Scheme) without fractions: exact numbers
travel as text.
"""

from __future__ import annotations

import json
from hashlib import sha256

# Beyond this, readers that hold numbers as doubles would change them (RFC 8785, appendix D).
LARGEST_WHOLE_NUMBER = 2**53 - 1


class CanonicalError(ValueError):
    """A value that has no canonical form here."""


def canonical_json(value: object) -> str:
    """Write a document without spaces, its keys in UTF-16 order.

    Args:
        value: None, bool, int, str, and lists and dicts of them.

    Raises:
        CanonicalError: a float, Decimal or other type, a key that is not text, a whole
            number beyond 2**53 - 1, or text with half a character in it.
    """
    return _write(value, "$")


def sha256_of(value: object) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal."""
    return sha256(canonical_json(value).encode()).hexdigest()


def _write(value: object, place: str) -> str:
    match value:
        case None | True | False:
            return {None: "null", True: "true", False: "false"}[value]
        case str():
            return _text(value, place)
        case int():
            return _whole_number(value, place)
        case list():
            return "[" + ",".join(_write(v, f"{place}[{i}]") for i, v in enumerate(value)) + "]"
        case dict():
            return "{" + ",".join(_entry(k, value[k], place) for k in _keys(value, place)) + "}"
    raise CanonicalError(
        f"{place} is {value!r}, a {type(value).__name__}. Write exact numbers and dates as text."
    )


def _keys(document: dict[object, object], place: str) -> list[str]:
    """Return the keys by UTF-16 code units, which is not the order of Python's sort."""
    keys = [key for key in document if isinstance(key, str)]
    if len(keys) < len(document):
        raise CanonicalError(f"{place} has a key that is not text.")
    return sorted(keys, key=lambda key: key.encode("utf-16-be", "surrogatepass"))


def _entry(key: str, value: object, place: str) -> str:
    return f"{_text(key, place)}:{_write(value, f'{place}.{key}')}"


def _text(text: str, place: str) -> str:
    """Escape as RFC 8785 section 3.2.2.2 says, which is how Python escapes when not to ASCII."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise CanonicalError(f"{place} holds half a character (a lone surrogate).") from None
    return json.dumps(text, ensure_ascii=False)


def _whole_number(number: int, place: str) -> str:
    if abs(number) > LARGEST_WHOLE_NUMBER:
        raise CanonicalError(f"{place} is {number}, too large for JSON. Write it as text.")
    return str(int(number))
