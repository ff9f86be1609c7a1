"""Files in storage, each sealed under a key of its own. Nobody else writes or reads storage.

The bytes are written first, to a place nobody knows yet, and are on the disk before a row points
to them; what no row points to is swept up by night. A file's name never changes and is not where
its bytes lie, so the same name can be sealed again after its first key was destroyed.
"""

import hashlib
import io
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from comanage.tenancy.scope import active_tenant_id
from comanage.vault import keys
from comanage.vault.models import SealedFile, SealedKind
from comanage.vault.stream import CHUNK, Opening, Sealing

ENDING = ".sealed"
# Where an earlier release stored files in the clear, under their tenant.
_PLAIN_FOLDERS = {
    "uploads": SealedKind.UPLOAD,
    "slices": SealedKind.SLICE,
    "reports": SealedKind.REPORT,
}


class FileGoneError(Exception):
    """There is no such file, or its key was destroyed."""


class NameTakenError(Exception):
    """Another file lies under the name already."""


@dataclass(frozen=True, slots=True)
class UnlockedFile:
    """A file and its key: what is needed to read it, also outside the tenant's scope."""

    name: str
    place: str
    size: int
    context: bytes = field(repr=False)
    key: bytes = field(repr=False)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Read it in the clear, from any place.

        Raises:
            FileGoneError: its bytes are not in storage.
            DamagedFileError: they are not those that were sealed.
        """
        try:
            stored = default_storage.open(self.place)
        except FileNotFoundError as absent:
            raise FileGoneError(f"The bytes of {self.name} are not in storage.") from absent
        with stored:
            opening = Opening(
                cast(BinaryIO, stored), key=self.key, context=self.context, size=self.size
            )
            with io.BufferedReader(opening, CHUNK) as clear:
                yield cast(BinaryIO, clear)

    def copy_to(self, target: Path) -> None:
        """Write it in the clear to a file that only we can read."""
        with self.open() as clear, os.fdopen(_private(target), "wb") as copy:
            shutil.copyfileobj(clear, copy, CHUNK)


@dataclass(frozen=True, slots=True)
class _Written:
    """What a row needs to know of bytes in storage."""

    place: str
    size: int
    sha256: str
    key_version: int
    sealed_key: bytes = field(repr=False)


def seal(content: BinaryIO, *, name: str, kind: SealedKind) -> SealedFile:
    """Store a file of the tenant in scope, sealed.

    The same bytes under the same name give the row that is there.

    Args:
        content: read from where it stands to its end.
        name: begins with the tenant's id and a slash.
        kind: what it holds.

    Raises:
        NameTakenError: other bytes lie under the name.
    """
    if not name.startswith(f"{active_tenant_id()}/"):
        raise ValueError("A file's name begins with the id of its tenant.")
    # Held, so that nobody destroys it between being found and being pointed to.
    known = SealedFile.objects.select_for_update(no_key=True).filter(name=name).first()
    if known is not None and known.sealed_key is not None:
        return _same(known, _sha256(content))
    written = _write(content, name)
    facts = {**asdict(written), "kind": kind}
    row, is_new = SealedFile.objects.get_or_create(name=name, defaults=facts)
    if is_new:
        return row
    row = SealedFile.objects.select_for_update(no_key=True).get(pk=row.pk)
    if row.sealed_key is not None:  # somebody sealed it meanwhile
        default_storage.delete(written.place)
        return _same(row, written.sha256)
    for attribute, value in (facts | {"shredded_at": None}).items():
        setattr(row, attribute, value)
    row.save()
    return row


def unlock(names: Iterable[str]) -> list[UnlockedFile]:
    """Find files and their keys, in the order asked for, in two queries.

    Raises:
        FileGoneError: one of them is not there, or its key was destroyed.
    """
    wanted = list(names)
    rows = {row.name: row for row in SealedFile.objects.filter(name__in=wanted)}
    for name in wanted:
        if name not in rows or rows[name].sealed_key is None:
            raise FileGoneError(f"There is no file {name}, or its key was destroyed.")
    tenant_keys = keys.opening_keys({row.key_version for row in rows.values()})
    return [_unlocked(rows[name], tenant_keys) for name in wanted]


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """Read one file in the clear.

    Raises:
        FileGoneError: it is not there, or its key was destroyed.
        DamagedFileError: its bytes are not those that were sealed.
    """
    (file,) = unlock([name])
    with file.open() as clear:
        yield clear


def copy_out(name: str, target: Path) -> None:
    """Write one file in the clear to a path that only we can read.

    Raises:
        FileGoneError: it is not there, or its key was destroyed.
        DamagedFileError: its bytes are not those that were sealed.
    """
    (file,) = unlock([name])
    file.copy_to(target)


@transaction.atomic
def shred(name: str) -> SealedFile:
    """Destroy a file: its key now, its bytes once the transaction is through.

    Raises:
        FileGoneError: there was never such a file.
    """
    row = SealedFile.objects.select_for_update(no_key=True).filter(name=name).first()
    if row is None:
        raise FileGoneError(f"There is no file {name}.")
    if row.sealed_key is not None:
        row.sealed_key, row.shredded_at = None, timezone.now()
        row.save(update_fields=["sealed_key", "shredded_at"])
        transaction.on_commit(partial(default_storage.delete, row.place))
    return row


def rewrap_files() -> int:
    """Seal the keys of all files anew with the tenant's newest key, and count them."""
    version, key = keys.sealing_key()
    rows = list(
        SealedFile.objects.select_for_update(no_key=True).filter(
            sealed_key__isnull=False, key_version__lt=version
        )
    )
    tenant_keys = keys.opening_keys({row.key_version for row in rows})
    for row in rows:
        context = _context(row.name)
        own = keys.unwrap(
            cast(bytes, row.sealed_key), key=tenant_keys[row.key_version], context=context
        )
        row.key_version, row.sealed_key = version, keys.wrap(own, key=key, context=context)
    return SealedFile.objects.bulk_update(rows, ["key_version", "sealed_key"], batch_size=1000)


def plain_names() -> list[str]:
    """List the files of the tenant in scope that an earlier release stored in the clear."""
    return [
        name
        for folder in _PLAIN_FOLDERS
        for name in _stored(f"{active_tenant_id()}/{folder}")
        if not name.endswith(ENDING)
    ]


def seal_plain(name: str) -> None:
    """Seal a file that lies in the clear under its name, then remove that."""
    with default_storage.open(name) as plain:
        seal(cast(BinaryIO, plain), name=name, kind=_PLAIN_FOLDERS[PurePosixPath(name).parts[1]])
    transaction.on_commit(partial(default_storage.delete, name))


def sweep(*, before: datetime) -> int:
    """Remove sealed bytes of the tenant in scope that no row points to, and count them.

    Args:
        before: bytes written later may belong to a transaction that is still open.
    """
    known = set(SealedFile.objects.filter(shredded_at=None).values_list("place", flat=True))
    strays = [
        place
        for place in _stored(str(active_tenant_id()))
        if place.endswith(ENDING)
        and place not in known
        and default_storage.get_modified_time(place) < before
    ]
    for place in strays:
        default_storage.delete(place)
    return len(strays)


def _stored(folder: str) -> Iterator[str]:
    """List all that lies in a folder of storage, and below."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored there
        return
    yield from (f"{folder}/{name}" for name in names)
    for inner in folders:
        yield from _stored(f"{folder}/{inner}")


def _write(content: BinaryIO, name: str) -> _Written:
    """Write the bytes to a new place."""
    version, tenant_key = keys.sealing_key()
    key, context = keys.new_key(), _context(name)
    sealing = Sealing(content, key=key, context=context)
    place = default_storage.save(
        f"{name}.{secrets.token_hex(8)}{ENDING}", File(io.BufferedReader(sealing, CHUNK))
    )
    _make_durable(place)
    sealed_key = keys.wrap(key, key=tenant_key, context=context)
    return _Written(place, sealing.size, sealing.sha256, version, sealed_key)


def _sha256(content: BinaryIO) -> str:
    digest = hashlib.sha256()
    while part := content.read(CHUNK):
        digest.update(part)
    return digest.hexdigest()


def _make_durable(place: str) -> None:
    """Wait until bytes and name are on the disk, so that no row outlives what it points to."""
    try:
        path = Path(default_storage.path(place))
    except NotImplementedError:  # an object store answers when it has the object
        return
    for each in (path, path.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _same(row: SealedFile, sha256: str) -> SealedFile:
    if row.sha256 != sha256:
        raise NameTakenError(f"Another file lies under the name {row.name} already.")
    return row


def _unlocked(row: SealedFile, tenant_keys: dict[int, bytes]) -> UnlockedFile:
    context = _context(row.name)
    sealed_key = cast(bytes, row.sealed_key)
    key = keys.unwrap(sealed_key, key=tenant_keys[row.key_version], context=context)
    return UnlockedFile(row.name, row.place, row.size, context, key)


def _context(name: str) -> bytes:
    return b"file\n" + active_tenant_id().bytes + name.encode()


def _private(target: Path) -> int:
    return os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
