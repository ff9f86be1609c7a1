"""Until when a file as it was sent is kept. Days are the hospital's own.

Slices are not spoken of here: what a scorecard, baseline or snapshot can name is never destroyed
by a rule.
"""

from datetime import date, timedelta

from scorecards.feeds.models import Feed
from scorecards.intake.models import UNDECIDED, Upload, UploadStatus

SANDBOX_DAYS = 7


def days_kept(feed: Feed) -> int:
    """Return how many days after its receipt a feed's file is kept."""
    return min(feed.raw_days, SANDBOX_DAYS) if feed.is_sandbox else feed.raw_days


def last_day(upload: Upload) -> date:
    """Return the last day on which the file is there; feed and tenant are at hand.

    One that was refused for an identifier is due at once.
    """
    received_on = upload.received_at.astimezone(upload.tenant.zone).date()
    if upload.holds_identifiers:
        return received_on - timedelta(days=1)
    return received_on + timedelta(days=days_kept(upload.feed))


def rule_of(upload: Upload) -> str:
    """Name the rule as the trail does; the feed is at hand."""
    if upload.holds_identifiers:
        return "a file that holds what looks like an identifier is not kept"
    feed = upload.feed
    days = days_kept(feed)
    kind = "of the sandbox" if feed.is_sandbox else "as it was sent"
    return f"a file {kind} is kept for {days} day{'s' if days > 1 else ''}"


def is_decided(upload: Upload, *, is_being_checked: bool) -> bool:
    """Say whether nobody needs the file any more; a check that failed for good needs none."""
    if upload.status == UploadStatus.RECEIVED:
        return not is_being_checked
    return upload.status not in UNDECIDED
