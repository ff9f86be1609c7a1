"""Numbers that carry thousands separators, a dollar sign or a percent sign, exactly."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

PLAIN = "[0-9]+"
GROUPED = "(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)"


def without_marks(texts: pa.Array, *, grouped: bool, dollar: bool) -> pa.Array:
    """Take dollar signs and thousands separators off: `$25,753.96` is `25753.96`.

    Args:
        texts: trimmed; a text that is no such number comes back as null.
        grouped: whether commas may part thousands.
        dollar: whether a dollar sign may stand before the number.
    """
    sign = r"(?:-?\$?|\$-)" if dollar else "-?"
    shaped = _only(texts, rf"^{sign}{GROUPED if grouped else PLAIN}(?:\.[0-9]+)?$")
    return pc.replace_substring_regex(shaped, "[$,]", "")


def decimals_of_percents(texts: pa.Array, *, grouped: bool) -> pa.Array:
    """Divide percentages by a hundred, by moving the point: `85.2%` is `0.852`.

    Zeros at the end of the decimals are left out. Nothing is rounded.

    Args:
        texts: trimmed; a text without the sign comes back as null.
        grouped: whether commas may part thousands.
    """
    shaped = _only(texts, rf"^-?{GROUPED if grouped else PLAIN}(?:\.[0-9]+)? ?%$")
    digits = pc.replace_substring_regex(shaped, "[, %]", "")
    wide = pc.replace_substring_regex(digits, "^(-?)", r"\100")
    moved = pc.replace_substring_regex(wide, r"^(-?[0-9]+)([0-9]{2})\.?([0-9]*)$", r"\1.\2\3")
    short = pc.replace_substring_regex(moved, r"\.?0+$", "")
    return pc.replace_substring_regex(short, r"^(-?)0+([0-9])", r"\1\2")


def _only(texts: pa.Array, shape: str) -> pa.Array:
    return pc.if_else(pc.match_substring_regex(texts, shape), texts, pa.scalar(None, pa.string()))
