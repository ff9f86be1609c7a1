"""Parts of the pay as the page of the terms shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from agreements.components.completeness import MINUTES_AN_HOUR, NAMES, most_dollars
from agreements.components.document import CAPS, component_document
from agreements.components.models import PayComponent
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.values.rounding import decimal_text, fraction_from_text
from indicators.measure.figures import count_text

_CAP_WORDS = dict(zip(CAPS, ("a month", "a quarter", "a year"), strict=True))
HOUR_PLACES = 2


@dataclass(frozen=True, slots=True)
class ComponentLine:
    """One part as printed.

    Attributes:
        most: what it can come to in a year; None where work alone bounds it.
    """

    pk: UUID
    number: int
    label: str
    kind: str
    payee: str
    in_effect: Period
    figures: str
    most: Money | None


def component_lines(
    components: Iterable[PayComponent], *, group: str, period: Period
) -> tuple[ComponentLine, ...]:
    """Print every part, in the order of the terms."""
    return tuple(
        ComponentLine(
            pk=each.pk,
            number=each.number,
            label=each.label,
            kind=NAMES[each.kind],
            payee=each.physician.name if each.physician else group,
            in_effect=each.in_effect,
            figures=_figures(each),
            most=most_dollars(component_document(each), period),
        )
        for each in components
    )


def hours_text(minutes: int) -> str:
    """Write minutes as hours: `16 hours`, `12.5 hours`."""
    text = decimal_text(Fraction(minutes, MINUTES_AN_HOUR), HOUR_PLACES)
    return f"{text.rstrip('0').rstrip('.')} hours"


def _figures(component: PayComponent) -> str:
    if component.rate is not None:
        caps = [
            f"{hours_text(minutes)} {words}"
            for cap, words in _CAP_WORDS.items()
            if (minutes := getattr(component, cap)) is not None
        ]
        return f"{component.rate} an hour, at most {' and '.join(caps)}"
    if component.amount is not None:
        return f"{component.amount} for the whole year"
    steps = [_step(rung["above"], rung["rate"]) for rung in component.rungs]
    return f"{'; '.join(steps)}, by the fee schedule of {component.table_year}"


def _step(above: str, rate: str) -> str:
    places = max(HOUR_PLACES, len(rate.partition(".")[2]))
    dollars = f"${decimal_text(fraction_from_text(rate), places)}"
    return (
        f"{dollars} a wRVU"
        if above == "0"
        else f"{dollars} a wRVU above {count_text(fraction_from_text(above))}"
    )
