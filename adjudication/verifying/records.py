"""The records of the year inside a report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from adjudication.verifying.enclosed import RECORDS, RECORDS_SCHEMA
from adjudication.verifying.problems import DoesNotHoldError
from comanage.values.canonical import canonical_json

COMPLIANCE = "Compliance"
OLDER = "None are inside: the report was made before they were enclosed."


def check_records(
    enclosed: Mapping[str, bytes],
    sign_offs: Mapping[str, Any],
    snapshot: Mapping[str, Any],
    snapshot_sha256: str,
) -> str:
    """Check that the records are those which the sign-offs name, of this snapshot, and count them.

    Reports of before did not carry them, and their sign-offs name none.

    Raises:
        DoesNotHoldError: they are missing, others, of another snapshot or of an unknown form, tell
            of other files than the snapshot, or say that a signature was not due.
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
    if "beside" in snapshot and document["files"] != snapshot["beside"]["files"]:
        raise DoesNotHoldError("They tell of other promised files than the snapshot.")
    _check_people(document, sign_offs)
    holds, files, entries = (len(document[part]) for part in ("holds", "files", "ledger"))
    return (
        f"Holds: {holds}. Promised files: {files}. Entries of the ledger: {entries}. With the "
        f"SHA-256 {named}."
    )


def _check_people(document: Mapping[str, Any], sign_offs: Mapping[str, Any]) -> None:
    """Hold the signatures against the review and the committee, where the records have them.

    Raises:
        DoesNotHoldError: a final report with a mismatch, or a compliance that did not wait.
    """
    signed = {step["role"]: step["signed_at"] for step in sign_offs["sign_offs"]}
    for indicator in (document.get("review") or {"indicators": ()})["indicators"]:
        if not indicator.get("is_match"):
            raise DoesNotHoldError(
                f"The reviewer signed, and the record of “{indicator['title']}” is no match."
            )
    committee, compliance = document.get("committee"), signed.get(COMPLIANCE, "")
    if not committee or not compliance or "closes_at" not in committee:
        return
    at = datetime.fromisoformat(compliance)
    if at < datetime.fromisoformat(committee["closes_at"]) and not all(
        _had_said(member, at) for member in committee["members"]
    ):
        raise DoesNotHoldError("Compliance signed while the committee could still comment.")


def _had_said(member: Mapping[str, Any], at: datetime) -> bool:
    return any(
        comment["is_last"] and datetime.fromisoformat(comment["said_at"]) <= at
        for comment in member["comments"]
    )
