"""An export as its page shows it."""

from dataclasses import dataclass

from comanage.exports.models import ExportStatus, TenantExport
from comanage.exports.progress import progress_of


@dataclass(frozen=True, slots=True)
class ExportReading:
    """One export in words."""

    export: TenantExport
    word: str
    tone: str
    is_pending: bool
    percent: int


_TONES = {
    ExportStatus.ASKED: "waiting",
    ExportStatus.READY: "good",
    ExportStatus.FAILED: "concern",
    ExportStatus.EXPIRED: "neutral",
}


def read_export(export: TenantExport, *, is_failed: bool) -> ExportReading:
    """Read an export; its status is `failed` once its job has given up."""
    status = ExportStatus.FAILED if is_failed else ExportStatus(export.status)
    is_pending = status is ExportStatus.ASKED
    return ExportReading(
        export=export,
        word=status.label,
        tone=_TONES[status],
        is_pending=is_pending,
        percent=progress_of(export.pk) if is_pending else 100,
    )
