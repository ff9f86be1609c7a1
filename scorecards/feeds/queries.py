"""Reading feeds."""

from django.db.models import QuerySet

from comanage.identity.actor import Actor, ActorKind
from comanage.identity.scopes import offers_scopes
from scorecards.feeds.models import Feed, FeedMap
from scorecards.intake.spec import FeedSpec, from_document

READ_SCORECARDS = "scorecards:read"
WRITE_SCOPE = "feed:{id}:write"


def visible_feeds(by: Actor) -> QuerySet[Feed]:
    """List feeds by name; a machine gets those that its key may write to."""
    feeds = Feed.objects.all()
    if by.kind is ActorKind.CLIENT:
        named = [scope.split(":")[1] for scope in by.scopes if scope.startswith("feed:")]
        feeds = feeds.filter(pk__in=named)
    return feeds


def current_map(feed: Feed) -> FeedMap:
    """Return the newest version of a feed's map."""
    return feed.maps.order_by("-version")[0]


def spec_of(feed: Feed) -> FeedSpec:
    """Read the columns that a feed declares now."""
    return from_document(current_map(feed).spec)


def write_scope(feed: Feed) -> str:
    """Name the scope that lets a machine write to a feed."""
    return WRITE_SCOPE.format(id=feed.pk)


@offers_scopes
def feed_scopes() -> list[tuple[str, str]]:
    """Offer the right to write to each feed, and to read scorecards."""
    writes = [(write_scope(feed), f"Send files to “{feed.name}”") for feed in Feed.objects.all()]
    return [*writes, (READ_SCORECARDS, "Read scorecards")]
