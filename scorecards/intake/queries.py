"""Reading uploads and slices."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from agreements.terms.models import MeasurementYear, YearStatus
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job
from comanage.values.period import Period
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import visible_feeds
from scorecards.intake.finding_kinds import kind_in_words
from scorecards.intake.models import PartialUpload, Slice, Upload
from scorecards.intake.spec import FeedSpec, from_document


@dataclass(frozen=True, slots=True)
class SliceFacts:
    """What a scorecard names of a slice."""

    id: UUID
    period: Period
    version: int
    rows: int
    sha256: str
    logical_sha256: str
    storage_name: str
    filename: str
    file_sha256: str
    received_at: str

    def named(self) -> dict[str, object]:
        """Write what a document says of a slice that it was computed from."""
        return {
            "sha256": self.sha256,
            "version": self.version,
            "rows": self.rows,
            "start": self.period.start.isoformat(),
            "end": self.period.end.isoformat(),
            "filename": self.filename,
            "file_sha256": self.file_sha256,
        }


def visible_uploads(by: Actor) -> QuerySet[Upload]:
    """List uploads of the feeds a person or machine sees, newest first."""
    return Upload.objects.select_related(
        "feed", "map", "sent_by_user", "sent_by_client", "decided_by"
    ).filter(feed__in=visible_feeds(by))


def spec_for(upload: Upload) -> FeedSpec:
    """Read the columns that a file is checked against, with the sheet and header row chosen.

    Its map is at hand.

    Raises:
        SpecError: what was chosen is no sheet or row that a file can have.
    """
    spec = from_document(upload.map.spec)
    return replace(spec, form=replace(spec.form, **upload.form))


def submissions(by: Actor) -> QuerySet[Upload]:
    """List uploads as the API tells of them, newest first.

    Each has its map and its slice, and `is_superseded`: a newer version of its period counts.
    """
    newer = Slice.objects.filter(
        feed=OuterRef("feed"),
        starts_on=OuterRef("starts_on"),
        ends_on=OuterRef("ends_on"),
        version__gt=OuterRef("slice__version"),
    )
    return visible_uploads(by).select_related("map", "slice").annotate(is_superseded=Exists(newer))


def years_reading(feed: Feed, *, lock: bool = False) -> list[MeasurementYear]:
    """List the years of every program that reads the feed, in one query.

    Args:
        feed: whose readers are asked for.
        lock: hold the years until the transaction ends, so that none closes meanwhile.
    """
    years = MeasurementYear.objects.filter(program__feed_uses__feed=feed)
    return list(years.select_for_update(of=("self",), no_key=True) if lock else years)


def closed_periods(feed: Feed) -> list[Period]:
    """List the days in effect of closed years that read the feed, by date, in one query."""
    years = MeasurementYear.objects.filter(program__feed_uses__feed=feed, status=YearStatus.CLOSED)
    found = {year.in_effect for year in years if year.in_effect is not None}
    return sorted(found, key=lambda period: (period.start, period.end))


def work_on(upload: Upload) -> Job | None:
    """Return the check of an upload; before it, the joining of its parts, which queues it.

    In one query: the one ends as the other begins.
    """
    parts = PartialUpload.objects.filter(upload=upload).values("pk")
    is_check = Q(kind=JobKind.CHECK_UPLOAD, subject_id=upload.pk)
    is_joining = Q(kind=JobKind.JOIN_PARTS, subject_id__in=parts)
    return Job.objects.filter(is_check | is_joining).order_by("-created_at").first()


def years_counting(upload: Upload) -> list[MeasurementYear]:
    """List the years whose scorecards count an upload's cases, in one query."""
    years = MeasurementYear.objects.select_related("program").filter(
        program__feed_uses__feed=upload.feed_id,
        starts_on__lte=upload.starts_on,
        ends_on__gte=upload.ends_on,
    )
    return [year for year in years if upload.starts_on < year.pay_ends_on]


def current_slices(feed: Feed, within: Period) -> list[SliceFacts]:
    """List the newest slice of each period inside another, by date, in one query."""
    return _newest(Slice.objects.filter(feed=feed), within)


def slices_of_program(program_id: UUID, within: Period) -> list[SliceFacts]:
    """List the same of the feed that a program reads, in one query; none where it reads none."""
    return _newest(Slice.objects.filter(feed__uses__program=program_id), within)


def _newest(slices: QuerySet[Slice], within: Period) -> list[SliceFacts]:
    newest = (
        slices.select_related("upload")
        .filter(starts_on__gte=within.start, ends_on__lte=within.end)
        .order_by("starts_on", "ends_on", "-version")
        .distinct("starts_on", "ends_on")
    )
    return [facts_of(slice_) for slice_ in newest]


def slices_before(feed: Feed, day: date) -> list[SliceFacts]:
    """List the newest slice of each period that ends by a day, by date, in one query."""
    newest = (
        Slice.objects.select_related("upload")
        .filter(feed=feed, ends_on__lte=day)
        .order_by("starts_on", "ends_on", "-version")
        .distinct("starts_on", "ends_on")
    )
    return [facts_of(slice_) for slice_ in newest]


def current_slice(feed: Feed, period: Period) -> Slice | None:
    """Return the newest slice of exactly these days, or None, in one query."""
    return (
        Slice.objects.select_related("upload")
        .filter(feed=feed, starts_on=period.start, ends_on=period.end)
        .order_by("-version")
        .first()
    )


def facts_of(slice_: Slice) -> SliceFacts:
    """Read what a scorecard names of a slice; its upload is at hand."""
    return SliceFacts(
        id=slice_.pk,
        period=slice_.period,
        version=slice_.version,
        rows=slice_.rows,
        sha256=slice_.sha256,
        logical_sha256=slice_.logical_sha256,
        storage_name=slice_.storage_name,
        filename=slice_.upload.filename,
        file_sha256=slice_.upload.sha256,
        received_at=slice_.upload.received_at.isoformat(),
    )


def version_before(upload: Upload, version: int | None) -> Slice | None:
    """Return the newest slice of the upload's days below a version; None takes all versions."""
    slices = Slice.objects.filter(
        feed=upload.feed_id, starts_on=upload.starts_on, ends_on=upload.ends_on
    )
    if version is not None:
        slices = slices.filter(version__lt=version)
    return slices.order_by("-version").first()


@dataclass(frozen=True, slots=True)
class FindingCount:
    """How many of the listed findings are of one kind, in one column."""

    severity: str
    code: str
    column: str
    count: int

    @property
    def kind(self) -> str:
        """What they are, in words."""
        return kind_in_words(self.code)


def finding_counts(upload: Upload) -> list[FindingCount]:
    """Count the listed findings by kind and column, most first, in one query."""
    counted = (
        upload.findings.order_by()
        .values("severity", "code", "column")
        .annotate(count=Count("pk"))
        .order_by("severity", "-count", "code", "column")
    )
    return [FindingCount(**each) for each in counted]


def accepted_periods(feed: Feed) -> list[Period]:
    """List the periods that have a slice, in one query."""
    pairs = Slice.objects.filter(feed=feed).values_list("starts_on", "ends_on").distinct()
    return [Period(start, end) for start, end in pairs.order_by("starts_on", "ends_on")]
