"""What a new file changes, case by case: added, removed, changed, and in which columns. Pure.

Columns are read one after the other, so that two large slices are never whole in memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
_BETWEEN = "\x1f"  # no cell holds it: control characters are refused at the door


class Cases(Protocol):
    """The columns of a slice, as `pyarrow.parquet.ParquetFile` gives them."""

    @property
    def schema_arrow(self) -> pa.Schema:
        """Names and types."""

    def read(self, columns: list[str]) -> pa.Table:
        """Read some columns."""


@dataclass(frozen=True, slots=True)
class CaseChanges:
    """How two sets of cases differ.

    Attributes:
        before: cases so far.
        after: cases of the new file.
        added: of those, the ones whose key is new.
        removed: cases so far whose key is gone.
        changed: cases with the same key and another value somewhere.
        columns: how often each column changed, those alone that did.
        new_columns: columns that the cases so far do not have.
        gone_columns: columns that the new cases do not have any more.
    """

    before: int
    after: int
    added: int
    removed: int
    changed: int
    columns: Mapping[str, int]
    new_columns: tuple[str, ...] = ()
    gone_columns: tuple[str, ...] = ()

    @property
    def only_adds(self) -> bool:
        """Whether every case so far stays as it is."""
        return not (self.removed or self.changed or self.gone_columns)

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return self.only_adds and not (self.added or self.new_columns)

    def to_document(self) -> dict[str, Any]:
        """Write as plain JSON."""
        return {
            "before": self.before,
            "after": self.after,
            "added": self.added,
            "removed": self.removed,
            "changed": self.changed,
            "columns": dict(self.columns),
            "new_columns": list(self.new_columns),
            "gone_columns": list(self.gone_columns),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> CaseChanges:
        """Read what `to_document` wrote."""
        lists = ("new_columns", "gone_columns")
        return cls(**{**document, **{name: tuple(document[name]) for name in lists}})


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case that differs.

    Attributes:
        key: of the case, as printed.
        kind: added, removed or changed.
        cells: of a changed case, each column that changed with its value before and after.
    """

    key: str
    kind: str
    cells: tuple[tuple[str, str, str], ...] = ()


KINDS = ("added", "removed", "changed")


class Comparison:
    """Two sets of cases, matched by their key."""

    def __init__(self, before: Cases, after: Cases, key: Sequence[str]) -> None:
        """Match the cases.

        Args:
            before: the cases so far; their keys differ from each other.
            after: the cases of the new file, likewise.
            key: the columns that together name a case.
        """
        self._before, self._after, self._key = before, after, list(key)
        self._old_keys, self._new_keys = _keys(before, self._key), _keys(after, self._key)
        place = pc.index_in(self._new_keys, value_set=self._old_keys)
        self._is_kept: Mask = pc.is_valid(place).to_numpy(zero_copy_only=False)
        self._old_places: Places = place.drop_null().to_numpy().astype(np.int64)
        self._is_gone: Mask = np.ones(len(self._old_keys), np.bool_)
        self._is_gone[self._old_places] = False
        self._columns: dict[str, int] = {}
        self._is_changed = self._compare()

    @property
    def changes(self) -> CaseChanges:
        """Return the counts."""
        old, new = self._before.schema_arrow.names, self._after.schema_arrow.names
        return CaseChanges(
            before=len(self._old_keys),
            after=len(self._new_keys),
            added=int((~self._is_kept).sum()),
            removed=int(self._is_gone.sum()),
            changed=int(self._is_changed.sum()),
            columns=self._columns,
            new_columns=tuple(name for name in new if name not in old),
            gone_columns=tuple(name for name in old if name not in new),
        )

    def lines(self, kind: str, start: int, stop: int) -> tuple[CaseLine, ...]:
        """Read some cases of one kind, in the order received."""
        if kind == "added":
            keys = self._new_keys.filter(pa.array(~self._is_kept))
            return _plain_lines(keys[start:stop], kind)
        if kind == "removed":
            return _plain_lines(self._old_keys.filter(pa.array(self._is_gone))[start:stop], kind)
        return self._changed_lines(np.flatnonzero(self._is_changed)[start:stop])

    def _changed_lines(self, chosen: Places) -> tuple[CaseLine, ...]:
        new_places = np.flatnonzero(self._is_kept)[chosen]
        cells: list[list[tuple[str, str, str]]] = [[] for _ in chosen]
        for name in self._columns:
            old, new = self._pair(name)
            old, new = old.take(pa.array(self._old_places[chosen])), new.take(pa.array(new_places))
            for place in np.flatnonzero(_differs(old, new)):
                cells[place].append((name, _printed(old[place]), _printed(new[place])))
        keys = self._new_keys.take(pa.array(new_places)).to_pylist()
        return tuple(
            CaseLine(_key_text(key), "changed", tuple(found))
            for key, found in zip(keys, cells, strict=True)
        )

    def _compare(self) -> Mask:
        """Compare what both have, column by column; count in `_columns`."""
        is_changed: Mask = np.zeros(len(self._old_places), np.bool_)
        kept, places = pa.array(self._is_kept), pa.array(self._old_places)
        for name in self._after.schema_arrow.names:
            if name in self._before.schema_arrow.names and name not in self._key:
                old, new = self._pair(name)
                found = _differs(old.take(places), new.filter(kept))
                if found.any():
                    self._columns[name] = int(found.sum())
                    is_changed |= found
        return is_changed

    def _pair(self, name: str) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
        old, new = self._before.read([name])[name], self._after.read([name])[name]
        if old.type != new.type and not (
            pa.types.is_decimal(old.type) and pa.types.is_decimal(new.type)
        ):
            return old.cast(pa.string()), new.cast(pa.string())
        return old, new


def _keys(cases: Cases, names: list[str]) -> pa.Array:
    """Return one text for each case."""
    table = cases.read(names)
    texts = [table[name].cast(pa.string()).fill_null("").combine_chunks() for name in names]
    return texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, _BETWEEN)


def _differs(old: pa.ChunkedArray, new: pa.ChunkedArray) -> Mask:
    """Say where two columns differ; two missing values are alike."""
    unlike = pc.fill_null(pc.not_equal(old, new), fill_value=False)
    one_missing = pc.xor(pc.is_null(old), pc.is_null(new))
    found: Mask = pc.or_(unlike, one_missing).to_numpy()
    return found


def _plain_lines(keys: pa.Array, kind: str) -> tuple[CaseLine, ...]:
    return tuple(CaseLine(_key_text(key), kind) for key in keys.to_pylist())


def _key_text(key: str) -> str:
    return key.replace(_BETWEEN, ", ")


def _printed(value: pa.Scalar) -> str:
    plain = value.as_py()
    if plain is None:
        return "missing"
    return ("yes" if plain else "no") if isinstance(plain, bool) else str(plain)
