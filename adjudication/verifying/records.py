"""The records of the year inside a report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from adjudication.verifying.enclosed import RECORDS, RECORDS_SCHEMA
from adjudication.verifying.problems import DoesNotHoldError
from comanage.values.canonical import canonical_json

OLDER = "None are inside: the report was made before they were enclosed."


def check_records(
    enclosed: Mapping[str, bytes], sign_offs: Mapping[str, Any], snapshot_sha256: str
) -> str:
    """Check that the records are those which the sign-offs name, of this snapshot, and count them.

    Reports of before did not carry them, and their sign-offs name none.

    Raises:
        DoesNotHoldError: they are missing, others, of another snapshot or of an unknown form.
        LookupError, TypeError, ValueError: they cannot be read.
    """
    named = sign_offs.get("records_sha256", "")
    if RECORDS not in enclosed:
        if named:
            raise DoesNotHoldError("The sign-offs name records, and the PDF carries none.")
        return OLDER
    content = enclosed[RECORDS]
    if sha256(content).hexdigest() != named:
        raise DoesNotHoldError("They have another SHA-256 than the one beside the sign-offs.")
    text = content.decode()
    document = json.loads(text)
    if canonical_json(document) != text:
        raise DoesNotHoldError("They are not in the canonical form, so their hash proves nothing.")
    if document["schema"] != RECORDS_SCHEMA:
        raise DoesNotHoldError(
            f"They are written in another form than {RECORDS_SCHEMA}. Verify with a newer release."
        )
    if document["snapshot_sha256"] != snapshot_sha256:
        raise DoesNotHoldError("They are of another snapshot than the one inside.")
    holds, files, entries = (len(document[part]) for part in ("holds", "files", "ledger"))
    return (
        f"Holds: {holds}. Promised files: {files}. Entries of the ledger: {entries}. With the "
        f"SHA-256 {named}."
    )
