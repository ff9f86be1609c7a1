"""Several slices as if they were one: for a look-back, which must see all of a patient's cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.measure.columns import CasesError
from indicators.measure.criteria.cases import Columns, Texts, Vocabulary
from indicators.measure.criteria.numbers import NONE_MISSING, Bools, Numbers, aligned


class Joined:
    """The rows of several slices, one slice after the other."""

    def __init__(self, parts: Sequence[Columns]) -> None:
        """Join at least one slice."""
        self.rows = sum(part.rows for part in parts)
        self._parts = parts
        self._read: dict[str, Numbers | Texts] = {}

    def column(self, name: str) -> Numbers | Texts:
        """Return one column of all slices.

        Raises:
            CasesError: a slice has no such column, or two hold it in different types.
        """
        if name not in self._read:
            self._read[name] = _joined(name, [part.column(name) for part in self._parts])
        return self._read[name]


def _joined(name: str, parts: list[Numbers | Texts]) -> Numbers | Texts:
    if len({part.kind for part in parts}) > 1:
        raise CasesError(f"Column {name!r} is of different types in the slices that are joined.")
    texts = [part for part in parts if isinstance(part, Texts)]
    numbers = [part for part in parts if isinstance(part, Numbers)]
    return _joined_texts(texts) if texts else _joined_numbers(numbers)


def _joined_texts(parts: list[Texts]) -> Texts:
    words = list(dict.fromkeys(word for part in parts for word in part.vocabulary.words))
    code_of = {word: code for code, word in enumerate(words)}
    codes = []
    for part in parts:
        table = [code_of[word] for word in part.vocabulary.words]
        codes.append(np.array([*table, len(words)], np.int64)[part.codes])
    return Texts(Vocabulary(words), np.concatenate(codes), _missing(parts, codes))


def _joined_numbers(parts: list[Numbers]) -> Numbers:
    unit = reduce(lambda one, other: aligned(one, other)[0], parts)
    alike = [aligned(part, unit)[0] for part in parts]
    scaled: list[npt.NDArray[Any]] = [part.scaled for part in alike]
    return replace(
        alike[0],
        scaled=np.concatenate(scaled),
        missing=_missing(parts, scaled),
        largest=max(part.peak for part in alike),
    )


def _missing(parts: Sequence[Numbers | Texts], arrays: Sequence[npt.NDArray[Any]]) -> Bools:
    if all(part.missing is NONE_MISSING for part in parts):
        return NONE_MISSING
    pairs = zip(parts, arrays, strict=True)
    return np.concatenate([np.broadcast_to(part.missing, array.shape) for part, array in pairs])
