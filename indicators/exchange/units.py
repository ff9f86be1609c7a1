"""Units of scores: `per 1000 patient days`, `/1000.d`, `%`, and what they multiply a rate by."""

from __future__ import annotations

import re
from collections.abc import Sequence

PERCENT = 100
PERCENT_UNITS = frozenset({"%", "percent", "per cent", "[percent]", "percentage"})
PLAIN_UNITS = frozenset({"1", "{1}", "ratio", "{ratio}", "rate", "{rate}", "{score}"})
MULTIPLIERS = frozenset({100, 1_000, 10_000, 100_000})
_WORDS = {
    "hundred thousand": 100_000,
    "ten thousand": 10_000,
    "thousand": 1_000,
    "hundred": 100,
    "million": 1_000_000,
}
# UCUM writes `{infection}/1000.d`, `/(1000.d)` or `/10*3.d`; people write `per 1,000 days`.
_PER = re.compile(
    r"(?:\bper\s+|/\s*\(?\s*)(?:10[*^](?P<power>[0-9])(?![0-9])"
    r"|(?P<number>[0-9]+(?:[,\u2009\u202f' ][0-9]{3})*)(?![0-9]|[.,][0-9]|\s*(?:thousand|million))"
    r"|(?:an?\s+|one\s+)?(?P<word>hundred thousand|ten thousand|thousand|hundred|million)\b)",
    re.IGNORECASE,
)
_SAYS_NUMBER = re.compile(r"(?:\bper\b|/).*(?:[0-9]|million)", re.IGNORECASE)


def multiplier_of(texts: Sequence[str]) -> int | None:
    """Return what a unit multiplies a rate by: 100 for percent, 1000 for so many per 1,000.

    Args:
        texts: the unit as text, display and code, whichever are there.

    Returns:
        100, 1000, 10000 or 100000; None when the unit says no such number, or two of them.
    """
    found = {number for text in texts if (number := _multiplier(text)) is not None}
    return next(iter(found)) if len(found) == 1 and found <= MULTIPLIERS else None


def is_open(texts: Sequence[str], scoring: str) -> bool:
    """Say whether a person has to tell the multiplier, because the unit only hints at one.

    A proportion is printed in percent unless somebody says otherwise, so a unit that is
    neither percent nor a number of cases leaves the multiplier open.
    """
    said = [text.strip().lower() for text in texts if text.strip()]
    if not said or multiplier_of(said) is not None:
        return False
    if any(_SAYS_NUMBER.search(text) for text in said):
        return True
    return scoring == "proportion"


def _multiplier(text: str) -> int | None:
    if text.strip().lower() in PERCENT_UNITS:
        return PERCENT
    found = _PER.search(text)
    if found is None:
        return None
    if found["power"]:
        return int(10 ** int(found["power"]))
    if found["word"]:
        return _WORDS[found["word"].lower()]
    return int(re.sub(r"[^0-9]", "", found["number"]))
