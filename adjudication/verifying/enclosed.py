"""What travels inside a report beside its pages: names of files, and the form of sign-offs."""

from collections.abc import Mapping, Sequence
from typing import Any

SNAPSHOT = "snapshot.json"
SIGN_OFFS = "sign-offs.json"
RECORDS = "records.json"
RECORDS_SCHEMA = "comanage.records/1"
SIGN_OFFS_SCHEMA = "comanage.sign-offs/1"
FINAL = "final"
APPROVED, CONDITIONAL = "approved", "conditional"


def sign_offs_document(
    *,
    report: str,
    stage: str,
    snapshot_sha256: str,
    records_sha256: str,
    sign_offs: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """Write the sign-offs down as a machine reads them.

    Args:
        report: its short name, as printed.
        stage: `review` or `final`.
        snapshot_sha256: of the snapshot in the same report.
        records_sha256: of the year's records in the same report.
        sign_offs: one for each step in order: `step`, `role`, and where it was taken `decision`,
            `name`, `signed_at`, `snapshot_sha256` and `note`.
    """
    return {
        "schema": SIGN_OFFS_SCHEMA,
        "report": report,
        "stage": stage,
        "snapshot_sha256": snapshot_sha256,
        "records_sha256": records_sha256,
        "sign_offs": [dict(sign_off) for sign_off in sign_offs],
    }
