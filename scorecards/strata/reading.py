"""Strata as people read them: counts, result, interval and state of each, and the funnel. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from comanage.documents.charts import (
    ChartTable,
    FunnelChart,
    FunnelCurve,
    FunnelPoint,
    Reading,
    funnel_chart,
    funnel_chart_sentence,
    funnel_chart_table,
)
from comanage.values.rounding import round_half_up
from indicators.measure.definition import Definition
from indicators.measure.figures import count_text, figure
from indicators.measure.rate import exact_parts, judged_cases, performance_rate
from indicators.measure.statistics.control_points import Side
from indicators.measure.statistics.funnel import (
    Funnel,
    FunnelUnit,
    NoFunnel,
    expected_funnel,
    proportion_funnel,
)
from indicators.measure.tally import Tally
from scorecards.cards.certainty import (
    Yardstick,
    certainty_of,
    counts_events,
    interval_of_tally,
    interval_text,
    no_interval_words,
)
from scorecards.strata.counting import Strata, Stratum

NOT_RECORDED = "Not recorded"


@dataclass(frozen=True, slots=True)
class StratumReading:
    """One row: who, the cases, the parts of the rate, the result and what may be said of it."""

    name: str
    cases: int
    parts: str
    result: str
    interval: str
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class FunnelReading:
    """The units against each other; or why they are not compared."""

    refusal: str = ""
    chart: str = ""
    sentence: str = ""
    table: ChartTable | None = None
    left_out: str = ""


def read_rows(against: Yardstick, strata: Strata) -> tuple[StratumReading, ...]:
    """Read the strata in their order."""
    return tuple(
        _row(against, stratum.name or NOT_RECORDED, stratum.tally) for stratum in strata.listed
    )


def read_total(against: Yardstick, strata: Strata) -> StratumReading:
    """Read all strata together: what the scorecard counts."""
    return _row(against, "All together", strata.total)


def _row(against: Yardstick, name: str, tally: Tally) -> StratumReading:
    """Read one row. Below the agreed minimum it has no result, as on the scorecard."""
    definition, places = against.definition, against.places
    rate = performance_rate(tally, definition, against.minimum_cases)
    if isinstance(rate, Fraction):
        multiplier = definition.printed_multiplier
        compared = round_half_up(rate * multiplier, places) / multiplier
        certainty = certainty_of(against, tally, compared)
        result = figure(definition, rate, places)
    else:
        certainty = certainty_of(against, tally, None, str(rate))
        result = "Not scored"
    above, below = exact_parts(tally, definition)
    interval = interval_of_tally(definition, tally)
    return StratumReading(
        name=name,
        cases=judged_cases(tally, definition),
        parts=f"{count_text(above)} / {count_text(below)}",
        result=result,
        interval=interval_text(definition, interval, places) or no_interval_words(definition),
        word=certainty.word,
        tone=certainty.tone,
    )


def read_funnel(against: Yardstick, strata: Strata, units: str) -> FunnelReading:
    """Compare the strata in a funnel, where they are ten or more and counted in events.

    Args:
        against: holds the definition, the decimals and the minimum of cases.
        strata: cases without a value are no unit, and neither are too few to judge.
        units: what is compared, in the plural.
    """
    definition = against.definition
    named = [
        replace(stratum, name=_spoken(stratum.name, units))
        for stratum in strata.listed
        if stratum.name
    ]
    judged = [
        each for each in named if judged_cases(each.tally, definition) >= against.minimum_cases
    ]
    left_out = _left_out(len(named) - len(judged), units, against.minimum_cases)
    found = _funnel(definition, judged)
    if isinstance(found, NoFunnel):
        return FunnelReading(found.reason, left_out=left_out)
    drawing = _drawing(against, found, {each.name: each.tally for each in judged}, units)
    return FunnelReading(
        left_out=left_out,
        chart=funnel_chart(drawing),
        sentence=funnel_chart_sentence(drawing),
        table=funnel_chart_table(drawing),
    )


def _spoken(name: str, units: str) -> str:
    """Call a code of digits by what it names, so that it is not read as a count."""
    return f"{units.removesuffix('s')} {name}" if name.isdigit() else name


def _left_out(number: int, units: str, minimum: int) -> str:
    if not number:
        return ""
    verb = "is" if number == 1 else "are"
    noun = units.removesuffix("s") if number == 1 else units
    return (
        f"{number} {noun} under {minimum:,} cases {verb} left out: with so few nothing is judged."
    )


def _funnel(definition: Definition, strata: list[Stratum]) -> Funnel | NoFunnel:
    is_proportion = definition.scoring == "proportion"
    if not is_proportion and definition.scoring != "observed_over_expected":
        noun = definition.scoring.replace("_", " ")
        return NoFunnel(
            f"A funnel compares proportions, or observed with expected events; this is a {noun}."
        )
    parts = [(stratum.name, *exact_parts(stratum.tally, definition)) for stratum in strata]
    parts = [(name, above, below) for name, above, below in parts if below > 0]
    whole = all(above.denominator == 1 for _, above, _ in parts)
    if is_proportion and whole and all(below.denominator == 1 for _, _, below in parts):
        return proportion_funnel([(name, int(above), int(below)) for name, above, below in parts])
    if not is_proportion and whole and counts_events(definition):
        return expected_funnel([(name, int(above), below) for name, above, below in parts])
    return NoFunnel(
        "A funnel compares counts of events; here numbers of another kind are added up."
    )


def _drawing(
    against: Yardstick,
    funnel: Funnel,
    tallies: Mapping[str, Tally],
    units: str,
) -> FunnelChart:
    definition, places = against.definition, against.places
    is_proportion = definition.scoring == "proportion"

    def printed(value: Fraction | float) -> str:
        return figure(definition, Fraction(value), places)

    def point(unit: FunnelUnit) -> FunnelPoint:
        above, below = exact_parts(tallies[unit.name], definition)
        limits = unit.limits
        word = "cases" if is_proportion else "expected"
        return FunnelPoint(
            name=unit.name,
            size=Reading(unit.size, count_text(unit.size)),
            now=Reading(unit.value, printed(unit.value)),
            zone=unit.zone,
            is_high=unit.side is Side.HIGH,
            cases=f"{count_text(above)} of {count_text(below)} {word}",
            limits_95=f"{printed(limits.low_95)} to {printed(limits.high_95)}",
            limits_998=f"{printed(limits.low_998)} to {printed(limits.high_998)}",
        )

    return FunnelChart(
        title=definition.title,
        improvement=definition.improvement,
        units=units,
        points=tuple(map(point, funnel.units)),
        center=Reading(funnel.center, printed(funnel.center)),
        curves=tuple(
            FunnelCurve(
                limits.size,
                (limits.low_95, limits.high_95),
                (limits.low_998, limits.high_998),
            )
            for limits in funnel.curves
        ),
        size_words="Eligible cases" if is_proportion else "Expected events",
        warning=funnel.dispersion_words,
    )
