"""The sign-offs inside a report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from adjudication.verifying.enclosed import APPROVED, CONDITIONAL, FINAL, SIGN_OFFS_SCHEMA
from adjudication.verifying.problems import DoesNotHoldError


def read_sign_offs(content: bytes) -> Mapping[str, Any]:
    """Read the sign-offs.

    Raises:
        DoesNotHoldError: they are written in a form that this release does not know.
        ValueError: they are no JSON.
    """
    document: Mapping[str, Any] = json.loads(content)
    if document["schema"] != SIGN_OFFS_SCHEMA:
        raise DoesNotHoldError(
            f"They are written in another form than {SIGN_OFFS_SCHEMA}. Verify them with a newer "
            "release."
        )
    return document


def check_sign_offs(document: Mapping[str, Any], sha256: str) -> str:
    """Check that each signature is on this snapshot, and say how many there are.

    Raises:
        DoesNotHoldError: one is on another, or a final report lacks one.
    """
    steps = document["sign_offs"]
    signed = [step for step in steps if step["decision"]]
    hashes = [document["snapshot_sha256"], *(step["snapshot_sha256"] for step in signed)]
    if any(other != sha256 for other in hashes):
        raise DoesNotHoldError("They are on another snapshot than the one inside.")
    decisions = [step["decision"] for step in signed]
    on_condition = decisions.count(CONDITIONAL)
    approved = decisions.count(APPROVED) + on_condition
    if document["stage"] == FINAL and approved < len(steps):
        raise DoesNotHoldError(
            f"The report calls itself final, and {approved} of {len(steps)} steps are approved."
        )
    how = f", {on_condition} on a condition" if on_condition else ""
    return f"{approved} of {len(steps)} steps approved{how}, each on this snapshot."
