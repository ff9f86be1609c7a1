"""Reading scorecards."""

from datetime import datetime

from django.db.models import F, QuerySet

from agreements.terms.models import MeasurementYear
from comanage.values.period import Period
from scorecards.cards.editions import Published
from scorecards.cards.engine import NO_PRIOR, Prior
from scorecards.cards.models import Scorecard
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import spec_of
from scorecards.intake.models import Slice, Upload, UploadStatus
from scorecards.intake.queries import SliceFacts, facts_of, slices_of_program
from scorecards.plans.prior import asks_for_prior, counted_alike
from scorecards.trends.months import Calendar


def current_scorecard(year: MeasurementYear) -> Scorecard | None:
    """Return the newest scorecard of a year, or None before the first."""
    return year.scorecards.order_by("-version").first()


def edition(year: MeasurementYear, number: str) -> Scorecard | None:
    """Return one edition of a year as it was published, or None."""
    return year.scorecards.filter(version=int(number)).first() if number.isdecimal() else None


def published(year: MeasurementYear, start: int, stop: int) -> list[Published]:
    """List some of a year's editions, newest first, in one query, less the rest of the documents.

    Args:
        year: whose editions.
        start: place of the first.
        stop: place after the last.
    """
    rows = year.scorecards.order_by("-version").values(
        "version",
        "computed_at",
        "engine_version",
        "earned",
        "pool",
        slices=F("document__slices"),
        results=F("document__indicators"),
    )
    return [Published(**row) for row in rows[start:stop]]


def feed_of(year: MeasurementYear) -> Feed | None:
    """Return the feed that the year's program reads, or None."""
    return Feed.objects.filter(uses__program=year.program_id).first()


def calendar_of(year: MeasurementYear) -> Calendar | None:
    """Return the year's months where the feed dates its cases, in two queries.

    Where the agreement ended inside the year they are those up to its end.
    """
    feed = feed_of(year)
    column = spec_of(feed).date_column if feed else None
    months = [month for month in year.period.months() if month.start < year.pay_ends_on]
    if not column or not months:
        return None
    if year.ended_on is None:
        return Calendar(column, tuple(months))
    cut = Period(months[-1].start, min(months[-1].end, year.pay_ends_on))
    return Calendar(column, (*months[:-1], cut), is_cut=True)


def prior_results(year: MeasurementYear) -> Prior:
    """Read what the year before counted, by slug, where the year's scoring plan asks for it.

    Taken from the newest scorecard of the year that ends as this one begins; one query, and
    none where no plan asks.
    """
    asked = asks_for_prior(year.terms or {})
    if not asked:
        return NO_PRIOR
    card = (
        Scorecard.objects.select_related("year")
        .filter(year__program=year.program_id, year__ends_on=year.starts_on)
        .order_by("-version")
        .first()
    )
    return (
        counted_alike(asked, year.terms or {}, card.year.terms or {}, card.document)
        if card
        else NO_PRIOR
    )


def files_in_check(year: MeasurementYear) -> bool:
    """Say whether a file for the year waits for its outcome."""
    return _files(year).filter(status=UploadStatus.RECEIVED).exists()


def files_held(year: MeasurementYear) -> bool:
    """Say whether a checked file for the year waits for a person."""
    return _files(year).filter(status=UploadStatus.HELD).exists()


def _files(year: MeasurementYear) -> QuerySet[Upload]:
    return Upload.objects.filter(
        feed__uses__program=year.program_id,
        starts_on__lt=year.pay_ends_on,
        ends_on__gt=year.starts_on,
    )


def slices_of_year(year: MeasurementYear) -> list[SliceFacts]:
    """List the current slices inside the year, by date, in one query.

    Those that begin once the agreement had ended are of no concern to it: they may be counted by
    the next one's year.
    """
    slices = slices_of_program(year.program_id, year.period)
    return [each for each in slices if each.period.start < year.pay_ends_on]


def slices_counted_now(year: MeasurementYear, *, is_dated: bool) -> list[SliceFacts]:
    """List the current slices that a scorecard of the year counts, by date, in one query.

    Cases without a day cannot be told apart at the agreement's end. A slice of those that goes on
    after it counts where it was sent once the end was noted, with the days before alone.
    """
    slices = slices_of_year(year)
    if is_dated or year.ending is None:
        return slices
    end, noted_at = year.pay_ends_on, datetime.fromisoformat(year.ending["noted_at"])
    return [
        each
        for each in slices
        if each.period.end <= end
        or (each.period.start < end and datetime.fromisoformat(each.received_at) >= noted_at)
    ]


def slices_to_send_again(year: MeasurementYear, card: Scorecard | None) -> list[Period]:
    """List the periods of undated cases that go on after the agreement's end and do not count.

    In one query; none where the year did not end early.
    """
    if card is None or year.ended_on is None or "trend" in card.document:
        return []
    counted = slices_counted_now(year, is_dated=False)
    end = year.pay_ends_on
    return [
        each.period
        for each in slices_of_year(year)
        if each.period.start < end and each not in counted
    ]


def slices_counted(card: Scorecard) -> list[SliceFacts]:
    """List the slices that a scorecard counted, by date, in one query; newer ones are not in it."""
    named = [slice_["sha256"] for slice_ in card.document["slices"]]
    stored = Slice.objects.select_related("upload").filter(sha256__in=named)
    by_sha256 = {slice_.sha256: facts_of(slice_) for slice_ in stored}
    return [by_sha256[sha256] for sha256 in named]
