"""Parts of the pay as the page of the terms shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from agreements.components.completeness import MINUTES_AN_HOUR, NAMES, most_dollars
from agreements.components.document import CAPS, component_document
from agreements.components.models import PayComponent
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.values.rounding import decimal_text, fraction_from_text
from indicators.measure.figures import count_text, trimmed

_CAP_WORDS = dict(zip(CAPS, ("a month", "a quarter", "a year"), strict=True))
HOUR_PLACES = 2
CENT_PLACES = 2


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
    """Write minutes as hours: `16 hours`, `12.5 hours`, `1,300 hours`."""
    text = decimal_text(Fraction(minutes, MINUTES_AN_HOUR), HOUR_PLACES)
    whole, point, decimals = text.rstrip("0").rstrip(".").partition(".")
    return f"{int(whole):,}{point}{decimals} hours"


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
    if component.share_rate is not None:
        return _sharing(component)
    steps = [_step(rung["above"], rung["rate"]) for rung in component.rungs]
    return f"{'; '.join(steps)}, by the fee schedule of {component.table_year}"


def _sharing(component: PayComponent) -> str:
    said = [f"{percent_text(component.share_rate)} of the savings against the year before"]
    if component.minimum_rate:
        said.append(f"from {percent_text(component.minimum_rate)} saved")
    if component.fee:
        said.append(f"after an administrator's fee of {component.fee}")
    if component.limit_rate is not None:
        said.append(f"at most {percent_text(component.limit_rate)} of that year's cost")
    points = f"{component.least_points} point{'' if component.least_points == 1 else 's'}"
    return f"{', '.join(said)}; only where the indicators earn at least {points}"


def percent_text(rate: Decimal | None) -> str:
    """Write a rate as it is typed: `2.5%`."""
    return f"{((rate or Decimal(0)) * 100).normalize():f}%"


def dollars_a_wrvu(rate: Fraction) -> str:
    """Write a rate with its cents, and with further decimals where it has any: `$40.00`."""
    return f"${trimmed(rate, CENT_PLACES)}"


def _step(above: str, rate: str) -> str:
    dollars = dollars_a_wrvu(fraction_from_text(rate))
    return (
        f"{dollars} a wRVU"
        if above == "0"
        else f"{dollars} a wRVU above {count_text(fraction_from_text(above))}"
    )
