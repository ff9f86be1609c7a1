"""Small parts of FHIR resources as they are written: concepts, extensions, exact decimals."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from comanage.values.rounding import decimal_text, exact_text
from indicators.exchange import vocabulary as v
from indicators.exchange.errors import ExchangeError

SCORE_PLACES = 12
LONGEST_ID = 64
Resource = dict[str, Any]


def concept(system: str, code: str, display: str = "") -> Resource:
    """Write a CodeableConcept of one coding."""
    coding = {"system": system, "code": code}
    return {"coding": [coding | ({"display": display} if display else {})]}


def words(text: str) -> Resource:
    """Write a CodeableConcept that has words alone."""
    return {"text": text}


def extension(url: str, **value: Any) -> Resource:
    """Write an extension: `extension(url, valueCode="median")`."""
    return {"url": url, **value}


def absent(reason: str) -> Resource:
    """Write why a value is not there, by a code of HL7's data-absent reasons."""
    return extension(v.ABSENT, valueCode=reason)


def score_decimal(value: Fraction) -> Decimal:
    """Write a score: all its decimals when it has at most 12, else 12, halves upward."""
    text = decimal_text(value, SCORE_PLACES)
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def exact_extension(count: Fraction) -> Resource:
    """Write a count or sum that FHIR's integer cannot say: a decimal, or text such as `10/3`."""
    decimal = score_decimal(count)
    if Fraction(decimal) == count:
        return extension(v.EXACT_COUNT_URL, valueDecimal=decimal)
    return extension(v.EXACT_COUNT_URL, valueString=exact_text(count))


def stable_urn(*parts: str) -> str:
    """Make an address out of what something is, the same each time: `urn:uuid:…`."""
    return uuid5(NAMESPACE_URL, "|".join(("urn:comanage", *parts))).urn


def resource_id(text: str) -> str:
    """Make the id of a resource: letters, digits, hyphens and dots, at most 64."""
    cleaned = re.sub(r"[^A-Za-z0-9.-]+", "-", text).strip("-")[:LONGEST_ID]
    if not cleaned:
        raise ExchangeError("A resource needs a name with a letter or digit in it.")
    return cleaned


def computer_name(slug: str) -> str:
    """Make FHIR's computer-friendly name of a slug: `readmission-30-day` → `Readmission30Day`."""
    name = "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", slug))
    return name if name[:1].isalpha() else f"Measure{name}"


def without_blanks(resource: Resource) -> Resource:
    """Leave out what is empty: FHIR allows no empty text, list or object."""
    return {name: value for name, value in resource.items() if value not in ("", None, [], {})}
