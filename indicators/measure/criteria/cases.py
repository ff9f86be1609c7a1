"""Columns of a table of cases, ready for masks: numbers, and numbered texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from indicators.measure.columns import CasesError
from indicators.measure.criteria.numbers import Bools, Numbers

HALF_THE_BITS = 64


@dataclass(frozen=True, slots=True)
class Texts:
    """One text for each case, or an array of one that stands for all of them.

    Attributes:
        words: the distinct texts.
        codes: for each case the place of its text in `words`; 0 where missing.
        missing: where there is no text.
    """

    words: tuple[str, ...]
    codes: npt.NDArray[np.int64]
    missing: Bools

    def where(self, fits: Callable[[str], bool]) -> Bools:
        """Return which cases have a text that fits, asking once per distinct text."""
        if not self.words:
            return np.zeros(len(self.codes), np.bool_)
        return np.array([fits(word) for word in self.words], np.bool_)[self.codes]

    def with_the_codes_of(
        self, other: Texts
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Number the texts of both columns alike, so that equal texts have equal codes."""
        numbering = {word: code for code, word in enumerate({*self.words, *other.words})}
        return self._renumbered(numbering), other._renumbered(numbering)

    def _renumbered(self, numbering: dict[str, int]) -> npt.NDArray[np.int64]:
        if not self.words:
            return self.codes
        return np.array([numbering[word] for word in self.words], np.int64)[self.codes]


def read_column(table: pa.Table, name: str) -> Numbers | Texts:
    """Read one column of cases.

    Raises:
        CasesError: there is no such column, or its type is not one that criteria know.
    """
    if name not in table.column_names:
        raise CasesError(f"The cases have no column {name!r}.")
    values = table.column(name).combine_chunks()
    missing = values.is_null().to_numpy(zero_copy_only=False)
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _texts(values, missing)
    if pa.types.is_decimal128(kind):
        return Numbers(_unscaled(values), kind.scale, missing)
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return Numbers(_whole(values), 0, missing)
    if pa.types.is_date32(kind):
        return Numbers(_whole(values.cast(pa.int32())), 0, missing)
    raise CasesError(
        f"Column {name!r} of the cases is {kind}; expected string, int64, decimal128, date32 "
        f"or bool."
    )


def _texts(values: Any, missing: Bools) -> Texts:
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    words = tuple(values.dictionary.to_pylist())
    return Texts(words, _whole(values.indices), missing)


def _whole(values: Any) -> npt.NDArray[np.int64]:
    numbers: npt.NDArray[np.int64] = pc.fill_null(values.cast(pa.int64()), 0).to_numpy(
        zero_copy_only=False
    )
    return numbers


def _unscaled(values: Any) -> npt.NDArray[Any]:
    """Read decimals as the whole numbers they are stored as, without leaving exactness.

    Arrow keeps a decimal128 as two little-endian words: the low one, then the high one,
    which only repeats the sign while the number fits 64 bits.
    """
    words = np.frombuffer(values.buffers()[1], np.int64)
    words = words[2 * values.offset : 2 * (values.offset + len(values))]
    known = ~values.is_null().to_numpy(zero_copy_only=False)
    low, high = np.where(known, words[0::2], 0), np.where(known, words[1::2], 0)
    if np.array_equal(high, low >> (HALF_THE_BITS - 1)):
        return low
    roomy: npt.NDArray[Any] = high.astype(object) * 2**HALF_THE_BITS
    roomy += low.view(np.uint64).astype(object)
    return roomy
