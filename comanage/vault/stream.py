"""The form of a sealed file. No Django, no rows: bytes, a key and what they belong to.

After a mark come chunks of 1 MiB, each under AES-256-GCM with a tag of 16 bytes. The nonce of a
chunk is its number and whether it is the last (the STREAM construction), and the file's context
is authenticated with each. So a file that was cut, lengthened, put in another order, mixed with
another or laid in another's place does not open. A key seals one file once, so no nonce repeats.
"""

import hashlib
import io
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = b"comanage sealed 1\n"
CHUNK = 1 << 20
TAG = 16
_COUNTER_BYTES = 11


class DamagedFileError(Exception):
    """A sealed file is not what was sealed, or its key is another's."""


def sealed_size(size: int) -> int:
    """Return how many bytes a file of this size has when it is sealed."""
    return len(MARK) + size + _chunks(size) * TAG


class Sealing(io.RawIOBase):
    """Reads a file in the clear and gives it sealed, chunk by chunk.

    Once it is read to its end, `size` and `sha256` tell what the file was in the clear.
    """

    def __init__(self, content: BinaryIO, *, key: bytes, context: bytes) -> None:
        self._content, self._cipher, self._context = content, AESGCM(key), context
        self._digest = hashlib.sha256()
        self._number, self.size = 0, 0
        self._ready = memoryview(MARK)
        self._ahead: bytes | None = self._next()  # the last chunk is sealed as the last

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was read so far, in the clear."""
        return self._digest.hexdigest()

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with the next sealed bytes."""
        if not self._ready and self._ahead is not None:
            self._ready = memoryview(self._seal(self._ahead))
        count = min(len(buffer), len(self._ready))
        buffer[:count], self._ready = self._ready[:count], self._ready[count:]
        return count

    def _seal(self, chunk: bytes) -> bytes:
        self._ahead = self._next() or None
        nonce = _nonce(self._number, is_last=self._ahead is None)
        self._number += 1
        return self._cipher.encrypt(nonce, chunk, self._context)

    def _next(self) -> bytes:
        parts, wanted = [], CHUNK
        while wanted and (part := self._content.read(wanted)):
            parts.append(part)
            wanted -= len(part)
        chunk = b"".join(parts)
        self._digest.update(chunk)
        self.size += len(chunk)
        return chunk


class Opening(io.RawIOBase):
    """Reads a sealed file in the clear, from any place, one chunk in memory.

    Args:
        stored: the sealed bytes, seekable.
        key: of this file.
        context: what the file was sealed for.
        size: its bytes in the clear.

    Raises:
        DamagedFileError: here or while reading, when the bytes are not those that were sealed.
    """

    def __init__(self, stored: BinaryIO, *, key: bytes, context: bytes, size: int) -> None:
        self._stored, self._cipher, self._context = stored, AESGCM(key), context
        self._size, self._at = size, 0
        self._number, self._chunk = -1, memoryview(b"")
        if stored.seek(0, io.SEEK_END) != sealed_size(size):
            raise DamagedFileError("A sealed file is longer or shorter than it was sealed.")
        stored.seek(0)
        if stored.read(len(MARK)) != MARK:
            raise DamagedFileError("A sealed file does not begin as one.")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read from any place."""
        return True

    def tell(self) -> int:
        """Return the place in the clear."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place in the clear."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("There is no place before the first byte.")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer from the chunk at hand, opening the next where it ends."""
        if self._at >= self._size:
            if self._size == 0:
                self._open(0)  # also nothing must have been sealed as nothing
            return 0
        number, within = divmod(self._at, CHUNK)
        self._open(number)
        count = min(len(buffer), len(self._chunk) - within)
        buffer[:count] = self._chunk[within : within + count]
        self._at += count
        return count

    def _open(self, number: int) -> None:
        if number == self._number:
            return
        self._stored.seek(len(MARK) + number * (CHUNK + TAG))
        sealed = self._stored.read(CHUNK + TAG)
        nonce = _nonce(number, is_last=number == _chunks(self._size) - 1)
        try:
            clear = self._cipher.decrypt(nonce, sealed, self._context)
        except InvalidTag as broken:
            raise DamagedFileError("A sealed file does not open with its key.") from broken
        self._number, self._chunk = number, memoryview(clear)


def _chunks(size: int) -> int:
    """Count the chunks; an empty file has one, so that its emptiness is sealed too."""
    return max(1, -(-size // CHUNK))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(_COUNTER_BYTES, "big") + bytes([is_last])
