"""All models of the room, gathered for Django."""

from adjudication.holds.models import Hold, Release
from adjudication.package.models import Report
from adjudication.payments.models import PaymentEntry
from adjudication.years.models import SignOff, Snapshot

__all__ = ["Hold", "PaymentEntry", "Release", "Report", "SignOff", "Snapshot"]
