"""Reading who owns a group."""

from datetime import date
from uuid import UUID

from agreements.ownerships.models import Ownership


def ownership_on(group_id: UUID, day: date) -> Ownership | None:
    """Return who owns a group on a day, in one query; None where nobody recorded it."""
    return Ownership.objects.filter(group=group_id, effective_from__lte=day).first()
