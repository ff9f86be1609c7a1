"""Cells kept from one computation to the next: only what changed is counted again.

Kept are the cells of each indicator over each slice, and over all slices together, by the hash of
the slice, the hash of the definition with its scope, the axes with their roster, and the version
of this engine.
Nothing is ever updated: what has changed has another name. All of it can be deleted at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from comanage.values.canonical import sha256_of
from indicators.measure.criteria.cases import Columns
from indicators.measure.cube.array_file import ArrayFile, ArrayWriter, Cipher, open_arrays
from indicators.measure.cube.cells import Cells, KeptCells, Sums, Trimmed, added_up
from indicators.measure.cube.joined import Joined
from indicators.measure.cube.plan import Cube, CubePlan
from indicators.measure.kernel import COUNTED

# Raise it whenever the same slice and definition could give other cells than before.
ENGINE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Slice:
    """Cases that are never changed.

    Attributes:
        hash: names them; other cases have another hash.
        open: opens their columns, when they are needed.
    """

    hash: str
    open: Callable[[], Columns]


@dataclass
class CubeCache:
    """Cells in a folder.

    Attributes:
        folder: where they are kept; it exists, and belongs to one tenant.
        cipher: seals them; None leaves them in the clear.
        hits: how often the cells of an indicator were found, of a slice or of all together.
        misses: how often they were counted.
    """

    folder: Path
    cipher: Cipher | None = None
    hits: int = 0
    misses: int = 0

    def cube(self, plan: CubePlan, slices: Sequence[Slice]) -> Cube:
        """Return the cube of all slices, counting only what was not counted before.

        Args:
            plan: the indicators and axes.
            slices: in any order; one that is there twice counts twice.

        Raises:
            CasesError: a column is not there or of another type than is asked for.
        """
        together = sha256_of(sorted(part.hash for part in slices))
        found = self._read(plan, together, range(len(plan.definitions)))
        lacking = [number for number in range(len(plan.definitions)) if number not in found]
        if lacking:
            alone = [number for number in lacking if not plan.looks_back(number)]
            found |= self._by_slice(plan, slices, alone)
            found |= self._of_all(plan, slices, [n for n in lacking if n not in alone])
            self._write(plan, together, found)
        groups = plan.axes.groups
        return Cube(plan.axes, tuple(added_up([found[n]], groups) for n in sorted(found)))

    def _by_slice(
        self, plan: CubePlan, slices: Sequence[Slice], wanted: Sequence[int]
    ) -> dict[int, Trimmed]:
        parts: dict[int, list[Trimmed]] = {number: [] for number in wanted}
        for one in slices if wanted else ():
            found = self._read(plan, one.hash, wanted)
            lacking = [number for number in wanted if number not in found]
            if lacking:
                counted = plan.count(one.open(), only=lacking).cells
                self.misses += len(lacking)
                pairs = zip(lacking, counted, strict=True)
                found |= {number: cells.trimmed() for number, cells in pairs}
                self._write(plan, one.hash, found)
            for number in wanted:
                parts[number].append(found[number])
        groups = plan.axes.groups
        return {number: added_up(parts[number], groups).trimmed() for number in wanted}

    def _of_all(
        self, plan: CubePlan, slices: Sequence[Slice], wanted: Sequence[int]
    ) -> dict[int, Trimmed]:
        """Count over all slices: a look-back must see a patient's cases in the other slices."""
        if not (wanted and slices):
            return {number: added_up([], plan.axes.groups).trimmed() for number in wanted}
        self.misses += len(wanted)
        counted = plan.count(Joined([one.open() for one in slices]), only=wanted).cells
        return {number: cells.trimmed() for number, cells in zip(wanted, counted, strict=True)}

    def _read(self, plan: CubePlan, cases: str, wanted: Iterable[int]) -> dict[int, Trimmed]:
        file = open_arrays(self._path(plan, cases), self.cipher)
        if file is None:
            return {}
        places: Mapping[str, Any] = file.header["cells"]
        names = plan.names
        found = {
            number: _read_cells(file, places[names[number]])
            for number in wanted
            if names[number] in places
        }
        self.hits += len(found)
        return found

    def _write(self, plan: CubePlan, cases: str, found: Mapping[int, Trimmed]) -> None:
        """Write cells, beside those of other indicators that were there before."""
        path = self._path(plan, cases)
        writer = ArrayWriter(path.name, self.cipher)
        known = {plan.names[number]: cells for number, cells in found.items()}
        before = open_arrays(path, self.cipher)
        if before is not None:
            for name, place in before.header["cells"].items():
                known.setdefault(name, _read_cells(before, place))
        writer.write(path, {"cells": {name: _placed(writer, one) for name, one in known.items()}})

    def _path(self, plan: CubePlan, cases: str) -> Path:
        name = sha256_of([cases, plan.version, ENGINE_VERSION])
        return self.folder / f"{name}.cells"


def _placed(writer: ArrayWriter, trimmed: Trimmed) -> dict[str, Any]:
    cells = trimmed.cells
    place: dict[str, Any] = {
        "first": trimmed.first,
        "counts": writer.place(cells.counts.reshape(-1)),
        "above": [cells.above.scale, _placed_whole(writer, cells.above.scaled)],
        "below": [cells.below.scale, _placed_whole(writer, cells.below.scaled)],
    }
    if cells.kept is not None:
        kept = cells.kept
        arrays = (writer.place(kept.groups), _placed_whole(writer, kept.values))
        place["kept"] = [kept.scale, *arrays, writer.place(kept.counts)]
    return place


def _read_cells(file: ArrayFile, place: Mapping[str, Any]) -> Trimmed:
    above, below = (
        Sums(_read_whole(file, scaled), scale) for scale, scaled in (place["above"], place["below"])
    )
    kept = None
    if "kept" in place:
        scale, groups, values, counts = place["kept"]
        arrays = (file.array(groups), _read_whole(file, values), file.array(counts))
        kept = KeptCells(*arrays, scale)
    counted = file.array(place["counts"]).reshape(-1, len(COUNTED))
    return Trimmed(place["first"], Cells(counted, above, below, kept))


def _placed_whole(writer: ArrayWriter, numbers: npt.NDArray[Any]) -> Any:
    """Place whole numbers; those beyond 64 bits as digits."""
    if numbers.dtype == object:
        return writer.place_words([str(number) for number in numbers])
    return writer.place(numbers)


def _read_whole(file: ArrayFile, place: Any) -> npt.NDArray[Any]:
    if isinstance(place, Mapping):
        return np.array([int(number) for number in file.words(place)], object)
    return file.array(place)
