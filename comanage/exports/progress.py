"""How far an export is: a number for the page that waits, kept beside the database."""

from uuid import UUID

from django.core.cache import cache

KEPT_SECONDS = 3600


def tell_progress(export_id: UUID, done: int, total: int) -> None:
    """Remember how many tables and files are done."""
    cache.set(_key(export_id), done * 100 // max(total, 1), KEPT_SECONDS)


def progress_of(export_id: UUID) -> int:
    """Return whole percent; 0 when nothing is known."""
    return int(cache.get(_key(export_id)) or 0)


def _key(export_id: UUID) -> str:
    return f"export:{export_id.hex}"
