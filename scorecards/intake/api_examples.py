"""Examples of the OpenAPI document: one file for the sandbox, from its sending to its outcome.

A test sends what stands here and holds the answers against it.
"""

import hashlib
import json
from typing import Any

from drf_spectacular.utils import OpenApiExample

from comanage.api.bodies import CSV, NDJSON

PERIOD = "2026-10"
KEY = "stays-2026-10-first"
FEED = "0198f3a2-5c1e-7d7a-9f3b-6a1f0c2d4e5b"
SUBMISSION = "0198f3a2-7b44-7c02-8a51-3f9d2e6b7c10"
ADDRESS = f"/t/riverside/api/v1/submissions/{SUBMISSION}"

FILE = """\
encounter_id,discharged,medical_specialty,admission_type_id,time_in_hospital,direct_cost,readmitted
9f86d081884c7d659a2feaa0c55ad015,2026-10-03,Cardiology,1,4,8120.50,NO
60303ae22b998861bce3b28f33eec1be,2026-10-17,Orthopedics,5,3,,<30
fd61a03af4f77d870fc21e05e7e80678,2026-10-29,Surgery-General,3,9,21400.00,NO
"""
_ROWS = FILE.count("\n") - 1
_COLUMNS = FILE.partition("\n")[0].split(",")
_MISSING = {"admission_type_id": 1, "direct_cost": 1}

RECEIVED: dict[str, Any] = {
    "id": SUBMISSION,
    "feed": FEED,
    "status": "received",
    "period": "2026-10-01/2026-10-31",
    "mode": "dry-run",
    "schema": 1,
    "on_error": "refuse",
    "size": len(FILE),
    "sha256": hashlib.sha256(FILE.encode()).hexdigest(),
    "received_at": "2026-11-02T06:00:04.218000Z",
    "progress": {"percent": 0, "rows_read": 0},
    "checked_at": None,
    "stated_rows": _ROWS,
    "rows": None,
    "rows_skipped": 0,
    "findings": 0,
    "warnings": 0,
    "dropped_columns": [],
    "columns": {},
    "outcome": f"{ADDRESS}/outcome",
    "waits_for": None,
    "decision": None,
    "cases": None,
}
CHECKED = RECEIVED | {
    "status": "checked",
    "progress": None,
    "checked_at": "2026-11-02T06:00:06.901000Z",
    "rows": _ROWS,
    "columns": {
        name: {"missing": _MISSING.get(name, 0), "suppressed": 0, "restored": 0, "unwrapped": 0}
        for name in _COLUMNS
    },
}
CANCELLED = RECEIVED | {"status": "cancelled", "progress": None}
# The same file without `mode=dry-run`, sent again once it counts.
ACCEPTED = CHECKED | {
    "status": "accepted",
    "mode": "commit",
    "cases": {
        "version": 1,
        "rows": _ROWS,
        "sha256": "5b1f0b0e6d7c4a9f8e3d2c1b0a99887766554433221100ffeeddccbbaa998877",
        "logical_sha256": "a1c3e5f7092b4d6f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7",
        "accepted_at": "2026-11-02T06:00:07.114000Z",
    },
}
# The same file with a code that the map does not declare.
FAULTY_FILE = FILE.replace(",Orthopedics,", ",Orthopaedics,")
FINDING = {
    "row": 3,
    "column": "medical_specialty",
    "code": "unknown-code",
    "severity": "error",
    "message": "Row 3, medical_specialty: the value is not on the code list. Correct it, or add "
    "it to the feed.",
}

_TAKEN = "A file that is taken for the first time"
SENDING = [
    OpenApiExample("Three stays", FILE, request_only=True, media_type=CSV),
    OpenApiExample(_TAKEN, RECEIVED, response_only=True, status_codes=["202"]),
    OpenApiExample(
        "The same bytes again, under another key",
        ACCEPTED,
        response_only=True,
        status_codes=["200"],
    ),
]
LISTING = [OpenApiExample("One file", CHECKED, response_only=True)]
ASKING = [
    OpenApiExample("A file that waits", RECEIVED, response_only=True, status_codes=["202"]),
    OpenApiExample("A rehearsal that went well", CHECKED, response_only=True, status_codes=["200"]),
]
CANCELLING = [OpenApiExample("A file taken back", CANCELLED, response_only=True)]
FINDING_LINES = f"{json.dumps(FINDING)}\n"
FINDINGS = [OpenApiExample("One finding", FINDING_LINES, response_only=True, media_type=NDJSON)]
