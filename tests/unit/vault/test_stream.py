"""A sealed file opens as it was, or not at all."""

import hashlib
import io

import pytest

from comanage.vault.stream import CHUNK, MARK, TAG, DamagedFileError, Opening, Sealing, sealed_size

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
SEALED_CHUNK = CHUNK + TAG
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7]


class Drip(io.BytesIO):
    """A source that never gives as much as it is asked for, as a socket does."""

    def read(self, size=-1, /):
        return super().read(min(size, 70_000))


def clear(size: int) -> bytes:
    return hashlib.shake_256(b"cases").digest(size)


def seal(content: bytes, *, key=KEY, context=b"here", source=io.BytesIO) -> bytes:
    return Sealing(source(content), key=key, context=context).readall()


def open_(sealed: bytes, size: int, *, key=KEY, context=b"here") -> bytes:
    return Opening(io.BytesIO(sealed), key=key, context=context, size=size).readall()


THREE = clear(2 * CHUNK + 7)


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_opens_as_it_was(size):
    content = clear(size)
    sealed = seal(content)

    assert len(sealed) == sealed_size(size)
    assert content[:20] not in sealed or size == 0
    assert open_(sealed, size) == content


@pytest.mark.parametrize("size", SIZES)
def test_a_source_that_drips_is_sealed_alike(size):
    content = clear(size)

    assert open_(seal(content, source=Drip), size) == content


def test_size_and_hash_in_the_clear_are_known_afterwards():
    sealing = Sealing(io.BytesIO(THREE), key=KEY, context=b"here")
    sealing.readall()

    assert (sealing.size, sealing.sha256) == (len(THREE), hashlib.sha256(THREE).hexdigest())


def test_a_file_can_be_read_from_any_place():
    opening = Opening(io.BytesIO(seal(THREE)), key=KEY, context=b"here", size=len(THREE))
    reading = io.BufferedReader(opening)

    for place in (CHUNK - 3, 2 * CHUNK + 2, 0, len(THREE), len(THREE) + 5):
        reading.seek(place)
        assert reading.read(9) == THREE[place : place + 9]
    assert opening.seek(-2, io.SEEK_END) == len(THREE) - 2
    with pytest.raises(ValueError, match="before the first byte"):
        opening.seek(-1)


def swapped(sealed: bytes) -> bytes:
    first, second = len(MARK), len(MARK) + SEALED_CHUNK
    chunks = sealed[second : second + SEALED_CHUNK] + sealed[first:second]
    return sealed[:first] + chunks + sealed[second + SEALED_CHUNK :]


DAMAGES = {
    "a bit turned": lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]),
    "a bit of the mark turned": lambda sealed: b"C" + sealed[1:],
    "two chunks swapped": swapped,
    "cut": lambda sealed: sealed[:-1],
    "lengthened": lambda sealed: sealed + b"\0",
    "emptied": lambda _sealed: b"",
    "in the clear": lambda sealed: THREE.ljust(len(sealed), b"\0"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_does_not_open(damage):
    with pytest.raises(DamagedFileError):
        open_(DAMAGES[damage](seal(THREE)), len(THREE))


@pytest.mark.parametrize("size", [CHUNK, CHUNK + 7, 0])
def test_a_file_cut_at_the_end_of_a_chunk_does_not_open_with_a_size_to_match(size):
    with pytest.raises(DamagedFileError):
        open_(seal(THREE)[: sealed_size(size)], size)


@pytest.mark.parametrize("other", [{"key": OTHER_KEY}, {"context": b"there"}], ids=str)
@pytest.mark.parametrize("size", [0, 5])
def test_a_file_of_another_key_or_place_does_not_open(other, size):
    with pytest.raises(DamagedFileError):
        open_(seal(clear(size)), size, **other)


def test_a_chunk_of_another_file_does_not_open_in_this_one():
    mine, others = seal(THREE), seal(THREE[::-1], context=b"there")
    mixed = mine[: len(MARK) + SEALED_CHUNK] + others[len(MARK) + SEALED_CHUNK :]

    with pytest.raises(DamagedFileError):
        open_(mixed, len(THREE))
