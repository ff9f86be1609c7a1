"""Refusing dangerous workbooks before the spreadsheet reader opens them.

A workbook is a zip archive of XML. Its directory is judged first, then every member is
unpacked in small pieces, counted and looked through: the directory may lie.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from scorecards.intake.reading import MEGABYTE, UnreadableError

MAX_UNPACKED_BYTES = 100 * MEGABYTE
MAX_RATIO = 100
# Small members may repeat themselves; a ratio says something only about large ones.
RATIO_COUNTS_FROM_BYTES = MEGABYTE
MAX_MEMBERS = 1_000
MAX_CELLS = 1_000_000
MAX_TAG_BYTES = MEGABYTE
CHUNK_BYTES = 1 << 18
ENCRYPTED_FLAG = 0x1
# A part may have any name, also a sheet: every other part has to be XML and is looked through.
BINARY_PARTS = ("xl/printersettings/", "docprops/thumbnail")
CONTENT_TYPES = "[Content_Types].xml"

SAVE_PLAIN = "Copy the cells as values into a new workbook, or save as CSV."
FORBIDDEN_PARTS = {
    "macros": ("xl/vbaproject", "xl/macrosheets/", "xl/activex/", "customui/"),
    "external-link": ("xl/externallinks/", "xl/connections.xml", "xl/querytables/", "xl/model/"),
    "embedded-object": ("xl/embeddings/", "xl/media/", "xl/ctrlprops/", "xl/webextensions/"),
}
SPOKEN = {
    "macros": "macros",
    "external-link": "links to other files or the web",
    "embedded-object": "embedded objects or pictures",
    "dtd": "an XML document type or entity",
}
FORBIDDEN_TEXT = {
    "macros": re.compile(rb"macroEnabled|vbaProject|relationships/xlMacrosheet"),
    "external-link": re.compile(rb"relationships/externalLink"),
    "embedded-object": re.compile(rb"relationships/(oleObject|package|control|image)\b"),
}
EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External")
# Where a cell links to the web the link is not followed and its text is an ordinary value.
HYPERLINK = re.compile(
    rb"""<(?:\w+:)?Relationship\s(?=[^>]*\sType\s*=\s*["'][^"'>]*/relationships/hyperlink["'])[^>]*>"""
)
DTD = re.compile(rb"<!(DOCTYPE|ENTITY)")
OTHER_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE)
SHEET = re.compile(rb"<(\w+:)?worksheet[\s>]")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\bt\s*=\s*["']e["'][^>]*>""")
CELL, ROW, TABLE = b"c", b"row", b"sheetData"
# One of these, and the place that it names.
TAG = re.compile(
    rb"""<(?:\w+:)?(c|row|sheetData)(?=[\s/>])(?:\s[^>]*?\br\s*=\s*["']([A-Za-z]*)(\d+)["'])?"""
)


@dataclass(slots=True)
class _SheetArea:
    """How far one sheet reaches: one cell far out makes a reader fill everything before it.

    Its places rise. Of two rows or cells in one place a reader keeps the later one, without a word.
    """

    last: tuple[int, int] = (0, 0)
    columns: int = 0
    tags: Counter[tuple[bytes, bool]] = field(default_factory=Counter)  # and whether with a place

    def take(self, xml: bytes) -> None:
        """Count the cells of a stretch of whole tags."""
        if FORMULA.search(xml):
            raise UnreadableError(
                "formula", f"The workbook holds formulas; only values are read. {SAVE_PLAIN}"
            )
        error = ERROR_CELL.search(xml)
        if error:
            raise _error_value(error.group())
        is_rising = self._go_through(xml)
        cells = self.tags[CELL, True] + self.tags[CELL, False]
        if max(cells, self.last[0] * self.columns) > MAX_CELLS:
            raise UnreadableError(
                "too-many-cells",
                f"A sheet reaches over more than {MAX_CELLS:,} cells. Delete empty rows and "
                f"columns at its end, or send CSV.",
            )
        is_mixed = any(self.tags[kind, True] and self.tags[kind, False] for kind in (CELL, ROW))
        if not is_rising or is_mixed or self.tags[TABLE, False] > 1:
            raise _lost_cells(self.last[0])

    def _go_through(self, xml: bytes) -> bool:
        """Follow rows and cells as far as their places rise; say whether all of them do."""
        for kind, letters, digits in TAG.findall(xml):
            self.tags[kind, bool(digits)] += 1
            if digits:
                place = (int(digits[:9]), _column_number(letters))
                if place <= self.last:
                    return False
                self.last = place
                self.columns = max(self.columns, place[1])
        return True


class _Tags:
    """Follows the tags of a member that is XML, so that a damaged one is noticed.

    Why: a reader of spreadsheets goes on where a tag is damaged, and gives a cell the value of
    another. Drawings of old, `.vml`, are seldom whole, and hold no cells.
    """

    def __init__(self, name: str) -> None:
        self._parser = ParserCreate() if name.endswith((".xml", ".rels")) else None

    def take(self, xml: bytes, *, is_end: bool = False) -> None:
        """Follow a stretch.

        Raises:
            ExpatError: it is not well formed.
        """
        if self._parser is not None:
            self._parser.Parse(xml, is_end)


def check_workbook(source: Path) -> None:
    """Look through a workbook without interpreting it.

    Raises:
        UnreadableError: damaged, too large, encrypted, or carrying anything but cells.
    """
    try:
        with ZipFile(source) as archive:
            members = archive.infolist()
            _check_directory(members, source.stat().st_size)
            for member in members:
                _check_member(archive, member)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, ExpatError):
        raise UnreadableError(
            "unreadable", "The workbook is damaged or cut off. Save it again."
        ) from None


def _check_directory(members: list[ZipInfo], packed: int) -> None:
    if len(members) > MAX_MEMBERS:
        raise UnreadableError(
            "too-large", f"The workbook has more than {MAX_MEMBERS:,} parts. {SAVE_PLAIN}"
        )
    if any(member.flag_bits & ENCRYPTED_FLAG for member in members):
        raise UnreadableError("encrypted", "The workbook is encrypted. Save it without a password.")
    names = [member.filename.lower().lstrip("/") for member in members]
    if CONTENT_TYPES.lower() not in names or "xl/workbook.xml" not in names:
        raise UnreadableError(
            "not-what-it-says", "The file is a zip archive, but no Excel workbook. Export it again."
        )
    kinds = {member.compress_type for member in members}
    if len(set(names)) < len(names) or not kinds <= {ZIP_STORED, ZIP_DEFLATED}:
        raise UnreadableError(
            "unreadable", f"The workbook is packed in a strange way. {SAVE_PLAIN}"
        )
    _check_parts(names)
    if sum(member.file_size for member in members) > min(MAX_UNPACKED_BYTES, packed * MAX_RATIO):
        raise _bomb()
    for member in members:
        _check_ratio(member.file_size, member)


def _check_parts(names: list[str]) -> None:
    for code, parts in FORBIDDEN_PARTS.items():
        if any(name.startswith(parts) for name in names):
            raise _forbidden(code)


def _check_ratio(unpacked: int, member: ZipInfo) -> None:
    if unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > MAX_RATIO * max(member.compress_size, 1):
        raise _bomb()


def _check_member(archive: ZipFile, member: ZipInfo) -> None:
    """Unpack one member piece by piece, to its true end; one that is not as stated is damaged."""
    size, area, is_sheet = 0, _SheetArea(), False
    name = member.filename.lower().lstrip("/")
    member.file_size = 2 * MAX_UNPACKED_BYTES  # zipfile stops there, whatever the directory says
    is_xml = not name.startswith(BINARY_PARTS)
    tags = _Tags(name)
    for number, xml in enumerate(_stretches(archive, member, is_xml=is_xml)):
        size += len(xml)
        if size > MAX_UNPACKED_BYTES:
            raise _bomb()
        _check_ratio(size, member)
        if number == 0 and is_xml:
            _check_encoding(xml)
        is_sheet = is_sheet or bool(SHEET.search(xml))
        if DTD.search(xml):
            raise _forbidden("dtd")
        tags.take(xml)
        if is_sheet:
            area.take(xml)
        elif name == CONTENT_TYPES.lower() or name.endswith(".rels"):
            _check_relations(xml)
    tags.take(b"", is_end=True)


def _stretches(archive: ZipFile, member: ZipInfo, *, is_xml: bool) -> Iterator[bytes]:
    """Yield a member in order; XML is cut before a tag, so that no tag falls apart."""
    held = b""
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            held += chunk
            cut = held.rfind(b"<") if is_xml else len(held)
            if len(held) - cut > MAX_TAG_BYTES:
                raise UnreadableError(
                    "cell-too-long",
                    f"A cell or tag of the workbook is longer than {MAX_TAG_BYTES:,} bytes. "
                    f"Export only the columns of the feed.",
                )
            if cut > 0:
                yield held[:cut]
                held = held[cut:]
    if held:
        yield held


def _check_encoding(xml: bytes) -> None:
    if b"\0" in xml[:8] or OTHER_ENCODING.search(xml[:200]):
        raise UnreadableError("unreadable", f"The workbook is not written in UTF-8. {SAVE_PLAIN}")


def _check_relations(xml: bytes) -> None:
    for code, text in FORBIDDEN_TEXT.items():
        if text.search(xml):
            raise _forbidden(code)
    if EXTERNAL.search(HYPERLINK.sub(b"", xml)):
        raise _forbidden("external-link")


@lru_cache(1 << 14)
def _column_number(letters: bytes) -> int:
    """Turn `A` into 1 and `AA` into 27."""
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number


def _error_value(cell: bytes) -> UnreadableError:
    """Refuse an error such as #N/A: the spreadsheet reader would call it an empty cell."""
    tag = TAG.match(cell)
    row = int(tag.group(3)[:9]) if tag and tag.group(3) else None
    return UnreadableError(
        "error-value",
        f"{f'Row {row}' if row else 'A row'} holds an error such as #N/A. Replace it by a value "
        f"or an empty cell.",
        row=row,
    )


def _lost_cells(row: int) -> UnreadableError:
    return UnreadableError(
        "unreadable",
        f"At row {row} of a sheet a row or cell comes twice, out of order, or without its place "
        f"among others that name theirs. Values would be lost: save the workbook again.",
        row=row,
    )


def _forbidden(code: str) -> UnreadableError:
    return UnreadableError(code, f"The workbook holds {SPOKEN[code]}. {SAVE_PLAIN}")


def _bomb() -> UnreadableError:
    return UnreadableError(
        "zip-bomb",
        f"The workbook unpacks to more than {MAX_UNPACKED_BYTES // MEGABYTE} MB or to more than "
        f"{MAX_RATIO} times its size. Send CSV.",
    )
