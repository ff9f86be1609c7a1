"""Kernel-ready columns of a slice: small integers in a file that is mapped, not read.

A companion is written once, when a slice is accepted: texts as small codes, moments as whole
minutes, numbers in as few bits as they need. It holds nothing that the slice does not, is found
by the slice's hash and the version of this encoder, and can be deleted at any time: whoever
finds none writes it again from the slice.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from indicators.measure.columns import CasesError
from indicators.measure.criteria.cases import TableColumns, Texts, Vocabulary
from indicators.measure.criteria.functions import DAYS
from indicators.measure.criteria.numbers import LARGEST, NONE_MISSING, Numbers
from indicators.measure.criteria.tree import Kind
from indicators.measure.cube.array_file import ArrayFile, ArrayWriter, Cipher, open_arrays

# Raise it with any change of what is written: older files are then not found any more.
ENCODER_VERSION = 1
SECONDS_A_MINUTE = 60
_UNSIGNED = (np.uint8, np.uint16, np.uint32)
_SIGNED = (np.int8, np.int16, np.int32, np.int64)
_SIGNED_DAYS = (np.int32, np.int64)


def companion_path(folder: Path, slice_hash: str) -> Path:
    """Name the companion of a slice."""
    return folder / f"{slice_hash}.v{ENCODER_VERSION}.columns"


def write_companion(
    table: pa.Table, folder: Path, slice_hash: str, cipher: Cipher | None = None
) -> Path:
    """Write the companion of a slice, whole or not at all.

    Args:
        table: the cases, as `measure` takes them.
        folder: where companions are kept; it exists.
        slice_hash: names the slice.
        cipher: seals it; None leaves it in the clear.

    Raises:
        CasesError: a column of a type that criteria do not know.
    """
    path = companion_path(folder, slice_hash)
    writer, columns = ArrayWriter(path.name, cipher), TableColumns(table)
    places = {name: _placed(writer, columns.column(name)) for name in table.column_names}
    writer.write(path, {"rows": table.num_rows, "columns": places})
    return path


def open_companion(folder: Path, slice_hash: str, cipher: Cipher | None = None) -> Companion | None:
    """Open the companion of a slice; None when there is none, or none that is whole."""
    file = open_arrays(companion_path(folder, slice_hash), cipher)
    return None if file is None else Companion(file)


class Companion:
    """The columns of one slice. Nothing is read before it is asked for."""

    def __init__(self, file: ArrayFile) -> None:
        """Remember where the columns lie."""
        self.rows: int = file.header["rows"]
        self._file = file
        self._places: Mapping[str, Mapping[str, Any]] = file.header["columns"]
        self._read: dict[str, Numbers | Texts] = {}

    @property
    def names(self) -> frozenset[str]:
        """The names of its columns."""
        return frozenset(self._places)

    def column(self, name: str) -> Numbers | Texts:
        """Return one column.

        Raises:
            CasesError: there is no such column.
        """
        if name not in self._read:
            if name not in self._places:
                raise CasesError(f"The cases have no column {name!r}.")
            place = self._places[name]
            self._read[name] = self._texts(place) if "words" in place else self._numbers(place)
        return self._read[name]

    def _texts(self, place: Mapping[str, Any]) -> Texts:
        codes, words = self._file.array(place["codes"]), self._file.words(place["words"])
        missing = codes == len(words) if place["missing"] else NONE_MISSING
        return Texts(Vocabulary(words), codes, missing)

    def _numbers(self, place: Mapping[str, Any]) -> Numbers:
        if "digits" in place:
            digits = self._file.words(place["digits"])
            scaled: npt.NDArray[Any] = np.array([int(number) for number in digits], object)
        else:
            scaled = self._file.array(place["scaled"])
        missing = self._file.array(place["missing"]) if place["missing"] else NONE_MISSING
        fixed = (place["step"], place["largest"])
        return Numbers(scaled, place["scale"], missing, Kind(place["kind"]), *fixed)


def _placed(writer: ArrayWriter, column: Numbers | Texts) -> dict[str, Any]:
    if isinstance(column, Texts):
        return _placed_texts(writer, column)
    numbers = _in_minutes(column)
    largest = numbers.peak
    place = {
        "scale": numbers.scale,
        "step": numbers.step,
        "kind": numbers.kind.value,
        "missing": None if numbers.missing is NONE_MISSING else writer.place(numbers.missing),
        "largest": largest,
    }
    if largest > LARGEST:
        return {**place, "digits": writer.place_words([str(n) for n in numbers.scaled])}
    # Days and minutes are divided into months and hours, which takes room.
    kinds = _SIGNED_DAYS if numbers.kind in DAYS else _SIGNED
    kind = next(kind for kind in kinds if largest <= np.iinfo(kind).max)
    return {**place, "scaled": writer.place(numbers.scaled.astype(kind))}


def _placed_texts(writer: ArrayWriter, texts: Texts) -> dict[str, Any]:
    """Number the texts that occur in their own order: what begins alike has neighboring codes."""
    words, codes = texts.vocabulary.words, texts.codes
    occurring = np.flatnonzero(np.bincount(codes, minlength=len(words) + 1)[: len(words)])
    order = sorted(occurring.tolist(), key=words.__getitem__)
    kind = next(kind for kind in _UNSIGNED if len(order) <= np.iinfo(kind).max)
    renumbered = np.full(len(words) + 1, len(order), kind)
    renumbered[order] = np.arange(len(order))
    return {
        "codes": writer.place(renumbered[codes]),
        "words": writer.place_words([words[code] for code in order]),
        "missing": texts.missing is not NONE_MISSING,
    }


def _in_minutes(numbers: Numbers) -> Numbers:
    """Keep moments in whole minutes or seconds, when they are."""
    if numbers.kind is not Kind.MOMENT:
        return numbers
    for step in (SECONDS_A_MINUTE, 1):
        ticks = numbers.scale * step
        if not (numbers.scaled % ticks).any():
            return Numbers(numbers.scaled // ticks, 1, numbers.missing, numbers.kind, step)
    return numbers
