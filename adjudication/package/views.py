"""Downloads of reports, and of how to verify them."""

from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404

from adjudication.package.actions import note_download
from adjudication.package.guide import FILENAME, verification_guide
from adjudication.package.models import Report
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.signing.certificates import CertificateError
from comanage.signing.identity import signatory
from comanage.vault.files import unlock
from comanage.web.downloads import download, download_file


@requires(Permission.ADJUDICATION_VIEW)
def report_download(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Hand out a report as a file; each download is an event."""
    report = get_object_or_404(
        Report.objects.select_related("snapshot__year__program").filter(
            snapshot__year__in=visible_years(request.actor)
        ),
        pk=pk,
    )
    note_download(report=report, by=request.actor)
    (file,) = unlock([report.storage_name])
    year = report.snapshot.year.starts_on.year
    return download_file(
        file,
        filename=f"adjudication-{year}-{report.stage}-{report.sha256[:12]}.pdf",
        content_type="application/pdf",
    )


@requires(Permission.ADJUDICATION_VIEW)
def verification_download(request: MemberRequest, tenant: str) -> HttpResponseBase:
    """Hand out how to verify a report, with the certificate to trust."""
    try:
        signs = signatory()
    except CertificateError:
        signs = None
    guide = verification_guide(request.tenant.name, signs)
    return download(guide.encode(), filename=FILENAME, content_type="text/plain; charset=utf-8")
