"""Who may take an export away, and when."""

from datetime import datetime

from comanage.exports.models import ExportStatus, TenantExport
from comanage.identity.actor import Actor
from comanage.web.errors import PolicyError


def check_can_ask(*, is_being_made: bool) -> None:
    """Raise PolicyError while another export of the same person is being made."""
    if is_being_made:
        raise PolicyError("Your export is being made already. Wait until it is ready.")


def check_can_download(export: TenantExport, *, now: datetime, by: Actor) -> None:
    """Raise PolicyError unless the archive is there and its own asker asks."""
    if export.asked_by_id != by.user_id:
        raise PolicyError("Only the person who asked for an export can download it.")
    if export.status != ExportStatus.READY or export.expires_at is None or export.expires_at <= now:
        raise PolicyError("This export is not there to be downloaded. Ask for a new one.")
