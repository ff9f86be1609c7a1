"""Columns of a table of cases, ready for masks: numbers, and numbered texts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from indicators.measure.columns import CasesError
from indicators.measure.criteria.numbers import NONE_MISSING, Bools, Numbers
from indicators.measure.criteria.tree import Kind

HALF_THE_BITS = 64
# Up to so many ranges of codes are compared one by one; more are looked up in a table.
MOST_RUNS = 12
Codes = npt.NDArray[np.int64]
TICKS_A_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


class Columns(Protocol):
    """Cases by column: a table, or what was written from it for the kernel."""

    @property
    def rows(self) -> int:
        """How many cases there are."""

    def column(self, name: str) -> Numbers | Texts:
        """Return one column.

        Raises:
            CasesError: there is no such column, or its type is not one that criteria know.
        """


class TableColumns:
    """The columns of a table of cases, each read once, when it is first asked for."""

    def __init__(self, table: pa.Table) -> None:
        """Read nothing yet."""
        self.rows: int = table.num_rows
        self._table = table
        self._read: dict[str, Numbers | Texts] = {}

    def column(self, name: str) -> Numbers | Texts:
        """Read one column."""
        if name not in self._read:
            column = read_column(self._table, name)
            if isinstance(column, Numbers):
                column = replace(column, largest=column.peak)
            self._read[name] = column
        return self._read[name]


class Part:
    """Some of the rows of other cases, without copying them."""

    def __init__(self, whole: Columns, first: int, end: int) -> None:
        """Take the rows from `first` up to before `end`."""
        self.rows = end - first
        self._whole, self._rows = whole, slice(first, end)

    def column(self, name: str) -> Numbers | Texts:
        """Return these rows of one column."""
        column = self._whole.column(name)
        missing = column.missing
        if missing is not NONE_MISSING:
            missing = missing[self._rows]
        if isinstance(column, Texts):
            return replace(column, codes=column.codes[self._rows], missing=missing)
        return replace(column, scaled=column.scaled[self._rows], missing=missing)


class Vocabulary:
    """The distinct texts of a column, and which of them passed a test before."""

    def __init__(self, words: Sequence[str]) -> None:
        """Keep the texts in the order of their codes; they are read when first asked for."""
        self.words = words
        self._runs: dict[Hashable, tuple[tuple[int, int], ...]] = {}

    def runs(self, test: Hashable, fits: Callable[[str], bool]) -> tuple[tuple[int, int], ...]:
        """Return the codes of the texts that fit, as ranges from a code up to before another.

        Args:
            test: what is asked; the same test is answered from memory.
            fits: answers it for one text.
        """
        if test not in self._runs:
            fitting = np.fromiter((fits(word) for word in self.words), np.bool_, len(self.words))
            edges = np.diff(np.concatenate([[0], fitting.view(np.int8), [0]]))
            firsts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
            self._runs[test] = tuple(zip(firsts.tolist(), ends.tolist(), strict=True))
        return self._runs[test]


@dataclass(frozen=True, slots=True)
class Texts:
    """One text for each case, or an array of one that stands for all of them.

    Attributes:
        vocabulary: the distinct texts.
        codes: for each case the place of its text; the number of texts where it is missing.
        missing: where there is no text; NONE_MISSING where nothing is missing.
    """

    vocabulary: Vocabulary
    codes: npt.NDArray[Any]
    missing: Bools
    kind: ClassVar[Kind] = Kind.TEXT

    def where(self, test: Hashable, fits: Callable[[str], bool]) -> Bools:
        """Return which cases have a text that fits, asking once per distinct text."""
        runs = self.vocabulary.runs(test, fits)
        if len(runs) > MOST_RUNS:
            chosen = np.zeros(len(self.vocabulary.words) + 1, np.bool_)
            for first, end in runs:
                chosen[first:end] = True
            looked_up: Bools = chosen[self.codes]
            return looked_up
        if not runs:
            return np.zeros(len(self.codes), np.bool_)
        return reduce(np.logical_or, (self._between(first, end) for first, end in runs))

    def with_the_codes_of(self, other: Texts) -> tuple[Codes, Codes]:
        """Number the texts of both columns alike, so that equal texts have equal codes."""
        both = {*self.vocabulary.words, *other.vocabulary.words}
        numbering = {word: code for code, word in enumerate(both)}
        return self._renumbered(numbering), other._renumbered(numbering)

    def _between(self, first: int, end: int) -> Bools:
        inside: Bools = self.codes == first
        if end > first + 1:
            inside = (self.codes >= first) & (self.codes < end)
        return inside

    def _renumbered(self, numbering: dict[str, int]) -> Codes:
        codes = [numbering[word] for word in self.vocabulary.words]
        renumbered: Codes = np.array([*codes, -1], np.int64)[self.codes]
        return renumbered


def read_column(table: pa.Table, name: str) -> Numbers | Texts:
    """Read one column of cases.

    Raises:
        CasesError: there is no such column, or its type is not one that criteria know.
    """
    if name not in table.column_names:
        raise CasesError(f"The cases have no column {name!r}.")
    values = _with_each_word_once(table.column(name).combine_chunks())
    missing = _missing(values)
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _texts(values, missing)
    if pa.types.is_decimal128(kind):
        return Numbers(_unscaled(values), 10**kind.scale, missing)
    if pa.types.is_integer(kind):
        return Numbers(_whole(values), 1, missing)
    if pa.types.is_boolean(kind):
        return Numbers(_whole(values), 1, missing, Kind.FLAG)
    if pa.types.is_date32(kind):
        return Numbers(_whole(values.cast(pa.int32())), 1, missing, Kind.DATE)
    if pa.types.is_timestamp(kind) and kind.tz is None:
        return Numbers(_whole(values), TICKS_A_SECOND[kind.unit], missing, Kind.MOMENT)
    raise CasesError(
        f"Column {name!r} of the cases is {kind}; expected string, int64, decimal128, date32, "
        f"timestamp without a time zone, or bool."
    )


def _with_each_word_once(values: Any) -> Any:
    """Take apart a dictionary that names a text twice, or a missing text, as writers may."""
    if not pa.types.is_dictionary(values.type):
        return values
    words = values.dictionary
    is_sound = not words.null_count and pc.count_distinct(words).as_py() == len(words)
    return values if is_sound else values.cast(values.type.value_type)


def _texts(values: Any, missing: Bools) -> Texts:
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    words = tuple(values.dictionary.to_pylist())
    return Texts(Vocabulary(words), _whole(values.indices, len(words)), missing)


def _missing(values: Any) -> Bools:
    if not values.null_count:
        return NONE_MISSING
    missing: Bools = values.is_null().to_numpy(zero_copy_only=False)
    return missing


def _whole(values: Any, instead: int = 0) -> Codes:
    numbers: Codes = pc.fill_null(values.cast(pa.int64()), instead).to_numpy(zero_copy_only=False)
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
