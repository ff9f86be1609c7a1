"""Reading history."""

from datetime import date

from agreements.terms.models import AgreedIndicator, MeasurementYear
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from indicators.measure.columns import CasesError
from indicators.measure.criteria import CriteriaError
from indicators.measure.rate import NotScored
from scorecards.baselines import policies
from scorecards.baselines.engine import Computation, compute
from scorecards.cards.loading import read_cases
from scorecards.cards.queries import feed_of
from scorecards.intake.queries import SliceFacts, current_slices


def covered_history(year: MeasurementYear) -> list[SliceFacts]:
    """List what the hospital has sent of the days before a year, by date, in two queries."""
    feed = feed_of(year)
    if feed is None or year.starts_on == date.min:
        return []
    return current_slices(feed, Period(date.min, year.starts_on))


def compute_baseline(*, agreed: AgreedIndicator, period: Period) -> Computation:
    """Count an indicator over a past period, from the slices that cover it, in two queries.

    Args:
        agreed: with its year and version; the cases are those of the year's scope.
        period: the days to count.

    Raises:
        PolicyError: the period is not history, is not covered, is too large to count while a
            page waits, gives no rate, or gives one that terms cannot hold.
    """
    policies.check_is_history(period, year_starts_on=agreed.year.starts_on)
    feed, definition = feed_of(agreed.year), agreed.version.definition
    slices = current_slices(feed, period) if feed else []
    policies.check_is_covered(period, slices)
    policies.check_can_be_counted(period, slices)
    tables = read_cases(slices, definition)
    try:
        computed = compute(
            definition, agreed.year.scope, period, tables, [slice_.named() for slice_ in slices]
        )
    except CasesError as wrong:
        raise PolicyError(f"The cases of {period} cannot be counted. {wrong}") from wrong
    except CriteriaError as wrong:
        raise PolicyError(f"The scope of the terms does not fit “{agreed}”: {wrong}") from wrong
    if isinstance(computed, NotScored):
        raise PolicyError(f"{period} gives no baseline. {computed}")
    policies.check_can_be_kept(computed.numerator, computed.denominator)
    return computed
