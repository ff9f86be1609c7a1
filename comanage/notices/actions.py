"""Telling people something, and noting that they have read it."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.models import User
from comanage.jobs.kinds import JobKind
from comanage.jobs.queue import enqueue
from comanage.notices.models import Notice


@transaction.atomic
def tell(
    *, users: Iterable[User], key: str, subject: str, body: str, path: str, by: Actor
) -> list[Notice]:
    """Tell people something, each once: the same key to the same person changes nothing.

    Args:
        users: who should know; a person named twice is told once.
        key: what is told; the next occasion has another key.
        subject: one line, without anything of a case.
        body: one or two sentences, likewise.
        path: the page where they can act, from the root of the site.
        by: who or what tells.

    Returns:
        The notices that are new.
    """
    by_id = {user.pk: user for user in users}
    earlier = Notice.objects.filter(user__in=by_id, key=key)
    told = set(earlier.values_list("user_id", flat=True))
    notices = [
        Notice.objects.create(user=user, key=key, subject=subject, body=body, path=path)
        for user_id, user in by_id.items()
        if user_id not in told
    ]
    for notice in notices:
        record_event(kind=EventKind.NOTICE_SENT, subject=notice, by=by, to=notice.user.name)
        enqueue(JobKind.MAIL_NOTICE, subject_id=notice.pk, key="mail")
    return notices


@transaction.atomic
def mark_mailed(*, notice: Notice) -> None:
    """Note that the mail of a notice went out."""
    Notice.objects.filter(pk=notice.pk).update(mailed_at=timezone.now())


@transaction.atomic
def mark_read(*, notices: Iterable[Notice]) -> None:
    """Note that notices are done with, read or overtaken; what was read keeps its time."""
    ids = [notice.pk for notice in notices]
    Notice.objects.filter(pk__in=ids, read_at=None).update(read_at=timezone.now())
