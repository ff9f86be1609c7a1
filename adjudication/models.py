"""All models of the room, gathered for Django."""

from adjudication.committee.models import Comment, Invitation
from adjudication.handoffs.models import Handoff, HandoffLine
from adjudication.holds.models import Hold, Release
from adjudication.package.models import Report
from adjudication.payments.models import Estimate, LedgerEntry
from adjudication.reviews.models import Recount, Sample, SampleMark
from adjudication.years.models import SignOff, Snapshot

__all__ = [
    "Comment",
    "Estimate",
    "Handoff",
    "HandoffLine",
    "Hold",
    "Invitation",
    "LedgerEntry",
    "Recount",
    "Release",
    "Report",
    "Sample",
    "SampleMark",
    "SignOff",
    "Snapshot",
]
