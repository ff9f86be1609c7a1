"""Papers on file: what is taken as one, and where it is kept."""

from collections.abc import Callable
from typing import BinaryIO
from uuid import uuid4

from comanage.tenancy.scope import active_tenant_id
from comanage.vault.files import seal
from comanage.vault.models import SealedFile, SealedKind
from comanage.web.errors import PolicyError

MEBIBYTE = 1024**2
MAX_MEBIBYTES = 20
PDF_TYPE = "application/pdf"
START, END, LOCK = b"%PDF-", b"%%EOF", b"/Encrypt"
BYTES_OF_START = 8
BYTES_OF_END = 1024
_CHUNK = 1 << 20


class DocumentError(PolicyError):
    """A file is not taken as a paper; a form has it in the field `document`."""

    def __init__(self, said: str) -> None:
        super().__init__(said, field="document")


def check_is_pdf(
    content: BinaryIO, *, what: str = "paper", kind_of: Callable[[bytes], str] = lambda _: ""
) -> None:
    """Raise DocumentError unless a file is a whole PDF that anybody can read years later.

    By what it holds, whatever its name says. It is not interpreted: who takes it away saves it.

    Args:
        content: from its beginning to its end; left at its beginning.
        what: the paper it is to be, for the sentences.
        kind_of: names another kind of file by its first bytes; empty where it knows none.

    Source:
        ISO 32000-1:2008, 7.5.2 (header), 7.5.5 (end of the file, and the key of an encrypted one).
    """
    content.seek(0)
    start = content.read(BYTES_OF_START)
    if not start:
        raise DocumentError(f"The file is empty. Scan or save the {what} as PDF again.")
    if not start.startswith(START):
        kind = kind_of(start)
        said = f": by its content it is {kind}" if kind else ""
        raise DocumentError(f"The file is no PDF{said}. Save the {what} as PDF.")
    size, end, is_locked = len(start), start, False
    while chunk := content.read(_CHUNK):
        size += len(chunk)
        if size > MAX_MEBIBYTES * MEBIBYTE:
            raise DocumentError(
                f"The PDF has more than {MAX_MEBIBYTES} MB. Scan it in black and white."
            )
        is_locked = is_locked or LOCK in end + chunk
        end = (end + chunk)[-BYTES_OF_END:]
    if END not in end:
        raise DocumentError("The PDF is damaged or cut off. Save it again.")
    if is_locked:
        raise DocumentError("The PDF is encrypted. Save it without a password.")
    content.seek(0)


def keep_paper(content: BinaryIO, *, folder: str) -> SealedFile:
    """Seal a paper that was checked, under a name that says nothing of it."""
    name = f"{active_tenant_id()}/{folder}/{uuid4().hex}.pdf"
    return seal(content, name=name, kind=SealedKind.DOCUMENT)
