"""The job that compares a file that waits with what counts now."""

from comanage.jobs.kinds import JobKind
from comanage.jobs.run import Run, handles
from comanage.vault.files import unlock
from scorecards.cards.loading import open_cases
from scorecards.intake.candidates import Candidate, facts_of_candidate
from scorecards.intake.models import Upload, UploadStatus
from scorecards.restatements.actions import keep_weighing
from scorecards.restatements.weighing import read_scales, weigh


@handles(JobKind.WEIGH_UPLOAD)
def weigh_upload(run: Run) -> None:
    """Compare once more. One that is decided meanwhile stays as it is."""
    with run.reading():
        upload = Upload.objects.select_related("feed", "map").get(pk=run.subject_id)
        candidate = (
            Candidate.from_document(upload.candidate)
            if upload.candidate and upload.status == UploadStatus.HELD
            else None
        )
        if candidate is not None:
            scales, (file,) = read_scales(upload), unlock([candidate.storage_name])
    if candidate is None:
        with run.committing():
            return
    with open_cases(file) as cases:
        weighing = weigh(run.tenant_id, scales, facts_of_candidate(upload, candidate), cases)
    with run.committing():
        keep_weighing(upload=upload, weighing=weighing)
