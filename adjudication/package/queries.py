"""Reading reports."""

from adjudication.package.models import Report
from adjudication.years.models import Snapshot


def reports_of(snapshot: Snapshot) -> list[Report]:
    """List a snapshot's reports, newest first, in one query."""
    return list(Report.objects.filter(snapshot=snapshot).order_by("-rendered_at"))
