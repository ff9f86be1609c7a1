"""A computed baseline as its page shows it."""

from dataclasses import dataclass

from agreements.terms.models import AgreedIndicator
from comanage.values.period import Period
from indicators.measure.figures import figure
from scorecards.baselines.engine import Computation
from scorecards.cards.reading import Count, counts_in_words


@dataclass(frozen=True, slots=True)
class BaselineReading:
    """The rate, its days and the arithmetic behind it."""

    rate: str
    period: Period
    counts: tuple[Count, ...]
    sha256: str


def read_baseline(agreed: AgreedIndicator, computed: Computation) -> BaselineReading:
    """Print a computation in the indicator's unit, with the decimals that are compared."""
    definition = agreed.version.definition
    return BaselineReading(
        rate=figure(definition, computed.rate, agreed.compare_places),
        period=computed.period,
        counts=counts_in_words(computed.tally, definition),
        sha256=computed.sha256,
    )
