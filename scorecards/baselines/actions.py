"""Freezing a baseline that was computed from history into a draft."""

from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from agreements.terms.actions import ComputedBaseline, take_baseline
from agreements.terms.models import AgreedIndicator, MeasurementYear
from agreements.terms.policies import check_can_edit
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.values.period import Period
from scorecards.baselines import policies
from scorecards.baselines.engine import Computation
from scorecards.baselines.models import Baseline
from scorecards.baselines.queries import compute_baseline
from scorecards.cards.queries import feed_of

LONGEST_SOURCE = 200


@transaction.atomic
def freeze_baseline(
    *, agreed: AgreedIndicator, period: Period, shown_sha256: str, reason: str = "", by: Actor
) -> Baseline:
    """Compute a baseline, keep it for good, and put it into the draft.

    Args:
        agreed: the indicator of the draft.
        period: the days to count.
        shown_sha256: the hash of the computation that the person saw and means.
        reason: why the baseline is not that of the year before; empty when it is.
        by: who freezes it.

    Raises:
        PolicyError: as for `compute_baseline`; the terms are locked; or the computation is no
            longer the one that was shown.
    """
    # Held until the end: the scope that is counted is the scope that the draft has.
    agreed.year = MeasurementYear.objects.select_for_update(of=("self",), no_key=True).get(
        pk=agreed.year_id
    )
    check_can_edit(agreed.year)
    computed = compute_baseline(agreed=agreed, period=period)
    policies.check_is_what_was_shown(computed.sha256, shown_sha256=shown_sha256)
    baseline = Baseline.objects.create(
        program_id=agreed.year.program_id,
        version=agreed.version,
        starts_on=period.start,
        ends_on=period.end,
        document=computed.document,
        sha256=computed.sha256,
        frozen_by_id=by.user_id,
    )
    record_event(kind=EventKind.BASELINE_FROZEN, subject=baseline, by=by, sha256=baseline.sha256)
    take_baseline(agreed=agreed, computed=_for_the_terms(agreed, computed), reason=reason, by=by)
    return baseline


def _for_the_terms(agreed: AgreedIndicator, computed: Computation) -> ComputedBaseline:
    feed = feed_of(agreed.year)
    source = f"{feed.name}, {feed.source_system}" if feed else ""
    times = f"; both times {computed.times:,}" if computed.times > 1 else ""
    return ComputedBaseline(
        period=computed.period,
        numerator=_decimal(computed.numerator),
        denominator=_decimal(computed.denominator),
        source=source[: LONGEST_SOURCE - len(times)] + times,
        feed=source[:LONGEST_SOURCE],
        scope=computed.scope,
        sha256=computed.sha256,
    )


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
