"""Reading assessments, and what can be assessed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from agreements.programs.models import Program
from agreements.programs.queries import visible_programs
from agreements.terms.models import MeasurementYear, YearStatus
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job, JobState
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from indicators.library.models import IndicatorVersion
from indicators.library.queries import current_versions
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import spec_of
from scorecards.intake.queries import accepted_periods
from scorecards.intake.spec import FeedColumn, FeedSpec
from scorecards.opportunities.models import Assessment, AssessmentOutcome
from scorecards.opportunities.policies import fits
from scorecards.strata.queries import columns_to_choose


@dataclass(frozen=True, slots=True)
class Ground:
    """What a program offers to be assessed.

    Attributes:
        versions: of the library's indicators that the feed carries, by title.
        columns: that cases may be told apart by, as on the pages by group.
    """

    feed: Feed
    spec: FeedSpec
    versions: tuple[IndicatorVersion, ...]
    columns: tuple[FeedColumn, ...]


def visible_assessments(by: Actor) -> QuerySet[Assessment]:
    """List the assessments of the programs a person sees, the newest first."""
    return Assessment.objects.select_related("program", "feed", "asked_by", "outcome").filter(
        program__in=visible_programs(by)
    )


def feed_of_program(program: Program) -> Feed | None:
    """Return the feed that a program reads, or None."""
    return Feed.objects.filter(uses__program=program).first()


def ground_of(feed: Feed) -> Ground:
    """Return what can be assessed, in two queries."""
    spec = spec_of(feed)
    versions = tuple(each for each in current_versions() if fits(each.definition, spec))
    terms = {
        "indicators": [
            {"slug": each.indicator.slug, "definition": each.document} for each in versions
        ]
    }
    return Ground(feed, spec, versions, tuple(columns_to_choose(spec, terms)))


def days_to_choose(feed: Feed) -> list[Period]:
    """List the periods that the feed has sent, in one query."""
    return accepted_periods(feed)


def outcome_of(assessment: Assessment) -> AssessmentOutcome | None:
    """Return how an assessment ended; None while it is computed."""
    return getattr(assessment, "outcome", None)


def failed_among(assessments: Iterable[Assessment]) -> set[UUID]:
    """Return the ids of those that could not be computed, in one query."""
    failed = Job.objects.filter(
        kind=JobKind.ASSESS_OPPORTUNITIES,
        state=JobState.FAILED,
        subject_id__in=[each.pk for each in assessments],
    )
    return set(failed.values_list("subject_id", flat=True))


def newest_scope(program: Program) -> str:
    """Return the scope of the program's newest year; empty without one."""
    year = program.years.first()
    return year.scope if year else ""


def draft_years(program: Program) -> list[MeasurementYear]:
    """List the drafts that a proposal can go into, newest first, in one query."""
    return list(program.years.filter(status=YearStatus.DRAFT).order_by("-starts_on"))


def proposal_in(document: dict[str, Any], slug: str) -> dict[str, Any]:
    """Return the proposal of one indicator.

    Raises:
        PolicyError: there is none.
    """
    for each in document.get("indicators", []):
        if each["asked"]["slug"] == slug and each["goals"]:
            found: dict[str, Any] = each
            return found
    raise PolicyError("The assessment proposes no goals for this indicator.")
