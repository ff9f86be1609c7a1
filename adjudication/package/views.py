"""Downloads of reports, and of how to verify them."""

import json
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from adjudication.package.actions import note_copy, note_download
from adjudication.package.content import report_content
from adjudication.package.frames import Edition, attested_of, frame_of
from adjudication.package.guide import FILENAME, verification_guide
from adjudication.package.models import Report
from adjudication.package.settlement import CONTENT_TYPE as FHIR
from adjudication.package.settlement import fhir_text
from adjudication.package.word import word_report
from agreements.terms.queries import visible_years
from comanage.documents.word import CONTENT_TYPE as WORD
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.signing.certificates import CertificateError
from comanage.signing.identity import signatory
from comanage.vault.files import unlock
from comanage.web.downloads import download, download_file


@requires(Permission.ADJUDICATION_VIEW)
@require_GET
def report_download(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Hand out a report as a file; each download is an event."""
    report = _report(request, pk)
    note_download(report=report, by=request.actor)
    (file,) = unlock([report.storage_name])
    return download_file(file, filename=_name(report, "pdf"), content_type="application/pdf")


@requires(Permission.ADJUDICATION_VIEW)
@require_GET
def report_word(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Hand out what a report says as a Word document; each copy is an event."""
    report = _report(request, pk)
    note_copy(snapshot=report.snapshot, form="word", by=request.actor)
    document = json.loads(report.snapshot.canonical)
    content = report_content(document, frame_of(Edition.of_report(report)), report.records)
    copy = word_report(content, created=report.snapshot.frozen_at, pdf_sha256=report.sha256)
    return download(copy, filename=_name(report, "docx"), content_type=WORD)


@requires(Permission.ADJUDICATION_VIEW)
@require_GET
def report_fhir(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Hand out the settlement of a report as a FHIR document; each copy is an event."""
    report = _report(request, pk)
    note_copy(snapshot=report.snapshot, form="fhir", by=request.actor)
    document = json.loads(report.snapshot.canonical)
    text = fhir_text(document, attested_of(Edition.of_report(report)))
    return download(text.encode(), filename=_name(report, "fhir.json"), content_type=FHIR)


@requires(Permission.ADJUDICATION_VIEW)
def verification_download(request: MemberRequest, tenant: str) -> HttpResponseBase:
    """Hand out how to verify a report, with the certificate to trust."""
    try:
        signs = signatory()
    except CertificateError:
        signs = None
    guide = verification_guide(request.tenant.name, signs)
    return download(guide.encode(), filename=FILENAME, content_type="text/plain; charset=utf-8")


def _report(request: MemberRequest, pk: UUID) -> Report:
    reports = Report.objects.select_related("snapshot__year__program", "snapshot__tenant")
    return get_object_or_404(reports.filter(snapshot__year__in=visible_years(request.actor)), pk=pk)


def _name(report: Report, ending: str) -> str:
    year = report.snapshot.year.starts_on.year
    return f"adjudication-{year}-{report.stage}-{report.sha256[:12]}.{ending}"
