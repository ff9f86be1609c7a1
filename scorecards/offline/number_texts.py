"""Whole numbers and decimals out of text, exact, a whole column of distinct texts at a time."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Bools = npt.NDArray[np.bool_]
MOST_DIGITS = 38
MOST_WHOLE_DIGITS = 18
LARGEST_EXPONENT = 30
_DIGITS = r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)"
_WHOLE = rf"^[+-]?{_DIGITS}(?:\.0*)?$"
_DECIMAL = rf"^[+-]?\$?(?:{_DIGITS}(?:\.[0-9]*)?|\.[0-9]+)$"
_PERCENT = rf"^[+-]?(?:{_DIGITS}(?:\.[0-9]*)?|\.[0-9]+) ?%$"
_POWER = r"^[+-]?[0-9](?:\.[0-9]+)?[eE][+-]?[0-9]{1,3}$"
_ONE_COMMA = r"^[+-]?\$?[0-9]+,[0-9]+ ?%?$"
_PLAIN = r"^(?P<sign>-?)0*(?P<whole>[0-9]*)(?:\.(?P<rest>[0-9]*?)0*)?$"
ODD_MARKS = r"[$,+]"
# Wide enough to move the point of any number that is kept, without rounding.
_EXACT = Context(prec=100)


def read_whole(texts: pa.Array) -> tuple[pa.Array, Bools]:
    """Read whole numbers: `12`, `1,234`, `12.0`.

    Args:
        texts: distinct, trimmed, none missing.

    Returns:
        int64, null where bad; and where they are bad.
    """
    plain = pc.replace_substring_regex(
        pc.replace_substring_regex(_only(texts, _WHOLE), ODD_MARKS, ""), r"\..*$", ""
    )
    fits = _only(plain, rf"^-?0*[0-9]{{1,{MOST_WHOLE_DIGITS}}}$")
    values = pc.replace_substring_regex(fits, r"^(-?)0+([0-9])", r"\1\2").cast(pa.int64())
    return values, _mask(pc.is_null(values))


def read_decimals(texts: pa.Array) -> tuple[pa.Array, Bools]:
    """Read decimals: `12.5`, `1,234.5`, `$12`, `8.5%` as 0.085, `1e-05`.

    The scale is the most decimals that any of them has, as far as 38 digits reach.

    Args:
        texts: distinct, trimmed, none missing.

    Returns:
        decimal128, null where bad; and where they are bad.
    """
    ordinary = pc.replace_substring_regex(_only(texts, _DECIMAL), ODD_MARKS, "")
    parts = pc.extract_regex(_with_odd_ones(texts, ordinary), pattern=_PLAIN)
    whole, rest = (pc.fill_null(pc.struct_field(parts, name), "") for name in ("whole", "rest"))
    before, after = _lengths(whole), _lengths(rest)
    good = _mask(pc.is_valid(parts)) & (before <= MOST_DIGITS)
    scale = min(int(after[good].max(initial=0)), MOST_DIGITS - int(before[good].max(initial=0)))
    good &= after <= scale
    written = pc.binary_join_element_wise(
        pc.fill_null(pc.struct_field(parts, "sign"), ""),
        pc.if_else(pc.equal(whole, ""), "0", whole),
        pc.if_else(pc.equal(rest, ""), "", pc.binary_join_element_wise(".", rest, "")),
        "",
    )
    kept = pc.if_else(pa.array(good), written, pa.scalar(None, pa.string()))
    return kept.cast(pa.decimal128(MOST_DIGITS, scale)), ~good


def are_percents(texts: pa.Array) -> Bools:
    """Say which texts are written with a percent sign."""
    return _mask(pc.match_substring_regex(texts, _PERCENT))


def have_one_comma(texts: pa.Array) -> Bools:
    """Say which texts have one comma and no point: thousands here, decimals elsewhere."""
    return _mask(pc.match_substring_regex(texts, _ONE_COMMA))


def _with_odd_ones(texts: pa.Array, ordinary: pa.Array) -> pa.Array:
    """Write percents and powers of ten as plain digits; there are few of them."""
    percents, powers = (_mask(pc.match_substring_regex(texts, form)) for form in (_PERCENT, _POWER))
    if not (percents | powers).any():
        return ordinary
    written = ordinary.to_pylist()
    for place in np.flatnonzero(percents):
        digits = texts[place].as_py().replace(",", "").rstrip("% ")
        written[place] = format(Decimal(digits).scaleb(-2, _EXACT), "f")
    for place in np.flatnonzero(powers):
        number = Decimal(texts[place].as_py())
        if abs(number.adjusted()) <= LARGEST_EXPONENT:
            written[place] = format(number, "f")
    return pa.array(written, pa.string())


def _only(texts: pa.Array, shape: str) -> pa.Array:
    """Keep the texts of a shape, so that the cast after it cannot fail."""
    return pc.if_else(pc.match_substring_regex(texts, shape), texts, pa.scalar(None, pa.string()))


def _lengths(texts: Any) -> npt.NDArray[np.int64]:
    lengths: npt.NDArray[np.int64] = pc.utf8_length(texts).to_numpy(zero_copy_only=False)
    return lengths


def _mask(flags: Any) -> Bools:
    mask: Bools = flags.to_numpy(zero_copy_only=False).astype(np.bool_)
    return mask
