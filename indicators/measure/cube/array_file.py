"""Arrays one behind the other in a file, to be mapped and not read. No code is ever in it.

With a cipher each array is sealed by itself, for the file's name and its place, so that still only
those are opened that are asked for.
"""

from __future__ import annotations

import json
import mmap
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

ALIGNED_TO = 64  # bytes: a cache line
MARK = b"comanage arrays\n"
SEALED_MARK = b"comanage sealed\n"
LENGTH_BYTES = 8

Place = Sequence[Any]  # where it begins, of what type, how many


class Cipher(Protocol):
    """Seals for one owner. What it seals is `overhead` bytes longer."""

    overhead: int

    def seal(self, clear: bytes | memoryview, context: str) -> bytes:
        """Seal bytes for one context."""

    def open(self, sealed: bytes | memoryview, context: str) -> bytes | None:
        """Open what was sealed for the context; None when it was not, or not by this owner."""


class DamagedArrayError(Exception):
    """An array is not what was written."""


class ArrayWriter:
    """Gathers arrays for a file."""

    def __init__(self, name: str = "", cipher: Cipher | None = None) -> None:
        """Begin with none.

        Args:
            name: of the file, where it is sealed.
            cipher: seals it; None leaves it in the clear.
        """
        self._arrays: list[bytes | memoryview] = []
        self._bytes, self._name, self._cipher = 0, name, cipher

    def place(self, array: npt.NDArray[Any]) -> list[Any]:
        """Put an array behind the others, and say where it will be found."""
        at = self._bytes
        content = np.ascontiguousarray(array).data.cast("B") if array.size else b""
        if self._cipher is not None:
            content = self._cipher.seal(content, f"{self._name} {at}")
        self._arrays.append(content)
        self._bytes = _aligned(at + len(content))
        return [at, array.dtype.str, array.size]

    def place_words(self, words: Sequence[str]) -> dict[str, Any]:
        """Put texts behind the arrays, and say where they will be found."""
        encoded = [word.encode() for word in words]
        ends = np.cumsum(np.array([len(word) for word in encoded], np.int64))
        text = np.frombuffer(b"".join(encoded), np.uint8)
        return {"ends": self.place(ends), "text": self.place(text)}

    def write(self, path: Path, header: Mapping[str, Any]) -> None:
        """Write the file, whole or not at all.

        Args:
            path: in a folder that exists; a file of this name is replaced.
            header: plain values, with the places of the arrays among them.
        """
        text, mark = json.dumps({**header, "bytes": self._bytes}).encode(), MARK
        if self._cipher is not None:
            text, mark = self._cipher.seal(text, self._name), SEALED_MARK
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                head = mark + len(text).to_bytes(LENGTH_BYTES, "little") + text
                file.write(head.ljust(_aligned(len(head)), b"\0"))
                for content in self._arrays:
                    file.write(content)
                    file.write(bytes(_aligned(len(content)) - len(content)))
            Path(unfinished).replace(path)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise


class ArrayFile:
    """A file that `ArrayWriter` wrote."""

    def __init__(
        self,
        mapped: mmap.mmap,
        header: Mapping[str, Any],
        start: int,
        name: str = "",
        cipher: Cipher | None = None,
    ) -> None:
        """Remember where the arrays begin, and what opens them."""
        self.header = header
        self._mapped, self._start = mapped, start
        self._name, self._cipher = name, cipher

    def array(self, place: Place) -> npt.NDArray[Any]:
        """Return an array, not to be written to; its pages are read when they are used.

        Raises:
            DamagedArrayError: it was sealed, and is not what was sealed.
        """
        at, kind, length = place
        if self._cipher is not None:
            first = self._start + at
            end = first + np.dtype(kind).itemsize * length + self._cipher.overhead
            clear = self._cipher.open(memoryview(self._mapped)[first:end], f"{self._name} {at}")
            if clear is None:
                raise DamagedArrayError(f"{self._name} is not what was written. Remove it.")
            return np.frombuffer(clear, kind, length)
        return np.frombuffer(self._mapped, kind, length, self._start + at)

    def words(self, place: Mapping[str, Any]) -> StoredWords:
        """Return texts, not yet read."""
        return StoredWords(self.array(place["ends"]), self.array(place["text"]))


def open_arrays(path: Path, cipher: Cipher | None = None) -> ArrayFile | None:
    """Open a file of arrays; None when there is none, or none that is whole and the cipher's."""
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (FileNotFoundError, ValueError):  # mmap refuses an empty file
        return None
    start = len(MARK) + LENGTH_BYTES
    end = start + int.from_bytes(mapped[len(MARK) : start], "little")
    text: bytes | None = mapped[start:end]
    if cipher is not None:
        text = cipher.open(mapped[start:end], path.name)
    mark = MARK if cipher is None else SEALED_MARK
    try:
        header = json.loads(text) if text and mapped[: len(mark)] == mark else None
    except ValueError:
        return None
    if not isinstance(header, dict) or _aligned(end) + header["bytes"] != len(mapped):
        return None
    return ArrayFile(mapped, header, _aligned(end), path.name, cipher)


class StoredWords(Sequence[str]):
    """Texts one after the other in a file, read when one of them is first asked for."""

    def __init__(self, ends: npt.NDArray[np.int64], text: npt.NDArray[np.uint8]) -> None:
        """Remember where the texts lie."""
        self._ends, self._text = ends, text
        self._words: tuple[str, ...] | None = None

    def __len__(self) -> int:
        """Count the texts without reading them."""
        return len(self._ends)

    def __getitem__(self, place: Any) -> Any:
        """Return a text by its place."""
        return self._all()[place]

    def __iter__(self) -> Iterator[str]:
        """Go through the texts in order."""
        return iter(self._all())

    def _all(self) -> tuple[str, ...]:
        if self._words is None:
            text = self._text.tobytes()
            ends = pairwise([0, *self._ends.tolist()])
            self._words = tuple(text[first:end].decode() for first, end in ends)
        return self._words


def _aligned(at: int) -> int:
    return -(-at // ALIGNED_TO) * ALIGNED_TO
