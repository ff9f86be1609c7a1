"""Reading signed papers."""

from django.db.models import QuerySet

from agreements.drafting.queries import visible_agreements
from agreements.scans.models import SignedScan
from comanage.identity.actor import Actor


def visible_scans(by: Actor) -> QuerySet[SignedScan]:
    """List the signed papers of the agreements a person sees, with what was said of them."""
    return SignedScan.objects.select_related(
        "file", "received_by", "decision__decided_by", "round__version", "round__agreement__program"
    ).filter(round__agreement__in=visible_agreements(by))
