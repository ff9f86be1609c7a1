"""Reading parts as the one file they are: one chunk in memory, whatever their number."""

import io
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, cast

from comanage.vault.files import UnlockedFile

_CHUNK = 1 << 20


def joined(files: Iterable[UnlockedFile]) -> BinaryIO:
    """Open files as one, each opened when its turn comes."""
    return cast("BinaryIO", io.BufferedReader(_Joined(files), _CHUNK))


class _Joined(io.RawIOBase):
    """The bytes of files, one after the other."""

    def __init__(self, files: Iterable[UnlockedFile]) -> None:
        self._chunks = _chunks(files)
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with the next bytes; none at the end of the last file."""
        if not self._ready:
            self._ready = memoryview(next(self._chunks, b""))
        count = min(len(buffer), len(self._ready))
        buffer[:count], self._ready = self._ready[:count], self._ready[count:]
        return count


def _chunks(files: Iterable[UnlockedFile]) -> Iterator[bytes]:
    for file in files:
        with file.open() as clear:
            while chunk := clear.read(_CHUNK):
                yield chunk
