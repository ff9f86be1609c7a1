"""Walking a version of an agreement through its approvals to two signatures, or to a paper."""

from datetime import date
from io import BytesIO

import pikepdf

from agreements.drafting.document import from_document
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.drafting.printing import agreement_html, edition_of
from agreements.scans.actions import receive_scan
from agreements.signing.actions import (
    decide_approval,
    recall_round,
    send_for_approval,
    sign_agreement,
)
from agreements.signing.blocks import how_signed
from agreements.signing.models import Decided
from agreements.signing.policies import roles_next
from agreements.signing.queries import last_round
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role

LEADERS = (Role.EXECUTIVE, Role.SERVICE_LINE_ADMINISTRATOR)


def user(role):
    """Return the person of a role."""
    return Membership.objects.get(role=role).user


def send(version, **changes):
    """Send a version round as the consultant; the physicians' side signs first."""
    given = {
        "version": version,
        "hospital": user(Role.CEO),
        "physicians": user(Role.PHYSICIAN_MANAGER),
        "physicians_first": True,
        "by": member(Role.CONSULTANT),
    }
    return send_for_approval(**given | changes)


def decide(version, role, outcome=Decided.APPROVED, reason="", by=None):
    """Approve as a role, or say something else of a version."""
    return decide_approval(
        agreement=version.agreement, outcome=outcome, reason=reason, by=by or member(role)
    )


def let_all_approve(version):
    """Have everybody approve whose turn comes."""
    while roles := roles_next(last_round(version.agreement)):
        for role in sorted(roles):
            decide(version, role)


def approve(version):
    """Send a version round and have everybody approve it."""
    send(version)
    let_all_approve(version)


def sign(version, role, **changes):
    """Sign as a role."""
    by = member(role)
    given = {
        "agreement": version.agreement,
        "sha256": version.sha256,
        "typed_name": by.name,
        "method": "password",
        "by": by,
    }
    return sign_agreement(**given | changes)


def recall(version, role, reason="A figure is wrong."):
    """Take a version back as a role."""
    return recall_round(agreement=version.agreement, reason=reason, by=member(role))


def status(version):
    """Return how the agreement of a version stands."""
    return Agreement.objects.get(pk=version.agreement_id).status


def printed_now(version, hospital):
    """Lay a version out as it would be printed now."""
    now = AgreementVersion.objects.select_related("agreement").get(pk=version.pk)
    signed = how_signed(now, from_document(now.document), hospital.zone)
    edition = edition_of(
        now, zone=hospital.zone, blocks=signed.blocks, executed_on=signed.executed_on
    )
    return agreement_html(edition)


def scanned(change=None):
    """A scan of one page, as it comes from the machine."""
    pdf, out = pikepdf.Pdf.new(), BytesIO()
    pdf.add_blank_page()
    if change:
        change(pdf)
    pdf.save(out)
    out.seek(0)
    return out


def receive(version, role=Role.COUNSEL, content=None, signed_on=date(2024, 12, 20)):
    """Send a signed paper as a role."""
    return receive_scan(
        agreement=version.agreement,
        content=content or scanned(),
        signed_on=signed_on,
        by=member(role),
    )
