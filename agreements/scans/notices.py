"""Whom a signed paper tells what."""

from django.urls import reverse

from agreements.drafting.models import Agreement
from agreements.scans.models import SignedScan
from agreements.signing.queries import members_in
from comanage.identity.actor import Actor
from comanage.identity.roles import GRANTS, Permission
from comanage.notices.actions import tell
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id

CONFIRMERS = {role for role, held in GRANTS.items() if Permission.CONTRACT_RECORD in held}


def tell_confirmers(agreement: Agreement, scan: SignedScan, *, by: Actor) -> None:
    """Tell those who may confirm a paper, less who sent it."""
    tell(
        users=[user for user in members_in(CONFIRMERS) if user.pk != scan.received_by_id],
        key=f"scan-to-confirm:{scan.pk}",
        subject=f"Signed paper to confirm: {agreement.title}",
        body="Sign in with your own account to compare it with the version that was approved.",
        path=reverse("agreements:scan-detail", args=[_slug(), scan.pk]),
        by=by,
    )


def tell_declined(agreement: Agreement, scan: SignedScan, *, by: Actor) -> None:
    """Tell whoever sent a paper that it was not taken."""
    tell(
        users=[scan.received_by],
        key=f"scan-declined:{scan.pk}",
        subject=f"Signed paper declined: {agreement.title}",
        body="Sign in with your own account to read why. Send another, or have both sign here.",
        path=reverse("agreements:signing", args=[_slug(), agreement.pk]),
        by=by,
    )


def _slug() -> str:
    return Tenant.objects.get(pk=active_tenant_id()).slug
