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

from scorecards.intake.texts import NOWHERE, TextBytes

MASK = "\u2022\u2022\u2022"  # what is shown in place of an identifier
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
        "aco",
        "category",
        "clinic",
        "code",
        "condition",
        "county",
        "department",
        "dept",
        "device",
        "diagnosis",
        "domain",
        "drg",
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
        "metric",
        "org",
        "organization",
        "plan",
        "procedure",
        "product",
        "program",
        "region",
        "registry",
        "room",
        "service",
        "site",
        "specialty",
        "state",
        "survey",
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

# How one reaches a publisher; in a file without persons these name nobody.
CONTACTS = frozenset({"a phone number", "an e-mail address"})

# The shortest texts that can hold a shape: an e-mail address, any other, a bare card number.
SHORTEST_ADDRESS, SHORTEST, SHORTEST_CARD = 6, 10, 15
# Every shape but the bare card number holds one of these, or a character that is not ASCII.
MARKS = np.zeros(256, np.bool_)
MARKS[list(b"@+-. (")] = True
MARKS[128:] = True
AT_SIGN = ord("@")


@dataclass(frozen=True, slots=True)
class PatternHit:
    """Texts of one column that hold one shape of identifier, by their places."""

    kind: str
    cells: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class BareCards:
    """Texts that are written like a payment card number without spaces.

    Args:
        shaped: places of all of them.
        fitting: places of those whose check digit fits.
    """

    shaped: NDArray[np.intp]
    fitting: NDArray[np.intp]


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
    """Find texts that hold a written identifier, by kind; the array is the whole column."""
    hits, cards = written_hits(texts), bare_cards(texts)
    if are_cards(len(cards.shaped), len(cards.fitting)):
        hits.append(PatternHit(CARD, cards.fitting))
    return hits


def are_cards(shaped: int, fitting: int) -> bool:
    """Say whether a column's bare runs of digits are taken for payment card numbers.

    They are when at least half of them have a fitting check digit: of ordinary sixteen-digit
    numbers one in ten fits by chance.

    Args:
        shaped: cells of the whole column that are written like one.
        fitting: those among them whose check digit fits.
    """
    return fitting > 0 and fitting * 2 >= shaped


def written_hits(texts: pa.Array) -> list[PatternHit]:
    """Find texts that hold an identifier of a written shape: all but bare card numbers."""
    places = _suspects(texts)
    if not len(places):
        return []
    suspects = texts.take(pa.array(places))
    found = {kind: _matching(suspects, shape) for kind, shape in SHAPES.items()}
    grouped = _matching(suspects, GROUPED_CARD_SHAPE)
    found[CARD] = _with_check_digit(suspects, grouped, GROUPED_CARD_SHAPE)
    return [PatternHit(kind, places[mask]) for kind, mask in found.items() if mask.any()]


def bare_cards(texts: pa.Array) -> BareCards:
    """Find texts that hold a run of digits written like a payment card number."""
    is_long = TextBytes.of(texts).lengths >= SHORTEST_CARD
    places = np.flatnonzero(is_long) if is_long.any() else NOWHERE
    if not len(places):
        return BareCards(places, places)
    long_texts = texts.take(pa.array(places))
    shaped = _matching(long_texts, BARE_CARD_SHAPE)
    fitting = _with_check_digit(long_texts, shaped, BARE_CARD_SHAPE)
    return BareCards(places[shaped], places[fitting])


def _suspects(texts: pa.Array) -> NDArray[np.intp]:
    """Find the texts long enough, and with a character without which no shape is written."""
    if not len(texts):
        return NOWHERE
    inside = TextBytes.of(texts)
    has_address = bool((inside.codes == AT_SIGN).any())
    places = np.flatnonzero(inside.lengths >= (SHORTEST_ADDRESS if has_address else SHORTEST))
    if not len(places):
        return places
    # From the start of one long text to the next: a short one between them only adds a suspect.
    is_marked = np.logical_or.reduceat(MARKS[inside.codes], inside.starts[places])
    suspects: NDArray[np.intp] = places[is_marked]
    return suspects


def holds_identifier(*texts: str) -> bool:
    """Say whether any of some texts, each for itself, holds a written identifier."""
    array = pa.array(texts, pa.string())
    return bool(written_hits(array)) or len(bare_cards(array).fitting) > 0


def _matching(texts: pa.Array, shape: str) -> NDArray[np.bool_]:
    mask: NDArray[np.bool_] = pc.match_substring_regex(texts, shape).to_numpy(zero_copy_only=False)
    return mask.astype(np.bool_)


def _with_check_digit(texts: pa.Array, mask: NDArray[np.bool_], shape: str) -> NDArray[np.bool_]:
    """Keep the marks of texts whose check digit fits."""
    fitting = mask.copy()
    for place in np.flatnonzero(mask):
        fitting[place] = _check_digit_fits(texts[int(place)].as_py(), shape)
    return fitting


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
