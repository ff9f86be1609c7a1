"""Reading scorecards."""

from agreements.terms.models import MeasurementYear
from scorecards.cards.models import Scorecard
from scorecards.feeds.models import Feed
from scorecards.intake.models import Slice, Upload, UploadStatus
from scorecards.intake.queries import SliceFacts, current_slices, facts_of


def current_scorecard(year: MeasurementYear) -> Scorecard | None:
    """Return the newest scorecard of a year, or None before the first."""
    return year.scorecards.order_by("-version").first()


def feed_of(year: MeasurementYear) -> Feed | None:
    """Return the feed that the year's program reads, or None."""
    return Feed.objects.filter(uses__program=year.program_id).first()


def files_in_check(year: MeasurementYear) -> bool:
    """Say whether a file for the year waits for its outcome."""
    return Upload.objects.filter(
        feed__uses__program=year.program_id,
        status=UploadStatus.RECEIVED,
        starts_on__lt=year.ends_on,
        ends_on__gt=year.starts_on,
    ).exists()


def slices_of_year(year: MeasurementYear) -> list[SliceFacts]:
    """List the current slices inside the year, by date."""
    feed = feed_of(year)
    return current_slices(feed, year.period) if feed else []


def slices_counted(card: Scorecard) -> list[SliceFacts]:
    """List the slices that a scorecard counted, by date, in one query; newer ones are not in it."""
    named = [slice_["sha256"] for slice_ in card.document["slices"]]
    stored = Slice.objects.select_related("upload").filter(sha256__in=named)
    by_sha256 = {slice_.sha256: facts_of(slice_) for slice_ in stored}
    return [by_sha256[sha256] for sha256 in named]
