"""The job that renders a report: read, typeset and sign outside any transaction, store."""

import json

from django.template.loader import render_to_string
from django.utils import timezone

from adjudication.package.actions import keep_report
from adjudication.package.content import report_content, sign_offs_of
from adjudication.package.frames import Edition, frame_of
from adjudication.package.models import Report, Stage
from adjudication.package.records import records_document
from adjudication.verifying.enclosed import RECORDS, SIGN_OFFS, SNAPSHOT
from adjudication.years.models import Snapshot
from comanage.documents.pdf import Enclosure, PdfUnavailable, render_pdf
from comanage.documents.signature import sign_pdf
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job
from comanage.jobs.run import JobProblemError, Run, handles
from comanage.signing.certificates import CertificateError, Signatory
from comanage.signing.identity import signatory
from comanage.values.canonical import canonical_json

STYLESHEETS = ("css/report.css",)


@handles(JobKind.RENDER_REPORT)
def render_report(run: Run) -> None:
    """Render one snapshot's report for the stage that the job's key names."""
    with run.reading():
        stage = Stage(Job.objects.get(pk=run.job_id).key)
        snapshot = Snapshot.objects.select_related("year", "tenant", "frozen_by").get(
            pk=run.subject_id
        )
        edition = Edition(snapshot, stage, timezone.now())
        frame = frame_of(edition)
        records = canonical_json(records_document(snapshot, as_of=edition.as_of()))
        signs = _signatory()
    content = report_content(json.loads(snapshot.canonical), frame, records)
    html = render_to_string("adjudication/package/report.html", {"report": content})
    try:
        pdf = render_pdf(
            html,
            stylesheets=STYLESHEETS,
            created=snapshot.frozen_at,
            title=content["title"],
            enclosures=[
                Enclosure(
                    SNAPSHOT,
                    snapshot.canonical.encode(),
                    "The snapshot: inputs, every step and the result",
                ),
                Enclosure(
                    SIGN_OFFS,
                    canonical_json(
                        sign_offs_of(content["id"], stage.value, frame, records)
                    ).encode(),
                    "The sign-offs, each on the snapshot's hash",
                ),
                Enclosure(
                    RECORDS,
                    records.encode(),
                    "The year's records: holds, comments, files, restatements, ledger",
                ),
            ],
        )
    except PdfUnavailable as missing:
        raise JobProblemError(str(missing)) from missing
    pdf = sign_pdf(pdf, signs, reason=f"Sealed as it was made. {stage.label}")
    with run.committing():
        if not Report.objects.filter(snapshot=snapshot, stage=stage).exists():
            keep_report(
                snapshot=snapshot,
                stage=stage,
                pdf=pdf,
                records=records,
                by=Actor.system("Report run"),
            )


def _signatory() -> Signatory:
    try:
        return signatory()
    except CertificateError as wrong:
        raise JobProblemError(f"The report cannot be signed. {wrong}") from wrong
