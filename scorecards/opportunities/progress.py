"""How far an assessment is: a number for the page that waits, kept beside the database."""

from uuid import UUID

from django.core.cache import cache

KEPT_SECONDS = 3600


def tell_progress(assessment_id: UUID, done: int, total: int) -> None:
    """Remember how many indicators are done."""
    cache.set(_key(assessment_id), f"{done} of {total}", KEPT_SECONDS)


def progress_of(assessment_id: UUID) -> str:
    """Return how many are done, in words; empty when nothing is known."""
    return str(cache.get(_key(assessment_id)) or "")


def _key(assessment_id: UUID) -> str:
    return f"assessment:{assessment_id.hex}"
