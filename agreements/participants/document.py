"""Who takes part in a program, as plain values: what terms and snapshots keep of it."""

from typing import Any

from agreements.programs.models import Program


def roster_document(program: Program) -> list[dict[str, Any]]:
    """List everybody's days in a program as they are on record, by name; one query."""
    return [
        {
            "npi": participant.physician.npi,
            "name": participant.physician.name,
            "joined_on": participant.joined_on.isoformat(),
            "left_on": participant.left_on.isoformat() if participant.left_on else None,
        }
        for participant in program.participants.select_related("physician")
    ]
