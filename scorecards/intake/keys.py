"""Finding rows whose key an earlier row has, in one pass over a file of any length.

Eight bytes a row stay in memory: 40 bits of a hash and the key's number in the file, in sorted
runs, and before them a sieve, which knows at once that most keys are new. The keys themselves
lie in a file. Equal hashes only raise the question; the keys decide, so no two different keys
are ever taken for one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scorecards.intake.texts import TextBytes

NUMBER_BITS = 24
MOST_KEYS = 1 << NUMBER_BITS
NUMBER = np.uint64(MOST_KEYS - 1)
HASH = ~NUMBER
ROWS_IN_A_RUN = 1 << 20
# Of five million keys one in fourteen finds its hole in the sieve taken by another.
SIEVE_BITS = 26
TO_HOLE = np.uint64(64 - SIEVE_BITS)
POSITIONS = 512
# Tabulation hashing: a random word for each byte at each position, all of a text XORed.
WORDS = np.random.default_rng(1).integers(0, 1 << 64, POSITIONS * 256, np.uint64)

Numbers = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Repeats:
    """Keys of one part that came before.

    Args:
        places: in the part, rising.
        earlier: for each, the row that had the key first.
    """

    places: NDArray[np.int64]
    earlier: NDArray[np.int64]


class SeenKeys:
    """The keys of a file so far."""

    def __init__(self, folder: Path) -> None:
        """Begin without keys; files without a name lie in the folder."""
        self._kept = _KeptKeys(folder)
        self._runs: list[Numbers] = []
        self._sieve = np.zeros(1 << SIEVE_BITS, np.bool_)  # what is not touched takes no memory

    def close(self) -> None:
        """Let go of the files."""
        self._kept.close()

    def add(self, keys: pa.Array, rows: NDArray[np.int64]) -> Repeats:
        """Take in the keys that follow, none missing or empty, and name those seen before.

        Raises:
            OverflowError: more than 16 million keys.
        """
        first = self._kept.count
        if first + len(keys) > MOST_KEYS:
            raise OverflowError(f"At most {MOST_KEYS:,} keys are held against each other.")
        if not len(keys):
            return Repeats(rows[:0], rows[:0])
        texts = TextBytes.of(keys)
        self._kept.add(texts, rows)
        numbers = np.arange(first, first + len(keys), dtype=np.uint64)
        entries = (_hashes(texts) & HASH) | numbers
        entries.sort()
        self._runs.append(entries)
        repeats = self._repeats(entries, first)
        self._merge()
        return repeats

    def _repeats(self, entries: Numbers, first: int) -> Repeats:
        """Look the hash of a new entry up in all runs, its own among them, if it may be there."""
        entries = self._perhaps_seen(entries)
        wanted = entries & HASH
        earliest = entries.copy()
        for run in self._runs:
            found = run[np.minimum(np.searchsorted(run, wanted), len(run) - 1)]
            is_alike = (found & HASH) == wanted
            np.minimum(earliest, found, out=earliest, where=is_alike)
        is_asked = earliest != entries
        asked, earliest = entries[is_asked], earliest[is_asked]
        pairs = [
            (number, before)
            for number, before in zip(
                (asked & NUMBER).tolist(), self._first_equal(asked, earliest), strict=True
            )
            if before is not None
        ]
        pairs.sort()
        places = np.array([number - first for number, _ in pairs], np.int64)
        return Repeats(places, self._kept.rows([before for _, before in pairs]))

    def _perhaps_seen(self, entries: Numbers) -> Numbers:
        """Keep the entries whose hash may have come before, and put all through the sieve.

        Args:
            entries: rising, so that the sieve is gone through from one end to the other.
        """
        holes = entries >> TO_HOLE
        is_seen = self._sieve[holes]
        is_seen[1:] |= holes[1:] == holes[:-1]
        self._sieve[holes] = True
        seen: Numbers = entries[is_seen]
        return seen

    def _first_equal(self, entries: Numbers, earliest: Numbers) -> list[int | None]:
        """Find the first key that is equal, by the keys themselves, or None."""
        numbers = (entries & NUMBER).tolist()
        likely = (earliest & NUMBER).tolist()
        keys = self._kept.keys({*numbers, *likely})
        return [
            before if keys[number] == keys[before] else self._search(int(entry), keys[number])
            for entry, number, before in zip(entries, numbers, likely, strict=True)
        ]

    def _search(self, entry: int, key: bytes) -> int | None:
        """Go through all earlier keys of the same hash: two keys share it by chance."""
        low, high = np.uint64(entry) & HASH, np.uint64(entry)
        alike = [
            int(found & NUMBER)
            for run in self._runs
            for found in run[np.searchsorted(run, low) : np.searchsorted(run, high)]
        ]
        keys = self._kept.keys(set(alike))
        return min((number for number in alike if keys[number] == key), default=None)

    def _merge(self) -> None:
        """Keep runs few: two short ones of like length become one."""
        while (
            len(self._runs) > 1
            and len(self._runs[-2]) < ROWS_IN_A_RUN
            and len(self._runs[-1]) * 2 > len(self._runs[-2])
        ):
            merged = np.concatenate([self._runs.pop(), self._runs.pop()])
            merged.sort()
            self._runs.append(merged)


def _hashes(texts: TextBytes) -> Numbers:
    length = int(texts.lengths[0])
    if length <= POSITIONS and (texts.lengths == length).all():
        return _hashes_of_one_length(texts.codes.reshape(-1, length))
    within = np.arange(len(texts.codes)) - np.repeat(texts.starts, texts.lengths)
    words = WORDS.take((within % POSITIONS) * 256 + texts.codes)
    hashes: Numbers = np.bitwise_xor.reduceat(words, texts.starts)
    return hashes


def _hashes_of_one_length(codes: NDArray[np.uint8]) -> Numbers:
    """Make the same hashes, a position of all texts at a time."""
    hashes = np.zeros(len(codes), np.uint64)
    for position in range(codes.shape[1]):
        hashes ^= WORDS[position * 256 : (position + 1) * 256].take(codes[:, position])
    return hashes


class _KeptKeys:
    """Keys and their rows by number, in files."""

    def __init__(self, folder: Path) -> None:
        self.count = 0
        self._end = 0
        self._keys, self._ends, self._rows = (
            TemporaryFile(buffering=0, dir=folder)  # noqa: SIM115 - `close` closes it
            for _ in range(3)
        )

    def close(self) -> None:
        for file in (self._keys, self._ends, self._rows):
            file.close()

    def add(self, texts: TextBytes, rows: NDArray[np.int64]) -> None:
        ends = np.cumsum(texts.lengths, dtype=np.int64) + self._end
        for file, values in ((self._keys, texts.codes), (self._ends, ends), (self._rows, rows)):
            _write(file, values)
        self._end = int(ends[-1])
        self.count += len(rows)

    def keys(self, numbers: set[int]) -> dict[int, bytes]:
        return {number: self._key(number) for number in numbers}

    def _key(self, number: int) -> bytes:
        two = _read(self._ends, max(number - 1, 0), 2 if number else 1)
        start, end = two if number else (0, two[0])
        return os.pread(self._keys.fileno(), end - start, start)

    def rows(self, numbers: list[int]) -> NDArray[np.int64]:
        return np.array([_read(self._rows, number, 1)[0] for number in numbers], np.int64)


def _write(file: BinaryIO, values: NDArray[np.generic]) -> None:
    left = np.ascontiguousarray(values).view(np.uint8)
    while len(left):
        left = left[file.write(left.data) :]


def _read(file: BinaryIO, place: int, count: int) -> list[int]:
    numbers: list[int] = np.frombuffer(
        os.pread(file.fileno(), count * 8, place * 8), np.int64
    ).tolist()
    return numbers
