"""An archive that says what is in it: a ZIP whose index names size and SHA-256 of each member."""

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO, cast
from uuid import UUID

from comanage.exports.cells import moment_text
from comanage.exports.tables import Table, write_csv

COPY = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive."""

    path: str
    size: int
    sha256: str


class _Hashing:
    """Passes bytes on, and remembers how many and which."""

    def __init__(self, target: BinaryIO) -> None:
        self._target, self.size, self.digest = target, 0, hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.size += len(content)
        self.digest.update(content)
        return self._target.write(content)


class Archive:
    """Writes members one after the other; none is in memory as a whole."""

    def __init__(self, target: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.members: list[Member] = []

    @contextmanager
    def member(self, path: str) -> Iterator[BinaryIO]:
        """Write one member."""
        with self._zip.open(path, "w", force_zip64=True) as raw:
            hashing = _Hashing(cast(BinaryIO, raw))
            yield cast(BinaryIO, hashing)
        self.members.append(Member(path, hashing.size, hashing.digest.hexdigest()))

    def put_json(self, path: str, document: Any) -> None:
        """Write one document; text that is JSON already stays as it is, byte for byte."""
        text = document if isinstance(document, str) else _json(document)
        with self.member(path) as target:
            target.write(text.encode())

    def put_table(self, path: str, table: Table) -> int:
        """Write a table twice, as NDJSON and as CSV, in one pass, and count its rows."""
        with tempfile.TemporaryFile() as lines, tempfile.TemporaryFile() as cells:
            through = Table(table.name, table.columns, _written(table, cast(BinaryIO, lines)))
            count = write_csv(through, cast(BinaryIO, cells))
            for content, ending in ((lines, "ndjson"), (cells, "csv")):
                content.seek(0)
                with self.member(f"{path}.{ending}") as target:
                    shutil.copyfileobj(content, target, COPY)
        return count

    def close(self, index: dict[str, Any]) -> None:
        """Write the index and end."""
        members = [asdict(member) for member in self.members]
        self._zip.writestr("index.json", _json({**index, "members": members}, indent=1))
        self._zip.close()


def _written(table: Table, lines: BinaryIO) -> Iterator[Any]:
    for row in table.rows:
        lines.write(_json(dict(zip(table.columns, row, strict=True))).encode() + b"\n")
        yield row


def _json(document: Any, *, indent: int | None = None) -> str:
    return json.dumps(document, ensure_ascii=False, default=_text, indent=indent)


def _text(value: Any) -> str:
    """Write what JSON has no type for: exactly, as text."""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in an export yet.")
