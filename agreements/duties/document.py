"""A duty as the terms document holds it."""

from typing import Any

from agreements.duties.models import Duty


def duty_document(duty: Duty) -> dict[str, Any]:
    """Write one duty down; time in whole minutes a year, the rate for an hour."""
    return {
        "number": duty.number,
        "key": duty.key,
        "name": duty.name,
        "deliverable": duty.deliverable,
        "frequency": duty.frequency,
        "minutes": duty.minutes,
        "rate": duty.rate.dollars_text,
    }
