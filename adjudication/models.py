"""All models of the room, gathered for Django."""

from adjudication.holds.models import Hold, Release
from adjudication.package.models import Report
from adjudication.payments.models import Estimate, Handoff, HandoffLine, LedgerEntry
from adjudication.years.models import SignOff, Snapshot

__all__ = [
    "Estimate",
    "Handoff",
    "HandoffLine",
    "Hold",
    "LedgerEntry",
    "Release",
    "Report",
    "SignOff",
    "Snapshot",
]
