"""The job that checks an uploaded file: in a child process, weighed, then one transaction."""

import logging
import tempfile
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.run import Run, handles
from comanage.vault.files import unlock
from indicators.measure.columns import CasesError
from scorecards.intake.actions import note_progress, record_outcome
from scorecards.intake.candidates import candidate_of, facts_of_candidate
from scorecards.intake.companions import keep_companion
from scorecards.intake.manner import Manner
from scorecards.intake.models import Upload
from scorecards.intake.outcome import Outcome
from scorecards.intake.progress import Progress
from scorecards.intake.queries import spec_for
from scorecards.intake.sandbox import check_in_child
from scorecards.restatements.policies import ComparisonMovedError
from scorecards.restatements.weighing import Weighing, read_scales, weigh

log = logging.getLogger(__name__)


@handles(JobKind.CHECK_UPLOAD)
def check_upload(run: Run) -> None:
    """Check one upload, weigh it, and keep its outcome; end the check when it is cancelled."""
    with run.reading():
        upload = Upload.objects.select_related("feed", "map").get(pk=run.subject_id)
        is_waiting = note_progress(upload=upload, progress=Progress(0, upload.size, 0))
        file = unlock([upload.storage_name])[0] if is_waiting else None
    if file is None:  # cancelled before a worker came
        with run.committing():
            return
    with tempfile.TemporaryDirectory(prefix="intake-") as folder:
        source, target = Path(folder, "source"), Path(folder, "slice.parquet")
        file.copy_to(source)
        outcome = check_in_child(
            source,
            upload.filename,
            spec_for(upload),
            upload.period,
            target,
            manner=Manner(upload.skips_faulty_rows, upload.stated_rows),
            on_progress=partial(_still_wanted, run, upload),
        )
        if outcome.accepted:
            _keep_companion(run, outcome.slice_sha256, target)
        _keep(run, upload, outcome, target)


def _still_wanted(run: Run, upload: Upload, progress: Progress) -> bool:
    with run.reading():
        return note_progress(upload=upload, progress=progress)


def _keep(run: Run, upload: Upload, outcome: Outcome, target: Path) -> None:
    """Weigh and keep; what was weighed against something that changed is weighed again."""
    while True:
        weighing = _weigh(run, upload, outcome, target) if outcome.accepted else None
        try:
            with run.committing():
                record_outcome(
                    upload=upload,
                    outcome=outcome,
                    weighing=weighing,
                    slice_file=target,
                    by=Actor.system("File check"),
                )
        except ComparisonMovedError:
            log.info("weighed again", extra={"job_id": str(run.job_id)})
        else:
            return


def _weigh(run: Run, upload: Upload, outcome: Outcome, target: Path) -> Weighing:
    with run.reading():
        scales = read_scales(upload)
    candidate = facts_of_candidate(upload, candidate_of(outcome, run.tenant_id))
    with pq.ParquetFile(target) as cases:
        return weigh(run.tenant_id, scales, candidate, cases)


def _keep_companion(run: Run, sha256: str, slice_file: Path) -> None:
    """Make the cases ready to be counted. Whoever needs them may write them again."""
    try:
        keep_companion(run.tenant_id, sha256, slice_file)
    except (OSError, CasesError, pa.ArrowException):
        log.warning("companion not written", extra={"job_id": str(run.job_id)}, exc_info=True)
