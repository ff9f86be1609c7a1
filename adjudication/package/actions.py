"""Asking for a report and keeping it."""

import hashlib
from io import BytesIO

from django.db import transaction
from django.utils import timezone

from adjudication.package.models import Report, Stage
from adjudication.years.models import Snapshot
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job
from comanage.jobs.queue import enqueue
from comanage.tenancy.scope import active_tenant_id
from comanage.vault.files import seal
from comanage.vault.models import SealedKind


def ask_for_report(*, snapshot: Snapshot, stage: Stage) -> Job:
    """Queue the rendering of a snapshot's report for one stage."""
    return enqueue(JobKind.RENDER_REPORT, subject_id=snapshot.pk, key=stage.value)


@transaction.atomic
def keep_report(*, snapshot: Snapshot, stage: Stage, pdf: bytes, records: str, by: Actor) -> Report:
    """Store a rendered report with its hash, and the records that it carries."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    name = f"{active_tenant_id()}/reports/{sha256}.pdf"
    seal(BytesIO(pdf), name=name, kind=SealedKind.REPORT)
    report = Report.objects.create(
        snapshot=snapshot,
        stage=stage,
        sha256=sha256,
        size=len(pdf),
        storage_name=name,
        records=records,
        rendered_at=timezone.now(),
    )
    record_event(
        kind=EventKind.REPORT_RENDERED, subject=report, by=by, stage=stage.value, sha256=sha256
    )
    return report


@transaction.atomic
def note_copy(*, snapshot: Snapshot, form: str, by: Actor) -> None:
    """Record that somebody took a copy away, and in which form."""
    record_event(
        kind=EventKind.REPORT_COPIED, subject=snapshot, by=by, form=form, sha256=snapshot.sha256
    )


def note_download(*, report: Report, by: Actor) -> None:
    """Record that somebody took the report away."""
    record_event(kind=EventKind.REPORT_DOWNLOADED, subject=report, by=by, sha256=report.sha256)
