"""The job that checks an uploaded file: in a child process, then one transaction."""

import shutil
import tempfile
from pathlib import Path

from django.core.files.storage import default_storage

from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.run import Run, handles
from scorecards.intake.actions import record_outcome
from scorecards.intake.models import Upload
from scorecards.intake.sandbox import check_in_child
from scorecards.intake.spec import from_document


@handles(JobKind.CHECK_UPLOAD)
def check_upload(run: Run) -> None:
    """Check one upload and keep its outcome."""
    with run.reading():
        upload = Upload.objects.select_related("feed").get(pk=run.subject_id)
        spec = from_document(upload.feed.spec)
    with tempfile.TemporaryDirectory(prefix="intake-") as folder:
        source, target = Path(folder, "source"), Path(folder, "slice.parquet")
        with default_storage.open(upload.storage_name) as stored, source.open("wb") as copy:
            shutil.copyfileobj(stored, copy)
        outcome = check_in_child(source, upload.filename, spec, upload.period, target)
        with run.committing():
            record_outcome(
                upload=upload, outcome=outcome, slice_file=target, by=Actor.system("File check")
            )
