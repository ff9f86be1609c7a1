"""The job that destroys by night what is due, each file in a transaction of its own.

It also forgets what machines left behind and nobody can ask for again.
"""

from contextlib import suppress
from datetime import timedelta

from django.utils import timezone

from comanage.api.idempotency import forget_old_requests
from comanage.api.webhooks import forget_old_deliveries
from comanage.clients.signing_in import forget_ended_sign_ins
from comanage.exports.actions import destroy_export
from comanage.exports.queries import due_exports
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.run import Run, handles
from comanage.tenancy.models import Tenant
from comanage.vault.files import sweep
from comanage.web.errors import PolicyError
from scorecards.retention.actions import (
    destroy_parts,
    destroy_unclaimed_cases,
    destroy_upload_file,
)
from scorecards.retention.queries import due_partials, due_uploads, unclaimed_cases

# What is younger may belong to a deed that is still being done.
UNTOUCHED_FOR = timedelta(days=1)


@handles(JobKind.DESTROY_DUE_FILES)
def destroy_due_files(run: Run) -> None:
    """Destroy what is due at one hospital. Twice is the same as once."""
    by, now = Actor.system("Retention"), timezone.now()
    with run.reading():
        today = Tenant.objects.get(pk=run.tenant_id).today()
        uploads, partials = due_uploads(today=today), due_partials(now=now)
        cases, exports = unclaimed_cases(before=now - UNTOUCHED_FOR), due_exports(now=now)
    for upload in uploads:
        with run.reading(), suppress(PolicyError):  # held or destroyed meanwhile
            destroy_upload_file(upload=upload, today=today, by=by)
    for partial in partials:
        with run.reading():
            destroy_parts(partial=partial, by=by)
    for file in cases:
        with run.reading():
            destroy_unclaimed_cases(file=file, by=by)
    for export in exports:
        with run.reading():
            destroy_export(export=export, by=by)
    with run.committing():
        sweep(before=now - UNTOUCHED_FOR)
        forget_old_requests()
        forget_old_deliveries(now=now)
        forget_ended_sign_ins(now=now)
