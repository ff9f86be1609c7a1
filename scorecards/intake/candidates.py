"""The checked cases of a file: a candidate, kept like a slice, that becomes one when it counts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from comanage.vault.files import seal
from comanage.vault.models import SealedKind
from scorecards.intake.models import Slice, Upload
from scorecards.intake.outcome import Outcome
from scorecards.intake.queries import SliceFacts, current_slice


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a slice will say of the cases."""

    rows: int
    sha256: str
    logical_sha256: str
    storage_name: str

    def to_document(self) -> dict[str, Any]:
        """Write as plain JSON."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Candidate":
        """Read what `to_document` wrote."""
        return cls(**document)


def candidate_of(outcome: Outcome, tenant_id: UUID) -> Candidate:
    """Name the cases that a check let through; the name is their content."""
    return Candidate(
        rows=outcome.rows - outcome.rows_skipped,
        sha256=outcome.slice_sha256,
        logical_sha256=outcome.logical_sha256,
        storage_name=f"{tenant_id}/slices/{outcome.slice_sha256}.parquet",
    )


def keep_cases(candidate: Candidate, slice_file: Path) -> None:
    """Store the cases; the same content is there already when it came before."""
    with slice_file.open("rb") as content:
        seal(content, name=candidate.storage_name, kind=SealedKind.SLICE)


def facts_of_candidate(upload: Upload, candidate: Candidate) -> SliceFacts:
    """Take a candidate for a slice, so that it can be counted as one."""
    return SliceFacts(
        id=upload.pk,
        period=upload.period,
        version=0,
        rows=candidate.rows,
        sha256=candidate.sha256,
        logical_sha256=candidate.logical_sha256,
        storage_name=candidate.storage_name,
        filename=upload.filename,
        file_sha256=upload.sha256,
        received_at=upload.received_at.isoformat(),
    )


def become_slice(upload: Upload) -> Slice:
    """Make the newest version of the period out of the upload's candidate; its feed is locked."""
    candidate = Candidate.from_document(upload.candidate or {})
    current = current_slice(upload.feed, upload.period)
    return Slice.objects.create(
        feed=upload.feed,
        upload=upload,
        starts_on=upload.starts_on,
        ends_on=upload.ends_on,
        version=current.version + 1 if current else 1,
        rows=candidate.rows,
        sha256=candidate.sha256,
        logical_sha256=candidate.logical_sha256,
        storage_name=candidate.storage_name,
        accepted_at=timezone.now(),
    )
