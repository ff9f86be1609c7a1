"""Reading large files on their way."""

from dataclasses import asdict
from datetime import datetime

from django.db.models import QuerySet, Sum

from comanage.identity.actor import Actor, ActorKind
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import visible_feeds
from scorecards.intake.models import PartialUpload
from scorecards.parts.actions import Announced


def own_partials(by: Actor) -> QuerySet[PartialUpload]:
    """List the files that this person or machine began at feeds it sees, newest first."""
    began = PartialUpload.objects.select_related("feed").filter(feed__in=visible_feeds(by))
    if by.kind is ActorKind.CLIENT:
        return began.filter(sent_by_client_id=by.id)
    return began.filter(sent_by_user_id=by.id, sent_by_user__isnull=False)


def unfinished(feed: Feed, by: Actor, *, now: datetime) -> QuerySet[PartialUpload]:
    """List what this person or machine may still complete at a feed; `bytes_there` counts."""
    waiting = own_partials(by).filter(feed=feed, upload=None, expires_at__gt=now)
    return waiting.annotate(bytes_there=Sum("parts__size", default=0))


def begun_before(
    feed: Feed, announced: Announced, by: Actor, *, now: datetime
) -> PartialUpload | None:
    """Return the newest unfinished file that was announced alike, so that it is gone on with."""
    alike = unfinished(feed, by, now=now).filter(
        filename=announced.filename,
        starts_on=announced.period.start,
        ends_on=announced.period.end,
        options=asdict(announced.wishes),
    )
    return alike.first()
