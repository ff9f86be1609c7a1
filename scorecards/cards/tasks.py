"""The job that recomputes a year's scorecard: load, count, score, then one transaction."""

from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
from django.core.files.storage import default_storage

from agreements.terms.models import MeasurementYear
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.run import JobProblemError, Run, handles
from scorecards.cards import engine
from scorecards.cards.actions import keep_scorecard
from scorecards.cards.queries import slices_of_year
from scorecards.intake.queries import SliceFacts


@handles(JobKind.RECOMPUTE_SCORECARD)
def recompute_scorecard(run: Run) -> None:
    """Recompute one year. The same inputs add no version."""
    with run.reading():
        year = MeasurementYear.objects.get(pk=run.subject_id)
        slices = slices_of_year(year)
    if year.terms is None:
        raise JobProblemError("The terms of the year are not locked.")
    tables = (_cases(slice_, engine.columns_needed(year.terms)) for slice_ in slices)
    document = engine.scorecard_document(year.terms, engine.tally_cases(year.terms, tables))
    document["slices"] = [_named(slice_) for slice_ in slices]
    inputs = engine.input_sha256(
        terms_sha256=year.terms_sha256, slices=[slice_.sha256 for slice_ in slices]
    )
    with run.committing():
        year = MeasurementYear.objects.select_for_update().get(pk=year.pk)
        if slices_of_year(year) == slices:  # else newer cases came in, with a job of their own
            keep_scorecard(
                year=year, document=document, input_sha256=inputs, by=Actor.system("Scorecard run")
            )


def _cases(slice_: SliceFacts, columns: list[str]) -> pa.Table:
    """Read the columns that the indicators need.

    Raises:
        JobProblemError: the feed does not carry one of them.
    """
    with default_storage.open(slice_.storage_name) as stored:
        file = pq.ParquetFile(BytesIO(stored.read()))
    absent = sorted(set(columns) - set(file.schema_arrow.names))
    if absent:
        raise JobProblemError(
            f"The feed has no column {', '.join(absent)}, which the terms ask for. Declare it in "
            f"the feed and send the period again."
        )
    return file.read(columns=columns)


def _named(slice_: SliceFacts) -> dict[str, object]:
    return {
        "sha256": slice_.sha256,
        "logical_sha256": slice_.logical_sha256,
        "rows": slice_.rows,
        "version": slice_.version,
        "start": slice_.period.start.isoformat(),
        "end": slice_.period.end.isoformat(),
        "filename": slice_.filename,
        "file_sha256": slice_.file_sha256,
        "received_at": slice_.received_at,
    }
