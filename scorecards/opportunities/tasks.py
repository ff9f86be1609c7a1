"""The job that computes an assessment: read, count indicator by indicator, then keep."""

from typing import Any

from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.run import JobProblemError, Run, handles
from comanage.web.errors import PolicyError
from indicators.library.models import IndicatorVersion
from indicators.measure.columns import CasesError
from indicators.measure.definition import Definition
from scorecards.baselines.policies import check_is_covered
from scorecards.cards.loading import read_all
from scorecards.feeds.queries import spec_of
from scorecards.intake.queries import current_slices
from scorecards.opportunities.actions import keep_assessment
from scorecards.opportunities.asking import Asked
from scorecards.opportunities.engine import SCHEMA, NotAssessedError, assess_indicator
from scorecards.opportunities.models import Assessment, AssessmentOutcome
from scorecards.opportunities.progress import tell_progress


@handles(JobKind.ASSESS_OPPORTUNITIES)
def assess_opportunities(run: Run) -> None:
    """Compute one assessment; between two indicators it looks whether somebody stopped it."""
    try:
        document = _computed(run)
    except (PolicyError, CasesError, NotAssessedError) as wrong:
        raise JobProblemError(str(wrong)) from wrong
    with run.committing():
        if document is not None:
            keep_assessment(
                assessment=Assessment.objects.get(pk=run.subject_id),
                document=document,
                by=Actor.system("Assessment run"),
            )


def _computed(run: Run) -> dict[str, Any] | None:
    """Return the result; None when it was stopped."""
    with run.reading():
        assessment = Assessment.objects.select_related("feed", "program").get(pk=run.subject_id)
        asked, period = Asked.from_document(assessment.asked), assessment.period
        definitions = _definitions(asked)
        date_column = spec_of(assessment.feed).date_column or ""
        slices = current_slices(assessment.feed, period)
        check_is_covered(period, slices)
        columns = {name for each in definitions for name in each.columns_by_name}
        cases = read_all(slices, filter(None, [*columns, asked.column, date_column]))
    months = period.months() if date_column else []
    found = []
    for place, (one, definition) in enumerate(zip(asked.indicators, definitions, strict=True)):
        tell_progress(run.subject_id, place, len(definitions))
        if _is_stopped(run):
            return None
        found.append(assess_indicator(definition, asked, one, cases, months, date_column))
    return {
        "schema": SCHEMA,
        "program": assessment.program.name,
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat()},
        "asked": asked.to_document(),
        "slices": [slice_.named() for slice_ in slices],
        "indicators": found,
    }


def _definitions(asked: Asked) -> list[Definition]:
    versions = IndicatorVersion.objects.in_bulk([each.version_id for each in asked.indicators])
    return [versions[each.version_id].definition for each in asked.indicators]


def _is_stopped(run: Run) -> bool:
    with run.reading():
        return AssessmentOutcome.objects.filter(assessment=run.subject_id).exists()
