"""What looks like a person's identifier: in the name of a column, and in a cell.

Column names are judged by their words, so that `medical_specialty`, `patient_nbr` and
`number_emergency` stay. Cells are judged by four written shapes. A bare run of nine or ten
digits is no shape: encounter numbers and NPIs look the same.

Source:
    45 CFR 164.514(b)(2)(i), the identifiers of the Safe Harbor method.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

# Any of these words anywhere in a column name.
WORDS = {
    "a medical record number": "mrn mrns medrec",
    "a Social Security number": "ssn ssns",
    "an address": "address addresses addr street",
    "a phone or fax number": "phone phones telephone mobile cellphone fax telefax",
    "an e-mail address": "email emails",
    "a birth date": "dob birthdate birthday",
    "a postal code": "zip zipcode zipcodes postcode postal",
    "an account number": "account accounts acct iban",
    "a health plan number": "hicn mbi subscriber beneficiary policyholder",
    "a device or vehicle number": "vin",
    "a web address": "url urls website",
    "an IP address": "ipaddress ipv4 ipv6",
    "a photograph": "photo photos photograph picture",
    "a fingerprint or voice print": "biometric biometrics fingerprint",
    "a licence number": "license licence passport",
    "a name": "surname forename firstname lastname fullname middlename maidenname patientname",
}
# These words in a row, anywhere in a column name.
PHRASES = {
    "a medical record number": ("medical record", "med rec", "record number", "chart number"),
    "a Social Security number": ("social security", "social insurance", "soc sec"),
    "an e-mail address": ("e mail",),
    "an IP address": ("ip address", "ip addr", "client ip"),
    "a health plan number": (
        "member id",
        "member number",
        "plan number",
        "policy number",
        "insurance number",
        "insurance id",
        "medicare number",
        "medicaid number",
    ),
    "a device or vehicle number": ("device serial", "serial number", "serial no", "serial nbr"),
    "free text": ("free text",),
}
# `operative_note_signed` is a flag; `operative_note` is a text.
FREE_TEXT_AT_THE_END = frozenset(
    ("comment", "comments", "note", "notes", "narrative", "remark", "remarks", "freetext")
)
WHOLE_NAMES = {"ip": "an IP address", "social": "a Social Security number", "image": "a photograph"}
# A name or a birth of these is about a thing, not a person.
THING_WITH_NAME = frozenset(
    (
        "clinic",
        "code",
        "department",
        "dept",
        "device",
        "drug",
        "event",
        "facility",
        "file",
        "group",
        "hospital",
        "indicator",
        "item",
        "location",
        "measure",
        "medication",
        "organization",
        "plan",
        "procedure",
        "product",
        "program",
        "registry",
        "room",
        "service",
        "site",
        "specialty",
        "system",
        "test",
        "unit",
        "vendor",
        "ward",
    )
)
ABOUT_A_BIRTH = frozenset(("weight", "length", "order", "outcome", "plurality", "status", "type"))

LETTERS_THEN_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
DASH = "[-\u2010\u2011\u2012\u2013\u2014]"
EDGE = r"[^0-9A-Za-z.-]"
SHAPES = {
    "a Social Security number": (
        rf"(?:^|{EDGE})[0-9]{{3}}(?:{DASH}[0-9]{{2}}{DASH}| [0-9]{{2}} )[0-9]{{4}}"
        r"(?:$|[^0-9A-Za-z-])"
    ),
    "a phone number": (
        rf"(?:^|{EDGE})(?:\+?1[ .-]?)?(?:\([2-9][0-9]{{2}}\) ?|[2-9][0-9]{{2}}[ .-])"
        r"[0-9]{3}[ .-][0-9]{4}(?:$|[^0-9A-Za-z-])"
        r"|(?:^|[^0-9A-Za-z])\+[0-9][0-9 ().-]{7,16}[0-9](?:$|[^0-9])"
    ),
    "an e-mail address": r"[0-9A-Za-z._%+-]@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*\.[A-Za-z]{2,}",
}
GROUPED_CARD = (
    r"[2-6][0-9]{3}[ -][0-9]{4}[ -][0-9]{4}[ -][0-9]{4}|3[47][0-9]{2}[ -][0-9]{6}[ -][0-9]{5}"
)
BARE_CARD = (
    r"4[0-9]{15}|5[1-5][0-9]{14}|2[2-7][0-9]{14}|6(?:011|5[0-9]{2}|4[4-9][0-9])[0-9]{12}"
    r"|3[47][0-9]{13}"
)
CARD = "a payment card number"
GROUPED_CARD_SHAPE = rf"(?:^|{EDGE})({GROUPED_CARD})(?:$|[^0-9A-Za-z-])"
BARE_CARD_SHAPE = rf"(?:^|{EDGE})({BARE_CARD})(?:$|[^0-9A-Za-z.-])"


@dataclass(frozen=True, slots=True)
class PatternHit:
    """Cells of one column that hold one shape of identifier."""

    kind: str
    cells: NDArray[np.intp]


def identifier_kind(column_name: str) -> str | None:
    """Say what identifier a column name promises, or None."""
    plain = unicodedata.normalize("NFKC", column_name).strip()
    split = LETTERS_THEN_CAPITAL.sub(" ", plain).casefold()
    words = [word.rstrip("0123456789") or word for word in re.findall(r"[^\W_]+", split)]
    text = f" {' '.join(words)} "
    together = "".join(words)
    if text.strip() in WHOLE_NAMES:
        return WHOLE_NAMES[text.strip()]
    for kind, listed in WORDS.items():
        if not {*words, together}.isdisjoint(listed.split()):
            return kind
    for kind, phrases in PHRASES.items():
        if any(f" {phrase} " in text for phrase in phrases):
            return kind
    if words and words[-1] in FREE_TEXT_AT_THE_END:
        return "free text"
    return _named_or_born(words)


def _named_or_born(words: list[str]) -> str | None:
    """Tell a person's name and birth from the name of a ward and a birth weight."""
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        after = words[place + 1] if place + 1 < len(words) else ""
        if word in ("name", "names") and before not in THING_WITH_NAME:
            return "a name"
        if word == "birth" and after not in ABOUT_A_BIRTH:
            return "a birth date"
    return None


def pattern_hits(texts: pa.Array) -> list[PatternHit]:
    """Find cells that hold a written identifier, by kind.

    Each distinct text is read once. A bare run of digits counts as a payment card only
    when its check digit fits and at least half of the column's runs of that shape fit too:
    of ordinary sixteen-digit numbers one in ten fits by chance.
    """
    encoded = texts.dictionary_encode()
    distinct = encoded.dictionary
    if not len(distinct):
        return []
    cells = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    found = {kind: _matching(distinct, shape) for kind, shape in SHAPES.items()}
    found[CARD] = _card_numbers(distinct)
    return [
        PatternHit(kind, np.flatnonzero(np.isin(cells, np.flatnonzero(mask))))
        for kind, mask in found.items()
        if mask.any()
    ]


def holds_identifier(text: str) -> bool:
    """Say whether one text holds a written identifier."""
    return bool(pattern_hits(pa.array([text], pa.string())))


def _matching(distinct: pa.Array, shape: str) -> NDArray[np.bool_]:
    mask: NDArray[np.bool_] = pc.match_substring_regex(distinct, shape).to_numpy(
        zero_copy_only=False
    )
    return mask.astype(bool)


def _card_numbers(distinct: pa.Array) -> NDArray[np.bool_]:
    grouped = _matching(distinct, GROUPED_CARD_SHAPE)
    for place in np.flatnonzero(grouped):
        grouped[place] = _check_digit_fits(distinct[int(place)].as_py(), GROUPED_CARD_SHAPE)
    bare = _matching(distinct, BARE_CARD_SHAPE)
    candidates = np.flatnonzero(bare)
    for place in candidates:
        bare[place] = _check_digit_fits(distinct[int(place)].as_py(), BARE_CARD_SHAPE)
    by_chance = bare.sum() * 2 < len(candidates)
    return grouped if by_chance else grouped | bare


def _check_digit_fits(text: str, shape: str) -> bool:
    """Hold the digits against the Luhn formula.

    Source:
        ISO/IEC 7812-1, annex B.
    """
    return any(_luhn(re.sub(r"[ -]", "", match.group(1))) for match in re.finditer(shape, text))


def _luhn(digits: str) -> bool:
    backwards = [int(digit) for digit in reversed(digits)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in backwards[1::2])
    return (sum(backwards[::2]) + sum(doubled)) % 10 == 0
