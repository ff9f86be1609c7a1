"""How far the check of a file has come, in words."""

from dataclasses import dataclass

from django.utils import timezone

from scorecards.intake.models import Upload

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a check has come.

    Attributes:
        percent: of the bytes, whole, rounded down; None before a worker began.
        rows: read so far.
        rate: rows a second since it began, whole; None in the first second.
    """

    percent: int | None
    rows: int
    rate: int | None


def progress_of(upload: Upload) -> Progress:
    """Say how far a check has come."""
    if upload.started_at is None:
        return Progress(None, 0, None)
    seconds = int((timezone.now() - upload.started_at).total_seconds())
    return Progress(
        percent=min(WHOLE, WHOLE * upload.bytes_read // max(upload.size, 1)),
        rows=upload.rows_read,
        rate=upload.rows_read // seconds if seconds else None,
    )
