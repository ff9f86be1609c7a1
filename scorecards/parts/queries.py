"""Reading large files on their way."""

from django.db.models import QuerySet

from comanage.identity.actor import Actor, ActorKind
from scorecards.feeds.queries import visible_feeds
from scorecards.intake.models import PartialUpload


def own_partials(by: Actor) -> QuerySet[PartialUpload]:
    """List the files that this person or machine began at feeds it sees, newest first."""
    began = PartialUpload.objects.select_related("feed").filter(feed__in=visible_feeds(by))
    if by.kind is ActorKind.CLIENT:
        return began.filter(sent_by_client_id=by.id)
    return began.filter(sent_by_user_id=by.id, sent_by_user__isnull=False)
