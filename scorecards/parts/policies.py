"""When a part may come in, and when the parts are a file."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from comanage.web.errors import PolicyError
from scorecards.intake.models import PartialUpload, UploadPart

_MISSING_SHOWN = 20


class PartsGoneError(PolicyError):
    """The time for the parts is over, or the file was given up."""

    code = "upload-expired"


class PartsDoneError(PolicyError):
    """The parts have become a submission."""

    code = "upload-completed"


class PartDiffersError(PolicyError):
    """Other bytes came under this number before."""

    code = "part-differs"


class PartsMissingError(PolicyError):
    """Not all parts are there."""

    code = "parts-missing"


class PartSizeError(PolicyError):
    """A part has a size that no part in its place may have."""

    code = "part-size"


def most_parts() -> int:
    """Return the highest number a part may have."""
    return -(-settings.UPLOAD_MAX_TOTAL_BYTES // settings.UPLOAD_PART_BYTES)


def check_takes_parts(partial: PartialUpload | None, *, now: datetime) -> PartialUpload:
    """Return the file, as it is under its lock; None was given up meanwhile.

    Raises:
        PolicyError: it is complete, was given up, or its time is over.
    """
    partial = check_can_drop(partial)
    if partial.expires_at <= now:
        raise PartsGoneError("This file was not completed in time. Begin it again.")
    return partial


def check_can_drop(partial: PartialUpload | None) -> PartialUpload:
    """Return the file, as it is under its lock; None was given up meanwhile.

    Raises:
        PartsDoneError: its parts have become a submission.
        PartsGoneError: it was given up.
    """
    if partial is None:
        raise PartsGoneError("This file was given up, with its parts. Begin it again.")
    if partial.upload_id is not None:
        raise PartsDoneError("This file is complete already; ask what became of its submission.")
    return partial


def check_part_size(size: int) -> None:
    """Raise PartSizeError for a part without bytes, or with more than a part holds."""
    if not 1 <= size <= settings.UPLOAD_PART_BYTES:
        raise PartSizeError(
            f"A part has {settings.UPLOAD_PART_BYTES:,} bytes, the last one 1 to that many; this "
            f"one has {size:,}."
        )


def check_same_part(*, is_same: bool) -> None:
    """Raise PartDiffersError when other bytes came under the number before."""
    if not is_same:
        raise PartDiffersError(
            "Other bytes came under this number before. Read the part again, or begin a new file."
        )


def check_complete(parts: Sequence[UploadPart]) -> None:
    """Raise PolicyError unless the parts are a whole file.

    Args:
        parts: by number.
    """
    last = parts[-1].number if parts else 1
    missing = sorted(set(range(1, last + 1)) - {part.number for part in parts})
    if missing:
        shown = ", ".join(map(str, missing[:_MISSING_SHOWN]))
        more = "" if len(missing) <= _MISSING_SHOWN else " and more"
        raise PartsMissingError(f"Not all parts are there. Send {shown}{more}, then complete it.")
    for part in parts[:-1]:
        if part.size != settings.UPLOAD_PART_BYTES:
            raise PartSizeError(
                f"Part {part.number} has {part.size:,} bytes. Only the last part may have fewer "
                f"than {settings.UPLOAD_PART_BYTES:,}. Begin a new file."
            )
    check_total(sum(part.size for part in parts))


def check_total(total: int) -> None:
    """Raise PartSizeError when a whole file has more bytes than any file may have."""
    if total > settings.UPLOAD_MAX_TOTAL_BYTES:
        raise PartSizeError(
            f"The file has {total:,} bytes; a file in parts has at most "
            f"{settings.UPLOAD_MAX_TOTAL_BYTES:,}. Send a shorter period or fewer columns."
        )
