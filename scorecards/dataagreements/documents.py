"""The signed document of an agreement: what is taken as one, and where it is kept."""

from typing import BinaryIO
from uuid import uuid4

from comanage.tenancy.scope import active_tenant_id
from comanage.vault.files import seal
from comanage.vault.models import SealedFile, SealedKind
from comanage.web.errors import PolicyError
from scorecards.intake.reading import BYTES_OF_MAGIC, content_kind

MEBIBYTE = 1024**2
MAX_MEBIBYTES = 20
PDF_TYPE = "application/pdf"
START, END, LOCK = b"%PDF-", b"%%EOF", b"/Encrypt"
BYTES_OF_END = 1024
_CHUNK = 1 << 20


class DocumentError(PolicyError):
    """A file is not taken as the document of an agreement."""


def check_is_document(content: BinaryIO) -> None:
    """Raise DocumentError unless a file is a whole PDF that anybody can read years later.

    By what it holds, whatever its name says. It is not interpreted: who takes it away saves it.

    Args:
        content: from its beginning to its end; left at its beginning.

    Source:
        ISO 32000-1:2008, 7.5.2 (header), 7.5.5 (end of the file, and the key of an encrypted one).
    """
    content.seek(0)
    start = content.read(BYTES_OF_MAGIC)
    if not start:
        raise DocumentError("The file is empty. Scan or save the signed agreement as PDF again.")
    if not start.startswith(START):
        kind = content_kind(start)
        said = "" if kind == "csv" else f": by its content it is {_spoken(kind)}"
        raise DocumentError(f"The file is no PDF{said}. Save the signed agreement as PDF.")
    size, end, is_locked = len(start), start, False
    while chunk := content.read(_CHUNK):
        size += len(chunk)
        if size > MAX_MEBIBYTES * MEBIBYTE:
            raise DocumentError(
                f"The PDF has more than {MAX_MEBIBYTES} MB. Scan the agreement in black and white."
            )
        is_locked = is_locked or LOCK in end + chunk
        end = (end + chunk)[-BYTES_OF_END:]
    if END not in end:
        raise DocumentError("The PDF is damaged or cut off. Save it again.")
    if is_locked:
        raise DocumentError("The PDF is encrypted. Save it without a password.")
    content.seek(0)


def keep_document(content: BinaryIO) -> SealedFile:
    """Seal a document that was checked, under a name that says nothing of it."""
    name = f"{active_tenant_id()}/agreements/{uuid4().hex}.pdf"
    return seal(content, name=name, kind=SealedKind.DOCUMENT)


def _spoken(kind: str) -> str:
    return {"xlsx": "a zip archive or an Office document", "parquet": "a Parquet file"}.get(
        kind, kind
    )
