"""Making an export: every table, document and file of the tenant in scope, into one archive."""

import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from django.template.loader import render_to_string

from comanage.exports.archive import COPY, Archive
from comanage.exports.catalogue import (
    FILES,
    FILES_OF_CASES,
    documents,
    endings,
    left_out,
    sources,
)
from comanage.exports.models import TenantExport
from comanage.exports.tables import Table
from comanage.vault.files import unlock
from comanage.vault.models import SealedFile

FORMAT = "comanage export 1"


def make_archive(export: TenantExport, target: BinaryIO, tell: Callable[[int, int], None]) -> None:
    """Write the archive.

    Args:
        export: what was asked for; tenant and person are at hand.
        target: where it goes.
        tell: called with how many tables and files are done, and of how many.
    """
    tables = sources(holds_cases=export.holds_cases)
    names = _names(holds_cases=export.holds_cases)
    total, archive, described = len(tables) + len(names), Archive(target), []
    for done, source in enumerate(tables):
        tell(done, total)
        columns = [column.name for column in source.columns]
        rows = archive.put_table(
            f"tables/{source.path}", Table(source.path, columns, source.rows())
        )
        described.append(
            {
                "table": source.path,
                "about": source.about,
                "files": [f"tables/{source.path}.{kind}" for kind in ("ndjson", "csv")],
                "rows": rows,
                "columns": [asdict(column) for column in source.columns],
            }
        )
    for path, document in documents():
        archive.put_json(path, document)
    endings_of_sent = endings()
    for done, name in enumerate(names, len(tables)):
        tell(done, total)
        _put_file(archive, name, endings_of_sent.get(name, ""))
    omitted = left_out(holds_cases=export.holds_cases)
    facts = {
        "format": FORMAT,
        "hospital": export.tenant.name,
        "asked_by": export.asked_by.name,
        "asked_at": export.asked_at.isoformat(),
        "holds_cases": export.holds_cases,
        "left_out": omitted,
    }
    with archive.member("README.txt") as readme:
        readme.write(render_to_string("exports/readme.txt", facts).encode())
    archive.close({**facts, "tables": described})
    tell(total, total)


def _names(*, holds_cases: bool) -> list[str]:
    kinds = FILES | FILES_OF_CASES if holds_cases else FILES
    kept = SealedFile.objects.filter(kind__in=kinds, shredded_at=None).order_by("name")
    return list(kept.values_list("name", flat=True))


def _put_file(archive: Archive, name: str, ending: str) -> None:
    """Put a stored file under its name, less the tenant's part; one as sent with its ending."""
    (file,) = unlock([name])
    path = Path("files", *Path(name).parts[1:]).as_posix() + ending
    with file.open() as clear, archive.member(path) as target:
        shutil.copyfileobj(clear, target, COPY)
