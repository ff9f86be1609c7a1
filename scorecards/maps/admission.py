"""Whether a map may follow the one that holds."""

from datetime import date

from scorecards.dataagreements.policies import check_level_is_covered
from scorecards.feeds.models import Feed
from scorecards.feeds.policies import check_map_is_new, check_map_keeps_terms
from scorecards.feeds.queries import agreements_of, columns_asked_for
from scorecards.intake.spec import FeedSpec, to_document


def check_map_may_follow(
    feed: Feed, current: FeedSpec, spec: FeedSpec, *, note: str, today: date
) -> None:
    """Raise PolicyError when a map may not follow the one that holds.

    Args:
        feed: whose map it is.
        current: the map that holds.
        spec: the map that would follow it.
        note: what is changed, and why.
        today: at the hospital.
    """
    check_map_is_new(note=note, is_same=to_document(current) == to_document(spec))
    check_map_keeps_terms(current, spec, columns_asked_for(feed))
    if not feed.is_sandbox:
        check_level_is_covered(spec.level, agreements_of(feed), today=today)
