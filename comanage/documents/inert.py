"""A PDF that came from outside, judged by its bytes: whether it does anything but show pages.

It is never interpreted. What would run, open or carry something must be named in the file: in the
clear, or inside a packed stream of objects, which is unpacked in small pieces and counted. A name
written in another way than plainly, and a stream packed in another way than the usual, are refused:
no scanner writes them.

Source:
    ISO 32000-2:2020, 7.3.5 (names), 7.5.7 (object streams), 7.11.4 (embedded files) and 12.6
    (actions).
"""

import re
import zlib
from collections.abc import Iterator

MAX_UNPACKED_BYTES = 32 << 20
_CHUNK_BYTES = 1 << 16
_OVERLAP_BYTES = 64  # longer than any name that is looked for

_RUNS = (
    b"/JavaScript|/Launch|/SubmitForm|/ImportData|/Rendition|/RichMedia|/Movie|/GoToE|"
    rb"/XFA\s*[\[\d]"
)
_CARRIES = rb"/EmbeddedFile|/FileAttachment|/EF\s*(?:<<|\d+\s+\d+\s+R)"
_NAMED = re.compile(rb"(?P<runs>%s)|(?P<carries>%s)|(?P<page>/Page\b)" % (_RUNS, _CARRIES))
_OBJECTS = re.compile(rb"/ObjStm\b|/First\b")
_WATCHED = re.compile(rb"/(?:ObjStm|First|Filter|FlateDecode|Predictor)\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+|\d+\s+\d+\s+R)")
_PLAIN = re.compile(rb"\[?\s*/FlateDecode\s*\]?")
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)?")
_ENDED = re.compile(rb"[^(%]*>>\s*endobj")


class NotInertError(ValueError):
    """A PDF does more than show pages; the text is for whoever sent it."""


def check_is_inert(content: bytes) -> None:
    """Raise NotInertError unless a PDF shows pages and does nothing else.

    Args:
        content: of the whole file, which is known to be a PDF without a password.
    """
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)
    if len(_WATCHED.findall(plain)) != len(_WATCHED.findall(content)):
        raise NotInertError(_STRANGE)
    has_pages = _look_at(plain)
    for packed in _packed(content):
        has_pages = _look_at(packed) or has_pages
    if not has_pages:
        raise NotInertError("The PDF has no page. Scan the paper again.")


_STRANGE = (
    "The PDF is packed in a way that cannot be looked into. Print it and scan it, or save it as "
    "PDF again."
)


def _look_at(content: bytes) -> bool:
    """Say whether there is a page in some bytes; refuse what runs or carries something."""
    has_pages = False
    for found in _NAMED.finditer(content):
        if found["runs"]:
            raise NotInertError(
                "The PDF holds a script or another thing that acts by itself. Print it and scan it."
            )
        if found["carries"]:
            raise NotInertError(
                "The PDF carries another file inside. Print it, have it signed and scan it."
            )
        has_pages = True
    return has_pages


def _packed(content: bytes) -> Iterator[bytes]:
    """Unpack the streams of objects, piece by piece; each begins with the end of the one before."""
    left = MAX_UNPACKED_BYTES
    for start in sorted(set(_streams_of_objects(content))):
        unpacking, end, place = zlib.decompressobj(), b"", start
        while not unpacking.eof and (unpacking.unconsumed_tail or place < len(content)):
            given = unpacking.unconsumed_tail
            if not given:
                given, place = content[place : place + _CHUNK_BYTES], place + _CHUNK_BYTES
            try:
                piece = unpacking.decompress(given, _CHUNK_BYTES)
            except zlib.error as damaged:
                raise NotInertError(_STRANGE) from damaged
            left -= len(piece)
            if left < 0:
                raise NotInertError(_STRANGE)
            yield end + piece
            end = (end + piece)[-_OVERLAP_BYTES:]


def _streams_of_objects(content: bytes) -> Iterator[int]:
    """Find where the bytes of each packed stream of objects begin."""
    for found in _OBJECTS.finditer(content):
        stream = _STREAM.search(content, found.end())
        head = content[content.rfind(b"obj", 0, found.start()) : stream.start() if stream else None]
        if stream is None or _ENDED.match(head):
            continue  # an outline names its first entry too, and has no stream
        filters = _FILTER.findall(head)
        if not filters and b"/Filter" not in head:
            continue  # in the clear, so it was looked at with the rest
        if len(filters) != 1 or not _PLAIN.fullmatch(filters[0]) or b"/Predictor" in head:
            raise NotInertError(_STRANGE)
        yield stream.end()
