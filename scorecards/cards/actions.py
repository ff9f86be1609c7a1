"""Asking for scorecards and keeping them."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from agreements.terms.models import MeasurementYear, YearStatus
from agreements.terms.queries import years_on_the_clock
from comanage.api.webhooks import WebhookKind, announce
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind, ScheduleKind
from comanage.jobs.models import Job, JobState
from comanage.jobs.queries import latest_job
from comanage.jobs.queue import enqueue
from comanage.jobs.schedule import plans
from comanage.values.money import Money
from comanage.web.errors import PolicyError
from scorecards.cards.engine import ENGINE_VERSION
from scorecards.cards.models import Scorecard
from scorecards.intake.models import Slice
from scorecards.restatements.queries import is_restated


@transaction.atomic
def ask_for_recompute(*, year: MeasurementYear, by: Actor) -> Job:
    """Queue a recomputation; while one waits, a second click gets the same job.

    Raises:
        PolicyError: the year is not on the clock.
    """
    year = MeasurementYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    if year.status != YearStatus.OPEN:
        raise PolicyError("Only a year on the clock is recomputed.")
    waiting = latest_job(JobKind.RECOMPUTE_SCORECARD, subject_id=year.pk)
    if waiting is not None and waiting.state == JobState.READY:
        return waiting
    job = enqueue(JobKind.RECOMPUTE_SCORECARD, subject_id=year.pk, key=f"asked:{uuid4().hex}")
    record_event(kind=EventKind.RECOMPUTE_ASKED, subject=year, by=by)
    return job


def recompute_for_slice(*, slice_: Slice) -> None:
    """Queue every year that counts the slice's cases: on the clock, or closed and restated.

    A slice comes into a closed period by an approved restatement alone.
    """
    years = MeasurementYear.objects.filter(
        status__in=[YearStatus.OPEN, YearStatus.CLOSED],
        program__feed_uses__feed=slice_.feed_id,
        starts_on__lte=slice_.starts_on,
        ends_on__gte=slice_.ends_on,
    )
    for year in years:
        if slice_.starts_on < year.pay_ends_on:
            enqueue(JobKind.RECOMPUTE_SCORECARD, subject_id=year.pk, key=f"slice:{slice_.pk}")


@plans(ScheduleKind.NIGHTLY_SCORECARDS)
def plan_night(night: str) -> None:
    """Queue every year on the clock, once a night."""
    for year in years_on_the_clock():
        enqueue(JobKind.RECOMPUTE_SCORECARD, subject_id=year.pk, key=f"night:{night}")


@transaction.atomic
def keep_scorecard(
    *, year: MeasurementYear, document: dict[str, Any], input_sha256: str, by: Actor
) -> Scorecard | None:
    """Keep a computation as the year's newest edition.

    A closed year gets one only when its cases were restated.

    Returns:
        The scorecard; None when nothing has changed, or the year was closed meanwhile.
    """
    year = MeasurementYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    current = year.scorecards.order_by("-version").first()
    if current is not None and current.input_sha256 == input_sha256:
        return None
    if year.status != YearStatus.OPEN and not _is_restated(current, document):
        return None
    card = Scorecard.objects.create(
        year=year,
        version=current.version + 1 if current else 1,
        computed_at=timezone.now(),
        input_sha256=input_sha256,
        engine_version=ENGINE_VERSION,
        document=document,
        earned=Money.from_dollars(document["score"]["earned"]),
        pool=Money.from_dollars(document["score"]["pool"]),
    )
    record_event(
        kind=EventKind.SCORECARD_COMPUTED,
        subject=card,
        by=by,
        version=card.version,
        earned=document["score"]["earned"],
        input_sha256=input_sha256,
    )
    announce(kind=WebhookKind.SCORECARD_COMPUTED, subject_id=card.pk)
    return card


def _is_restated(current: Scorecard | None, document: dict[str, Any]) -> bool:
    """Say whether all that is new in a computation came in by an approved restatement.

    Or that the agreement was found to have ended inside the year: then other days count.
    """
    if current is None:
        return False
    if document.get("until") != current.document.get("until"):
        return True
    known = {(each["sha256"], each["version"]) for each in current.document["slices"]}
    new = [each for each in document["slices"] if (each["sha256"], each["version"]) not in known]
    return bool(new) and all(is_restated(each["sha256"], each["version"]) for each in new)
