"""The signed document of an agreement: what is taken as one, and where it is kept."""

from typing import BinaryIO

from comanage.vault.models import SealedFile
from comanage.vault.papers import PDF_TYPE, DocumentError, check_is_pdf, keep_paper
from scorecards.intake.reading import content_kind

__all__ = ["PDF_TYPE", "DocumentError", "check_is_document", "keep_document"]


def check_is_document(content: BinaryIO) -> None:
    """Raise DocumentError unless a file is a whole PDF that anybody can read years later."""
    check_is_pdf(content, what="signed agreement", kind_of=_spoken)


def keep_document(content: BinaryIO) -> SealedFile:
    """Seal a document that was checked, under a name that says nothing of it."""
    return keep_paper(content, folder="agreements")


def _spoken(start: bytes) -> str:
    kind = content_kind(start)
    return {
        "csv": "",
        "xlsx": "a zip archive or an Office document",
        "parquet": "a Parquet file",
    }.get(kind, kind)
