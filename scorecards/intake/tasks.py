"""The job that checks an uploaded file: in a child process, then one transaction."""

import logging
import tempfile
from pathlib import Path

import pyarrow as pa

from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.run import Run, handles
from comanage.vault.files import unlock
from indicators.measure.columns import CasesError
from scorecards.intake.actions import record_outcome
from scorecards.intake.companions import keep_companion
from scorecards.intake.models import Upload
from scorecards.intake.sandbox import check_in_child
from scorecards.intake.spec import from_document

log = logging.getLogger(__name__)


@handles(JobKind.CHECK_UPLOAD)
def check_upload(run: Run) -> None:
    """Check one upload and keep its outcome."""
    with run.reading():
        upload = Upload.objects.select_related("map").get(pk=run.subject_id)
        spec = from_document(upload.map.spec)
        (file,) = unlock([upload.storage_name])
    with tempfile.TemporaryDirectory(prefix="intake-") as folder:
        source, target = Path(folder, "source"), Path(folder, "slice.parquet")
        file.copy_to(source)
        outcome = check_in_child(source, upload.filename, spec, upload.period, target)
        with run.committing():
            record_outcome(
                upload=upload, outcome=outcome, slice_file=target, by=Actor.system("File check")
            )
        if outcome.accepted:
            _keep_companion(run, outcome.slice_sha256, target)


def _keep_companion(run: Run, sha256: str, slice_file: Path) -> None:
    """Make the slice ready to be counted. It is kept by now, whatever happens here."""
    try:
        keep_companion(run.tenant_id, sha256, slice_file)
    except (OSError, CasesError, pa.ArrowException):
        log.warning("companion not written", extra={"job_id": str(run.job_id)}, exc_info=True)
