"""What the spreadsheet reader does not tell: errors, and formulas that were never computed.

It gives both as empty cells, which would read as missing.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from scorecards.intake.reading import MEGABYTE, UnreadableError

CHUNK_BYTES = 1 << 20
MAX_UNPACKED_BYTES = 2_000 * MEGABYTE
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_NAME, _ID, _TARGET = (
    re.compile(rb"[\s:]" + word + rb"\s*=\s*[\"']([^\"']*)[\"']")
    for word in (b"name", b"(?:r:)?[iI]d", b"Target")
)
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]+)([0-9]+)["']""")
_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v>[^<]")
_DAMAGED = "The workbook is damaged, cut off or encrypted. Save it again."


def check_size(path: Path) -> None:
    """Refuse a workbook that would not fit the memory of an ordinary machine.

    Raises:
        UnreadableError: too large, or no zip archive.
    """
    try:
        with ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (BadZipFile, OSError):
        raise UnreadableError("unreadable", _DAMAGED) from None
    if unpacked > MAX_UNPACKED_BYTES:
        raise UnreadableError(
            "too-large",
            f"The workbook unpacks to more than {MAX_UNPACKED_BYTES // MEGABYTE:,} MB. Save it "
            f"as CSV.",
        )


def check_cells(path: Path, sheet: str, first_row: int, columns: Mapping[str, int]) -> None:
    """Refuse errors and uncomputed formulas in the columns that are needed.

    Args:
        path: of the workbook.
        sheet: its name.
        first_row: the first row of cases, from 1.
        columns: header and place, from 0.

    Raises:
        UnreadableError: such a cell, with its row and column.
    """
    names = {_letters(place): name for name, place in columns.items()}
    try:
        with ZipFile(path) as archive:
            part = _part_of(archive, sheet)
            for xml in _stretches(archive, part) if part else ():
                _check_stretch(xml, first_row, names)
    except (BadZipFile, zlib.error, EOFError, KeyError, OSError):
        raise UnreadableError("unreadable", _DAMAGED) from None


def _check_stretch(xml: bytes, first_row: int, names: Mapping[bytes, str]) -> None:
    if not (_ERROR.search(xml) or _FORMULA.search(xml)):
        return
    for cell in _CELL.finditer(xml):
        place = _PLACE.search(cell[1])
        if not place or place[1] not in names or int(place[2]) < first_row:
            continue
        where = f"Row {int(place[2])}, column “{names[place[1]]}”:"
        if _ERROR.search(cell[1]):
            raise UnreadableError(
                "error-value",
                f"{where} the cell holds an error such as #N/A. Replace it by a value or leave "
                f"it empty.",
            )
        if _FORMULA.search(cell[2] or b"") and not _VALUE.search(cell[2]):
            raise UnreadableError(
                "formula",
                f"{where} the formula was never computed. Open and save the workbook in a "
                f"spreadsheet program, or copy the cells as values.",
            )


def _part_of(archive: ZipFile, sheet: str) -> str:
    """Find the member that holds a sheet; empty when the workbook names it strangely."""
    ids = {
        unescape(name[1].decode()): found[1]
        for tag in _SHEET.findall(archive.read("xl/workbook.xml"))
        if (name := _NAME.search(tag)) and (found := re.search(rb":id\s*=\s*[\"']([^\"']*)", tag))
    }
    for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        found, target = _ID.search(tag), _TARGET.search(tag)
        if found and target and found[1] == ids.get(sheet):
            named = target[1].decode().lstrip("/")
            part = named if named.startswith("xl/") else f"xl/{named}"
            return part if part in archive.namelist() else ""
    return ""


def _stretches(archive: ZipFile, part: str) -> Iterator[bytes]:
    """Yield a sheet in order, cut before a cell."""
    held = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            held += chunk
            cut = max(held.rfind(b"<c "), held.rfind(b":c "))
            if cut > 0:
                start = held.rfind(b"<", 0, cut + 1)
                yield held[:start]
                held = held[start:]
    yield held


def _letters(place: int) -> bytes:
    """Name a column: 0 is A, 26 is AA."""
    name = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name.encode()
