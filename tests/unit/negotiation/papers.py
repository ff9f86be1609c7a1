"""Small versions of an agreement, and Word files as people send them back."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx

from agreements.drafting.document import (
    AgreementDocument,
    Clause,
    Exhibit,
    Party,
    Standard,
    Table,
)
from agreements.negotiation.word_comments import Said
from agreements.negotiation.word_out import Printed, word_of

FIXED_FEE = Clause(
    "fixed-fee",
    2,
    "Fixed fee",
    (
        "Hospital pays Manager a fixed fee of $60,000.00 for each measurement year.",
        "The fee is paid in equal parts:",
        "(a) one on the last day of each quarter; and",
        "(b) none after the agreement ends, as Section 3 says.",
    ),
)
FIRST = AgreementDocument(
    title="Cardiology agreement",
    begins_on="2027-01-01",
    ends_on="2029-01-01",
    state="TX",
    parties=(
        Party("Hospital", "Riverside Health", "which owns the hospital"),
        Party("Manager", "Heart Group", "a company of physicians"),
    ),
    clauses=(
        Clause("recitals", 1, "Recitals", ("Hospital and Manager agree.",)),
        FIXED_FEE,
        Clause("term", 3, "Term", ("It runs for two years.", "Either side may end it.")),
        Clause("notices", 4, "Notices", ("Notices are in writing.",)),
    ),
    exhibits=(
        Exhibit("B", "Fees", (Table("Fees", ("Part", "Dollars"), (("Fixed fee", "$60,000.00"),)),)),
    ),
    anchors=(),
    standard=Standard("Standard", "2026-11-28"),
    terms={},
)
SECOND = replace(
    FIRST,
    clauses=(
        FIRST.clauses[0],
        replace(FIXED_FEE, paragraphs=(*FIXED_FEE.paragraphs[:2], *FIXED_FEE.paragraphs[3:])),
        Clause("audit", 3, "Audit", ("Hospital may look at the books.",)),
        Clause("notices", 4, "Notice", ("Notices are in writing, by mail.",)),
    ),
)
AT = datetime(2026, 11, 28, tzinfo=UTC)


def printed(document: AgreementDocument, number: int) -> Printed:
    return Printed(document, number, document.sha256, AT, AT.date(), "Casey Consultant")


def word(
    document: AgreementDocument,
    against: AgreementDocument | None = None,
    said: Iterable[Said] = (),
) -> bytes:
    return word_of(printed(document, 2), printed(against, 1) if against else None, said)


def edited(content: bytes, edit: Callable[[docx.document.Document], None]) -> bytes:
    """Open a file as Word does, change it, and save it."""
    document, saved = docx.Document(BytesIO(content)), BytesIO()
    edit(document)
    document.save(saved)
    return saved.getvalue()


def repacked(
    content: bytes, *, parts: dict[str, bytes] | None = None, swap: tuple[bytes, bytes] = (b"", b"")
) -> bytes:
    """Pack a file anew with other parts, or with other bytes in all of them."""
    packed = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(packed, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            if name not in (parts or {}):
                after.writestr(name, before.read(name).replace(*swap))
        for name, text in (parts or {}).items():
            after.writestr(name, text)
    return packed.getvalue()
