"""Opening a Word file that came from outside: judged whole before any of it is believed.

A Word file is a zip archive of XML. Its directory is judged first, then each part that is read is
unpacked in small pieces and counted: the directory may lie. No entity is ever resolved, no link
followed, and nothing is written to a disk.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

MEGABYTE = 1_000_000
LARGEST_BYTES = 5 * MEGABYTE
MAX_UNPACKED_BYTES = 40 * MEGABYTE
MAX_RATIO = 100
RATIO_COUNTS_FROM_BYTES = MEGABYTE  # small parts may repeat themselves
MAX_PARTS = 400
MAX_ELEMENTS = 400_000
MAX_PARAGRAPHS = 10_000  # ten times a long agreement
MAX_DEPTH = 100
CHUNK_BYTES = 1 << 16
ENCRYPTED_FLAG = 0x1
DOCUMENT, COMMENTS, CONTENT_TYPES = "word/document.xml", "word/comments.xml", "[Content_Types].xml"
_COMPOUND = b"\xd0\xcf\x11\xe0"  # of .doc, and of a .docx with a password
_ZIP = b"PK\x03\x04"

_SPACES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
}
_MACROS = re.compile(r"vbaproject|vbadata|macrosheets?/|activex|customui", re.IGNORECASE)
_EMBEDDED = re.compile(r"embeddings?/|oleobject|\.(?:exe|dll|js|vbs|bat|bin)$", re.IGNORECASE)
# Of a field: what it fetches or runs when somebody opens or refreshes the document.
_FETCHES = re.compile(
    r"^\s*(?:DDE(?:AUTO)?|INCLUDE(?:TEXT|PICTURE)?|IMPORT|LINK|DATABASE|EMBED|CONTROL|HTMLCONTROL"
    r"|MACROBUTTON|RD|SHAPE\s+INCLUDE\w*)\b",
    re.IGNORECASE,
)
_STRANGE = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|\\|^[a-z]:|\0", re.IGNORECASE)


class WordError(ValueError):
    """A file that is not taken; the text is one sentence or two for whoever sent it."""


@dataclass(slots=True)
class Element:
    """An element of a part: `w:p` and the like, its attributes by their plain names."""

    tag: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def find(self, *path: str) -> Element | None:
        """Go down by tags; None where one is not there."""
        here: Element | None = self
        for step in path:
            here = (
                next((each for each in here.children if each.tag == step), None) if here else None
            )
        return here

    def walk(self) -> Iterator[Element]:
        """Go through the element and everything in it, in the order it is written."""
        waiting = [self]
        while waiting:
            here = waiting.pop()
            yield here
            waiting.extend(reversed(here.children))


@dataclass(frozen=True, slots=True)
class WordParts:
    """What is read of a file: its body, and its comments where it has any."""

    body: Element
    comments: Element | None


def read_parts(content: bytes) -> WordParts:
    """Judge a file and read its body and comments.

    Raises:
        WordError: too large, damaged, encrypted, no Word document, or with anything in it that is
            more than a document: macros, embedded files, links that are fetched, entities.
    """
    if len(content) > LARGEST_BYTES:
        raise WordError(
            f"The file is larger than {LARGEST_BYTES // MEGABYTE} MB. Take pictures out."
        )
    if content.startswith(_COMPOUND):
        raise WordError(
            "The file has a password or is of an old kind (.doc). Save it as .docx without one."
        )
    if not content.startswith(_ZIP):
        raise WordError("This is not a Word document. Send the .docx file that you edited.")
    try:
        with ZipFile(BytesIO(content)) as archive:
            return _read(archive, len(content))
    except (
        BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ExpatError,
        UnicodeDecodeError,
    ):
        raise WordError("The file is damaged or cut off. Save it in Word once more.") from None


def _read(archive: ZipFile, packed: int) -> WordParts:
    parts = archive.infolist()
    _check_directory(parts, packed)
    budget = _Budget()
    read = {each.filename: _unpacked(archive, each, budget) for each in parts if _is_xml(each)}
    for name, text in read.items():
        _check_part(name, text)
    document = _parsed(read[DOCUMENT])
    body = document.find("w:body")
    if body is None:
        raise WordError("This is not a Word document. Send the .docx file that you edited.")
    comments = _parsed(read[COMMENTS]) if COMMENTS in read else None
    for part in (body, comments):
        if part is not None and any(map(_FETCHES.search, instructions_in(part))):
            raise _forbidden("a field that fetches something or runs a command")
    return WordParts(body, comments)


def instructions_in(part: Element) -> Iterator[str]:
    """Give what each field of a part is told to do, however its words are split."""
    told: list[str] = []
    for each in part.walk():
        if each.tag == "w:fldSimple":
            yield each.attributes.get("instr", "")
        elif each.tag in {"w:instrText", "w:delInstrText"}:
            told.append(each.text)
        elif each.tag == "w:fldChar" and told:
            yield "".join(told)
            told = []
    yield "".join(told)


def _check_directory(parts: list[ZipInfo], packed: int) -> None:
    names = [each.filename for each in parts]
    if len(parts) > MAX_PARTS:
        raise _bomb()
    if any(each.flag_bits & ENCRYPTED_FLAG for each in parts):
        raise WordError("The file is encrypted. Save it without a password.")
    if any(_MACROS.search(name) for name in names):
        raise _forbidden("macros")
    if any(_EMBEDDED.search(name) for name in names):
        raise _forbidden("embedded files")
    kinds = {each.compress_type for each in parts}
    lower = {name.lower() for name in names}
    if (
        any(map(_STRANGE.search, names))
        or len(lower) < len(names)
        or not kinds
        <= {
            ZIP_STORED,
            ZIP_DEFLATED,
        }
    ):
        raise WordError("The file is packed in a strange way. Save it in Word once more.")
    if not {DOCUMENT, CONTENT_TYPES} <= set(names):
        raise WordError("This is not a Word document. Send the .docx file that you edited.")
    sizes = sum(each.file_size for each in parts)
    if sizes > min(MAX_UNPACKED_BYTES, max(packed * MAX_RATIO, RATIO_COUNTS_FROM_BYTES)):
        raise _bomb()


def _is_xml(part: ZipInfo) -> bool:
    return part.filename.lower().endswith((".xml", ".rels"))


@dataclass(slots=True)
class _Budget:
    """Bytes that may still be unpacked, of all parts together."""

    left: int = MAX_UNPACKED_BYTES


def _unpacked(archive: ZipFile, part: ZipInfo, budget: _Budget) -> bytes:
    """Unpack a part piece by piece, whatever the directory says of its size."""
    pieces: list[bytes] = []
    with archive.open(part) as stream:
        while piece := stream.read(CHUNK_BYTES):
            budget.left -= len(piece)
            if budget.left < 0:
                raise _bomb()
            pieces.append(piece)
    size = sum(map(len, pieces))
    if size > RATIO_COUNTS_FROM_BYTES and size > MAX_RATIO * max(part.compress_size, 1):
        raise _bomb()
    return b"".join(pieces)


def _check_part(name: str, text: bytes) -> None:
    """Refuse a part that declares what the file may not have."""
    if name == CONTENT_TYPES and b"macroenabled" in text.lower():
        raise _forbidden("macros")
    if not name.endswith(".rels"):
        return
    for each in _parsed(text).walk():
        kind = each.attributes.get("Type", "").rpartition("/")[2].lower()
        if kind in {"vbaproject", "attachedtoolbars", "keymapcustomizations"}:
            raise _forbidden("macros")
        if kind in {"oleobject", "package", "control", "afchunk", "subdocument"}:
            raise _forbidden("embedded files")
        # A link that a reader would have to press is only words here.
        if each.attributes.get("TargetMode", "").lower() == "external" and kind != "hyperlink":
            raise _forbidden("links to other files or the web that open by themselves")


def _parsed(text: bytes) -> Element:
    """Read a part into elements; a document type is refused before anything of it is read."""
    tree = _Tree()
    parser: Any = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_type
    parser.StartElementHandler = tree.begin
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.say
    parser.Parse(text, 1)
    return tree.root


def _refuse_type(*_given: object) -> None:
    raise _forbidden("an XML document type or entity")


class _Tree:
    """Builds elements while a part is read, up to a number and a depth."""

    def __init__(self) -> None:
        self.root = Element("", {})
        self._open = [self.root]
        self._count = self._paragraphs = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > MAX_DEPTH:
            raise WordError("The file is nested deeper than Word nests. Save it in Word once more.")
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        made = Element(_short(name), plain)
        self._count += 1
        self._paragraphs += made.tag == "w:p"
        if self._paragraphs > MAX_PARAGRAPHS:
            raise WordError(
                f"The file holds more than {MAX_PARAGRAPHS:,} paragraphs. Leave out what is not of "
                f"the agreement."
            )
        if self._count > MAX_ELEMENTS:
            raise _bomb()
        self._open[-1].children.append(made)
        self._open.append(made)
        if len(self._open) == 2:
            self.root = made

    def end(self, _name: str) -> None:
        self._open.pop()

    def say(self, text: str) -> None:
        self._open[-1].text += text


def _short(name: str) -> str:
    space, _, plain = name.rpartition(" ")
    return f"{_SPACES.get(space, 'other')}:{plain}"


def _forbidden(what: str) -> WordError:
    return WordError(f"The file holds {what}. Copy its text into the file that you got from here.")


def _bomb() -> WordError:
    return WordError(
        f"The file unpacks to more than {MAX_UNPACKED_BYTES // MEGABYTE} MB or to very many parts. "
        f"Send the .docx file that you edited, without pictures."
    )
