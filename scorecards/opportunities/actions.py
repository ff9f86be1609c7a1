"""Asking for an assessment, keeping it, stopping it, taking its proposals into a draft."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agreements.programs.models import Program
from agreements.terms.actions import IndicatorTerms, TierTerms, agree_indicator
from agreements.terms.models import AgreedIndicator, MeasurementYear
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.queue import enqueue
from comanage.values.canonical import sha256_of
from comanage.values.period import Period
from comanage.values.rounding import fraction_from_text
from comanage.web.errors import PolicyError
from indicators.library.models import IndicatorVersion
from scorecards.baselines.actions import freeze_baseline
from scorecards.baselines.policies import check_is_covered
from scorecards.baselines.queries import compute_baseline
from scorecards.intake.queries import current_slices
from scorecards.opportunities import policies
from scorecards.opportunities.asking import Asked
from scorecards.opportunities.models import Assessment, AssessmentEnd, AssessmentOutcome
from scorecards.opportunities.proposals import PLACES
from scorecards.opportunities.queries import feed_of_program, ground_of, proposal_in


@transaction.atomic
def ask_for_assessment(*, program: Program, period: Period, asked: Asked, by: Actor) -> Assessment:
    """Ask for an assessment; a worker computes it.

    Raises:
        PolicyError: no feed, days that are not covered or too many cases, no indicator, one that
            the feed does not carry, or a figure without its source.
    """
    program = Program.objects.select_for_update(of=("self",), no_key=True).get(pk=program.pk)
    feed = policies.check_has_feed(feed_of_program(program))
    ground = ground_of(feed)
    policies.check_asked(asked, [column.name for column in ground.columns])
    versions = {version.pk: version for version in ground.versions}
    for one in asked.indicators:
        if one.version_id not in versions:
            raise PolicyError(f"{one.title}: the feed does not carry what this indicator reads.")
        policies.check_can_be_counted(one, versions[one.version_id].definition, ground.spec)
    slices = current_slices(feed, period)
    check_is_covered(period, slices)
    policies.check_is_not_too_large(slices)
    earlier = Assessment.objects.filter(program=program)
    last = earlier.aggregate(last=Max("number"))["last"] or 0
    assessment = Assessment.objects.create(
        program=program,
        feed=feed,
        number=last + 1,
        starts_on=period.start,
        ends_on=period.end,
        asked=asked.to_document(),
        asked_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.ASSESSMENT_ASKED,
        subject=assessment,
        by=by,
        program=program.name,
        indicators=len(asked.indicators),
    )
    enqueue(JobKind.ASSESS_OPPORTUNITIES, subject_id=assessment.pk, key="assess")
    return assessment


@transaction.atomic
def keep_assessment(
    *, assessment: Assessment, document: dict[str, Any], by: Actor
) -> AssessmentOutcome | None:
    """Keep the result; one that was stopped meanwhile stays without."""
    _hold(assessment)
    if AssessmentOutcome.objects.filter(assessment=assessment).exists():
        return None
    outcome = AssessmentOutcome.objects.create(
        assessment=assessment,
        end=AssessmentEnd.COMPUTED,
        document=document,
        sha256=sha256_of(document),
        ended_at=timezone.now(),
    )
    record_event(
        kind=EventKind.ASSESSMENT_COMPUTED, subject=assessment, by=by, sha256=outcome.sha256
    )
    return outcome


@transaction.atomic
def cancel_assessment(*, assessment: Assessment, by: Actor) -> AssessmentOutcome:
    """Stop an assessment that is being computed.

    Raises:
        PolicyError: it has ended.
    """
    _hold(assessment)
    policies.check_is_running(AssessmentOutcome.objects.filter(assessment=assessment).first())
    outcome = AssessmentOutcome.objects.create(
        assessment=assessment, end=AssessmentEnd.CANCELLED, ended_at=timezone.now()
    )
    record_event(kind=EventKind.ASSESSMENT_CANCELLED, subject=assessment, by=by)
    return outcome


@transaction.atomic
def note_summary_download(*, outcome: AssessmentOutcome, by: Actor) -> None:
    """Record that the summary was taken away."""
    record_event(
        kind=EventKind.ASSESSMENT_DOWNLOADED,
        subject=outcome.assessment,
        by=by,
        sha256=outcome.sha256,
    )


@transaction.atomic
def take_proposal(
    *, outcome: AssessmentOutcome, slug: str, year: MeasurementYear, weight: int, by: Actor
) -> AgreedIndicator:
    """Put a proposed indicator into a draft, with its baseline counted anew and frozen.

    Args:
        outcome: of an assessment, with its assessment at hand.
        slug: of the proposed indicator.
        year: a draft of the same program.
        weight: points of 100.
        by: who takes it.

    Raises:
        PolicyError: nothing is proposed, the draft counts other cases or has the indicator, the
            terms are locked, or the days are no history before the year.
    """
    asked = Asked.from_document(outcome.assessment.asked)
    policies.check_same_scope(asked, year.scope)
    proposed = proposal_in(outcome.document or {}, slug)
    above, below = (
        fraction_from_text(proposed["baseline"][part]) for part in ("numerator", "denominator")
    )
    agreed = agree_indicator(
        year=year,
        terms=IndicatorTerms(
            version=IndicatorVersion.objects.select_related("indicator").get(
                pk=proposed["asked"]["version"]
            ),
            weight=weight,
            minimum_cases=asked.minimum_cases,
            compare_places=PLACES,
            baseline_numerator=_decimal(above),
            baseline_denominator=_decimal(below),
            baseline_source=f"Assessment {outcome.assessment.number}",
            baseline_period=outcome.assessment.period,
            tiers=tuple(
                TierTerms(
                    tier["name"],
                    fraction_from_text(tier["goal"]),
                    fraction_from_text(tier["share"]),
                )
                for tier in proposed["goals"]
            ),
        ),
        by=by,
    )
    period = outcome.assessment.period
    counted = compute_baseline(agreed=agreed, period=period)
    freeze_baseline(
        agreed=agreed,
        period=period,
        shown_sha256=counted.sha256,
        reason=f"Assessment {outcome.assessment.number}",
        by=by,
    )
    agreed.refresh_from_db()
    return agreed


def _hold(assessment: Assessment) -> None:
    """Let one end come after the other: an assessment itself is never updated, nor locked."""
    programs = Program.objects.select_for_update(of=("self",), no_key=True)
    programs.get(pk=assessment.program_id)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
