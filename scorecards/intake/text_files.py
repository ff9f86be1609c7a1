"""A text file as it came, given as UTF-8: unpacked within limits, and out of other encodings."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from scorecards.intake.reading import MAX_FILE_BYTES, MEGABYTE, UnreadableError
from scorecards.intake.spec_files import ENCODINGS

MAX_RATIO = 200
# Small files may repeat themselves; a ratio says something only about large ones.
RATIO_COUNTS_FROM_BYTES = 10 * MEGABYTE
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
LONGEST_MARK = 3


class Reading(Protocol):
    """Anything that gives bytes."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class TextStream:
    """The text of a file, from its beginning to its end."""

    _text: Reading
    _file: BinaryIO

    @property
    def bytes_read(self) -> int:
        """How much of the file as received has been read."""
        return self._file.tell()

    def read(self, size: int) -> bytes:
        """Give about so many bytes of UTF-8, none at the end."""
        return self._text.read(size)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file.

    Args:
        path: where its bytes are.
        is_packed: with gzip.
        encoding: a key of ENCODINGS; empty for UTF-8, or as a byte order mark says.
    """

    path: Path
    is_packed: bool = False
    encoding: str = ""

    @contextmanager
    def opened(self) -> Iterator[TextStream]:
        """Give its text as UTF-8 without a byte order mark.

        Bytes said to be UTF-8 are given as they are: whoever takes them apart checks them, and
        knows the row.

        Raises:
            UnreadableError: while it is read: packed badly or too well, or in another encoding
                than it is said to be.
        """
        with self.path.open("rb") as stream:
            content: Reading = _Unpacked(self.path, stream) if self.is_packed else stream
            start = content.read(LONGEST_MARK)
            marked, length = _mark_of(start)
            encoding = self._encoding(marked)
            rest = start if encoding == "utf-16" else start[length:]
            text: Reading = _Ahead(rest, content)
            yield TextStream(text if encoding == "utf-8" else _Recoded(text, encoding), stream)

    def _encoding(self, marked: str) -> str:
        if marked and self.encoding and marked != self.encoding:
            raise UnreadableError(
                "bad-encoding",
                f"The file is said to be {self.encoding}, its first bytes say {marked}. Correct "
                f"the declared encoding, or export it in UTF-8.",
            )
        return self.encoding or marked or "utf-8"


def _mark_of(start: bytes) -> tuple[str, int]:
    """Return the encoding that a byte order mark names, and how long the mark is."""
    for mark, encoding in MARKS.items():
        if start.startswith(mark):
            return encoding, len(mark)
    return "", 0


class _Ahead:
    """Gives some bytes that were read to look at them, then the rest."""

    def __init__(self, start: bytes, rest: Reading) -> None:
        self._start, self._rest = start, rest

    def read(self, size: int, /) -> bytes:
        given, self._start = self._start[:size], self._start[size:]
        return given + self._rest.read(size - len(given)) if len(given) < size else given


class _Unpacked:
    """Unpacks gzip, and stops where it unpacks too far."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self._packed = path.stat().st_size
        self._stream = gzip.GzipFile(fileobj=stream)
        self._given = 0

    def read(self, size: int, /) -> bytes:
        try:
            data = self._stream.read(size)
        except (gzip.BadGzipFile, zlib.error, EOFError):
            raise UnreadableError(
                "unreadable", "The gzip file is damaged or cut off. Pack it again."
            ) from None
        self._given += len(data)
        is_bomb = self._given > RATIO_COUNTS_FROM_BYTES and self._given > MAX_RATIO * self._packed
        if is_bomb or self._given > MAX_FILE_BYTES:
            raise UnreadableError(
                "zip-bomb",
                f"The file unpacks to more than {MAX_FILE_BYTES // MEGABYTE:,} MB or to more than "
                f"{MAX_RATIO} times its size. Send it unpacked, or a shorter period.",
            )
        return data


class _Recoded:
    """Gives text of another encoding as UTF-8."""

    def __init__(self, content: Reading, encoding: str) -> None:
        self._content, self._encoding = content, encoding
        self._decoder = codecs.getincrementaldecoder(ENCODINGS[encoding])()

    def read(self, size: int, /) -> bytes:
        """Give about as many bytes; none only at the end."""
        while True:
            data = self._content.read(size)
            try:
                text = self._decoder.decode(data, final=not data)
            except UnicodeDecodeError:
                raise UnreadableError(
                    "bad-encoding",
                    f"The file is not written in {self._encoding}. Correct the declared "
                    f"encoding, or export it in UTF-8.",
                ) from None
            if text or not data:
                return text.encode()
