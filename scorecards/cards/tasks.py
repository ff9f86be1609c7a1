"""The job that recomputes a year's scorecard: load, count, score, then one transaction."""

import logging
from collections.abc import Sequence
from typing import Any

from agreements.terms.models import MeasurementYear
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.run import JobProblemError, Run, handles
from comanage.web.errors import PolicyError
from indicators.measure.columns import CasesError
from indicators.measure.cube.plan import Cube
from scorecards.cards import engine
from scorecards.cards.actions import keep_scorecard
from scorecards.cards.counting import count_slices
from scorecards.cards.queries import calendar_of, prior_results, slices_counted_now
from scorecards.intake.queries import SliceFacts
from scorecards.trends.months import Calendar, to_document

log = logging.getLogger(__name__)


@handles(JobKind.RECOMPUTE_SCORECARD)
def recompute_scorecard(run: Run) -> None:
    """Recompute one year. The same inputs add no version."""
    with run.reading():
        year = MeasurementYear.objects.get(pk=run.subject_id)
        calendar = calendar_of(year)
        slices = slices_counted_now(year, is_dated=calendar is not None)
        prior = prior_results(year)
    if year.terms is None:
        raise JobProblemError("The terms of the year are not locked.")
    plan = engine.plan_of_counting(year.terms, calendar)
    try:
        counting = count_slices(run.tenant_id, plan, slices)
    except (PolicyError, CasesError) as wrong:
        raise JobProblemError(str(wrong)) from wrong
    log.info(
        "scorecard counted",
        extra={
            "job_id": str(run.job_id),
            "cells_known": counting.hits,
            "cells_counted": counting.misses,
        },
    )
    document = _document(year.terms, counting.cube, calendar, slices, prior)
    document["slices"] = [_named(slice_) for slice_ in slices]
    until = year.ended_on.isoformat() if year.ended_on else ""
    if until:
        document["until"] = until
    inputs = engine.input_sha256(
        terms_sha256=year.terms_sha256,
        slices=[slice_.sha256 for slice_ in slices],
        prior=prior,
        until=until,
    )
    with run.committing():
        year = MeasurementYear.objects.select_for_update(no_key=True).get(pk=year.pk)
        counted = slices_counted_now(year, is_dated=calendar is not None)
        if counted == slices and (until or None) == (year.ending and year.ending["on"]):
            # else newer cases came in, or the agreement ended, with a job of their own
            keep_scorecard(
                year=year, document=document, input_sha256=inputs, by=Actor.system("Scorecard run")
            )


def _document(
    terms: engine.Terms,
    cube: Cube,
    calendar: Calendar | None,
    slices: Sequence[SliceFacts],
    prior: engine.Prior = engine.NO_PRIOR,
) -> dict[str, Any]:
    """Score. The months stand beside the results: nothing that is paid reads them."""
    counted = engine.read_counted(terms, cube, calendar)
    tallies = {slug: one.year for slug, one in counted.items()}
    document = engine.scorecard_document(terms, tallies, prior)
    if calendar is None:
        return document
    received = [slice_.period for slice_ in slices]
    return document | {"trend": to_document(calendar, counted, received)}


def _named(slice_: SliceFacts) -> dict[str, object]:
    """Name the upload as well: a scorecard says when it came."""
    more = {"logical_sha256": slice_.logical_sha256, "received_at": slice_.received_at}
    return slice_.named() | more
