"""Reading feeds."""

from django.db.models import Prefetch, QuerySet

from agreements.terms.models import MeasurementYear, YearStatus
from comanage.identity.actor import Actor, ActorKind
from comanage.identity.scopes import offers_scopes
from scorecards.dataagreements.models import DataAgreement
from scorecards.dataagreements.queries import agreement_with_renewals
from scorecards.feeds.models import Feed, FeedMap
from scorecards.feeds.policies import AskedColumn
from scorecards.intake.spec import FeedSpec, from_document

READ_SCORECARDS = "scorecards:read"
WRITE_SCOPE = "feed:{id}:write"
READ_SCOPE = "feed:{id}:read"


def visible_feeds(by: Actor) -> QuerySet[Feed]:
    """List feeds by name; a machine gets those that its scopes name."""
    feeds = Feed.objects.all()
    if by.kind is ActorKind.CLIENT:
        named = [scope.split(":")[1] for scope in by.scopes if scope.startswith("feed:")]
        feeds = feeds.filter(pk__in=named)
    return feeds


def may_write(feed: Feed, by: Actor) -> bool:
    """Say whether an actor who sees a feed may send files to it."""
    return by.kind is not ActorKind.CLIENT or write_scope(feed) in by.scopes


def feeds_with_maps(by: Actor) -> QuerySet[Feed]:
    """List feeds by name, each with its newest map as `newest_maps[0]`, in two queries."""
    newest = FeedMap.objects.order_by("feed_id", "-version").distinct("feed_id")
    return visible_feeds(by).prefetch_related(Prefetch("maps", newest, to_attr="newest_maps"))


def current_map(feed: Feed) -> FeedMap:
    """Return the newest version of a feed's map."""
    return feed.maps.order_by("-version")[0]


def spec_of(feed: Feed) -> FeedSpec:
    """Read the columns that a feed declares now."""
    return from_document(current_map(feed).spec)


def agreements_of(feed: Feed) -> list[DataAgreement]:
    """List the agreement that a feed comes in under and its renewals, oldest first."""
    return agreement_with_renewals(feed.agreement_id)


def columns_asked_for(feed: Feed) -> list[AskedColumn]:
    """List the columns that locked and open years count by, in one query."""
    years = MeasurementYear.objects.filter(
        program__feed_uses__feed=feed, status__in=[YearStatus.LOCKED, YearStatus.OPEN]
    )
    return [
        AskedColumn(column["name"], agreed["definition"]["title"], str(year.period))
        for year in years
        for agreed in (year.terms or {}).get("indicators", [])
        for column in agreed["definition"]["columns"]
    ]


def write_scope(feed: Feed) -> str:
    """Name the scope that lets a machine write to a feed."""
    return WRITE_SCOPE.format(id=feed.pk)


def read_scope(feed: Feed) -> str:
    """Name the scope that lets a machine look at a feed and at what became of its files."""
    return READ_SCOPE.format(id=feed.pk)


@offers_scopes
def feed_scopes() -> list[tuple[str, str]]:
    """Offer the right to write to each feed, to look at each, and to read scorecards."""
    feeds = list(Feed.objects.all())
    writes = [(write_scope(feed), f"Send files to “{feed.name}”") for feed in feeds]
    reads = [(read_scope(feed), f"Look at “{feed.name}” and its files") for feed in feeds]
    return [*writes, *reads, (READ_SCORECARDS, "Read scorecards")]
