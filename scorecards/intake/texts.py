"""Columns of text at the speed of their bytes, and each distinct text looked at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

CELLS_TRIED = 2_048
# Of the cells tried at most this share may be distinct for a column to be worth encoding.
DISTINCT_SHARE = 0.75
NOWHERE = np.empty(0, np.intp)


@dataclass(frozen=True, slots=True)
class TextBytes:
    """The bytes of a text array without missing values, and where each text lies in them."""

    codes: NDArray[np.uint8]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, texts: pa.Array) -> TextBytes:
        """Look into an array; nothing is copied but the offsets."""
        _, offsets, data = texts.buffers()
        bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
        bounds = bounds.astype(np.int64)
        codes = np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)
        first = bounds[0]
        return cls(codes[first : bounds[-1]], bounds[:-1] - first, np.diff(bounds))

    def begin_and_end_with(self, allowed: NDArray[np.bool_]) -> bool:
        """Say whether the first and the last byte of every text are among some, given by byte."""
        filled = self.lengths > 0
        starts = self.starts if filled.all() else self.starts[filled]
        ends = starts + (self.lengths if len(starts) == len(filled) else self.lengths[filled])
        return bool(allowed[self.codes[starts]].all() and allowed[self.codes[ends - 1]].all())


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of one column of a block: where many are alike, each distinct text once.

    Args:
        texts: the distinct texts, or all in order.
        places: for each cell its place in `texts`; None when they are all in order.
    """

    texts: pa.Array
    places: pa.Array | None

    @classmethod
    def of(cls, cells: pa.Array) -> Cells:
        """Encode a column when a look at its first cells says that it pays."""
        tried = cells.slice(0, CELLS_TRIED)
        if len(tried.unique()) > DISTINCT_SHARE * len(tried):
            return cls(cells, None)
        encoded = cells.dictionary_encode()
        return cls(encoded.dictionary, encoded.indices)

    def spread(self, values: pa.Array) -> pa.Array:
        """Give every cell the value of its text."""
        return values if self.places is None else values.take(self.places)

    def count(self, mask: NDArray[np.bool_]) -> int:
        """Count the cells whose text is marked."""
        if self.places is None or not mask.any():
            return int(np.count_nonzero(mask))
        return int(np.count_nonzero(mask[self.places.to_numpy()]))

    def where(self, mask: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Find the cells whose text is marked, rising."""
        if not mask.any():
            return NOWHERE
        return np.flatnonzero(mask if self.places is None else mask[self.places.to_numpy()])

    def at(self, texts: NDArray[np.intp]) -> NDArray[np.intp]:
        """Find the cells that have one of some texts, given by their places, rising."""
        mask = np.zeros(len(self.texts), np.bool_)
        mask[texts] = True
        return self.where(mask)

    def texts_at(self, texts: pa.Array, cells: NDArray[np.intp]) -> pa.Array:
        """Take some cells' texts out of an array that runs beside `texts`."""
        chosen = pa.array(cells)
        return texts.take(chosen if self.places is None else self.places.take(chosen))
