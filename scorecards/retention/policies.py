"""When a file may be destroyed."""

from datetime import date

from comanage.web.errors import PolicyError
from scorecards.intake.models import Upload
from scorecards.retention.rules import is_decided, last_day


def check_can_destroy(upload: Upload, *, today: date, is_being_checked: bool) -> None:
    """Raise PolicyError unless the file is due, decided and held by nothing."""
    if upload.purged_at is not None:
        raise PolicyError("The file was destroyed already.")
    if upload.feed.on_legal_hold:
        raise PolicyError("The feed is on legal hold, so nothing of it is destroyed.")
    if not is_decided(upload, is_being_checked=is_being_checked):
        raise PolicyError("The file is not decided yet, so it is kept.")
    if last_day(upload) >= today:
        raise PolicyError(f"The file is kept until {last_day(upload)}.")
