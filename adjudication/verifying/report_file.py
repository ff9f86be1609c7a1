"""The file of a report: a PDF of anybody's making, read within limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from adjudication.verifying.problems import DoesNotHoldError

LARGEST = 50_000_000
_LARGEST_PART = 32_000_000
_LARGEST_WHOLE = 200_000_000
_DAMAGED = "The PDF is damaged: it cannot be read to its end. Get the file again."


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A PDF that could be read.

    Attributes:
        content: its bytes.
        enclosed: the files inside, by name.
        subject: what its metadata say it is about.
        seal: the first signature, as pyHanko knows it; None where there is none.
    """

    content: bytes = field(repr=False)
    enclosed: dict[str, bytes] = field(repr=False)
    subject: str
    seal: Any

    def part(self, name: str) -> bytes:
        """Return a file inside.

        Raises:
            DoesNotHoldError: there is none of that name.
        """
        if name not in self.enclosed:
            raise DoesNotHoldError(f"The PDF carries no {name}. It is no report of this release.")
        return self.enclosed[name]


def read_report(content: bytes) -> ReportFile:
    """Read a PDF and what it carries.

    Raises:
        DoesNotHoldError: it is no PDF, encrypted, damaged, unpacks to more than any report, or
            carries two files of one name.
    """
    if not content.startswith(b"%PDF-"):
        raise DoesNotHoldError("It is no PDF. Give the report as it was downloaded.")
    if len(content) > LARGEST:
        raise DoesNotHoldError(f"It has more than {LARGEST // 1_000_000} MB; no report has.")
    try:
        return _read(content)
    except DoesNotHoldError:
        raise
    except Exception as wrong:  # a hostile file finds every error that a parser has
        raise DoesNotHoldError(_why(wrong)) from wrong


def _read(content: bytes) -> ReportFile:
    from pyhanko.pdf_utils.decode_limits import (
        DecodeLimits,
        DocumentDecodeBudget,
        StreamDecodeLimits,
    )
    from pyhanko.pdf_utils.reader import PdfFileReader

    limits = DecodeLimits(
        per_stream=StreamDecodeLimits(max_output_size=_LARGEST_PART),
        document_budget=DocumentDecodeBudget(base_allowance=_LARGEST_WHOLE, max_ratio=0),
    )
    reader = PdfFileReader(BytesIO(content), decode_limits=limits)
    if reader.encrypted:
        raise DoesNotHoldError("The PDF is encrypted. Give the report as it was downloaded.")
    seals = reader.embedded_signatures  # in the order they were made: what follows was added
    return ReportFile(content, _enclosed(reader), _subject(reader), seals[0] if seals else None)


def _enclosed(reader: Any) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, specification in _named(reader):
        if name in files:
            raise DoesNotHoldError(f"The PDF carries two files named {name[:80]}.")
        files[name] = specification["/EF"]["/F"].data
    return files


def _named(reader: Any) -> Iterator[tuple[str, Any]]:
    tree = _at(_at(reader.root, "/Names", {}), "/EmbeddedFiles", {})
    leaf = _at(tree, "/Names", [])  # reports are written with one leaf
    for place in range(1, len(leaf), 2):
        yield str(leaf[place]["/UF"]), leaf[place]


def _subject(reader: Any) -> str:
    return str(_at(_at(reader.trailer_view, "/Info", {}), "/Subject", ""))


def _at(found: Any, key: str, otherwise: Any) -> Any:
    """Look something up; `get` would not follow a reference."""
    return found[key] if key in found else otherwise  # noqa: SIM401  (it follows references)


def _why(wrong: Exception) -> str:
    from pyhanko.pdf_utils.misc import PdfDecodeLimitError

    if isinstance(wrong, PdfDecodeLimitError | MemoryError):
        return "The PDF unpacks to more than any report holds. Nothing in it was believed."
    return _DAMAGED
