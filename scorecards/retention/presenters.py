"""What a person reads about how long a file is kept."""

from datetime import date

from comanage.values.period import day_text
from scorecards.intake.models import Upload, UploadStatus
from scorecards.retention.rules import is_decided, last_day


def keeping_of(upload: Upload, *, today: date, is_being_checked: bool) -> str:
    """Say when the file as it was sent was or will be destroyed; feed and tenant are at hand."""
    if upload.purged_at is not None:
        destroyed_on = upload.purged_at.astimezone(upload.tenant.zone).date()
        return f"Destroyed on {day_text(destroyed_on)}. {_what_stays(upload)}"
    if upload.feed.on_legal_hold:
        return "Kept: the feed is on legal hold."
    if upload.holds_identifiers:
        return f"Being destroyed, as it holds what looks like an identifier. {_what_stays(upload)}"
    last = last_day(upload)
    if not is_decided(upload, is_being_checked=is_being_checked):
        return (
            f"Kept sealed, with all its columns, until it is decided, and until {day_text(last)} "
            f"at least."
        )
    if last < today:
        return f"Destroyed in the coming night. {_what_stays(upload)}"
    return (
        f"Kept sealed, with all its columns, until {day_text(last)}, then destroyed. "
        f"{_what_stays(upload)}"
    )


def _what_stays(upload: Upload) -> str:
    if upload.status == UploadStatus.ACCEPTED:
        return "The checked cases stay."
    return "Its hash and its findings stay."
