"""The job that makes an export: into a file that has no name, then sealed."""

import tempfile
from functools import partial
from typing import BinaryIO, cast

from comanage.exports.actions import keep_export
from comanage.exports.making import make_archive
from comanage.exports.models import TenantExport
from comanage.exports.progress import tell_progress
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.run import Run, handles


@handles(JobKind.MAKE_EXPORT)
def make_export(run: Run) -> None:
    """Make one export."""
    with tempfile.TemporaryFile() as archive:
        with run.reading():
            export = TenantExport.objects.select_related("tenant", "asked_by").get(
                pk=run.subject_id
            )
            tell = partial(tell_progress, export.pk)
            make_archive(export, cast(BinaryIO, archive), tell)
        archive.seek(0)
        with run.committing():
            keep_export(
                export=export, archive=cast(BinaryIO, archive), by=Actor.system("Export run")
            )
