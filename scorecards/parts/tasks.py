"""The job that joins parts: streamed from storage to storage, in one transaction."""

from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.run import Run, handles
from comanage.vault.files import unlock
from scorecards.intake.models import PartialUpload
from scorecards.parts.actions import join_parts
from scorecards.parts.joining import joined


@handles(JobKind.JOIN_PARTS)
def join(run: Run) -> None:
    """Join the parts of one file."""
    with run.reading():
        partial = PartialUpload.objects.get(pk=run.subject_id)
        files = unlock(partial.parts.values_list("storage_name", flat=True))
    with run.committing():
        join_parts(partial=partial, content=joined(files), by=Actor.system("Joining of parts"))
