"""An assessment as page and paper read it: result, comparison, course, size, proposal. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from comanage.documents.charts import (
    IntervalRow,
    IntervalsChart,
    Reading,
    intervals_chart,
)
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.values.rounding import decimal_text, exact_text, fraction_from_text
from indicators.measure.definition import Definition
from indicators.measure.figures import benchmark_in_words, count_text, figure
from indicators.measure.rate import NotScored, exact_parts, performance_rate
from indicators.measure.tally import Tally
from scorecards.cards.certainty import (
    Yardstick,
    counts_events,
    interval_of_tally,
    interval_text,
)
from scorecards.opportunities.asking import AskedIndicator
from scorecards.opportunities.engine import benchmark_of
from scorecards.opportunities.proposals import PLACES
from scorecards.opportunities.sizing import (
    ReferenceKind,
    Unit,
    is_in_dollars,
    judged_units,
)
from scorecards.strata.counting import Strata, Stratum
from scorecards.strata.reading import (
    FunnelReading,
    StratumReading,
    read_funnel,
    read_rows,
    read_total,
)
from scorecards.trends.history import History
from scorecards.trends.months import MonthTally
from scorecards.trends.reading import TrendReading, read_trend

NO_MONTHS = "The feed has no date column, so its cases cannot be told apart by month."
SIDE_BY_SIDE = "Each by itself and by name; the counts of each stand below."
_REFERENCES = {
    ReferenceKind.BEST: "The best units that together have a tenth of the cases (an achievable "
    "benchmark: Kiefe and others 1998)",
    ReferenceKind.AVERAGE: "All judged units together",
}


@dataclass(frozen=True, slots=True)
class GapLine:
    """One unit that is worse, with the subtraction."""

    name: str
    found: str
    at_reference: str
    quantity: str
    chance: str


@dataclass(frozen=True, slots=True)
class SizeReading:
    """How large the opportunity is, line by line.

    Attributes:
        sentence: the whole in words.
        lines: the units that are worse.
        quantity: of all of them.
        days, dollars: with their multiplication; empty where nobody gave a cost.
        doubts: what makes it unsure, as sentences.
    """

    sentence: str
    lines: tuple[GapLine, ...]
    quantity: str
    days: str
    dollars: str
    amount: str
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoalReading:
    """A proposed tier."""

    name: str
    goal: str
    share: str


@dataclass(frozen=True)  # without slots: what is not shown is not drawn
class OpportunityReading:
    """One indicator of an assessment.

    Attributes:
        reference: as printed; empty where there is none.
        reference_words: what it is, with its source.
        practice: the result held against the published figure, with what chance allows to say.
        not_sized: why there is no size; empty where there is one.
        no_goals: why nothing is proposed; empty where something is.
    """

    slug: str
    title: str
    definition: Definition
    against: Yardstick
    strata: Strata
    label: str
    result: str
    cases: str
    reference: str
    reference_words: str
    benchmark: str
    practice: str
    months: tuple[MonthTally, ...]
    not_sized: str
    size: SizeReading | None
    baseline: str
    goals: tuple[GoalReading, ...]
    no_goals: str

    @cached_property
    def rows(self) -> tuple[StratumReading, ...]:
        """Each unit by name."""
        return read_rows(self.against, self.strata)

    @cached_property
    def total(self) -> StratumReading:
        """All units together."""
        return read_total(self.against, self.strata)

    @cached_property
    def funnel(self) -> FunnelReading:
        """The units against each other, from ten on."""
        return read_funnel(self.against, self.strata, "units")

    @cached_property
    def intervals(self) -> IntervalsChart | None:
        """The judged units side by side, where they are too few for a funnel."""
        judged = judged_units(
            self.definition,
            [Unit(each.name, each.tally) for each in self.strata.listed if each.name],
            self.against.minimum_cases,
        )
        rows = tuple(self._interval(unit) for unit in judged)
        if not rows or not self.funnel.refusal:
            return None
        goal = self.against.goal
        return IntervalsChart(
            title=self.title,
            improvement=self.definition.improvement,
            rows=rows,
            reference=Reading(goal, figure(self.definition, goal, PLACES)),
            reference_words="Held against" if self.reference else "All together",
        )

    @property
    def chart(self) -> str:
        """The funnel or the intervals as SVG; empty where no unit can be judged."""
        if not self.funnel.refusal:
            return self.funnel.chart
        return intervals_chart(self.intervals) if self.intervals else ""

    @property
    def sentence(self) -> str:
        """What the chart shows, in words; the intervals stand in the list by name as well."""
        return SIDE_BY_SIDE if self.funnel.refusal else self.funnel.sentence

    @cached_property
    def trend(self) -> TrendReading:
        """The months; with the reason where they are not drawn."""
        if not self.months:
            return TrendReading(self.slug, self.title, not_drawn=NO_MONTHS)
        agreed = {
            "slug": self.slug,
            "definition": self.definition.to_document(),
            "minimum_cases": self.against.minimum_cases,
            "compare_places": PLACES,
            "tiers": [{"name": "Reference", "goal": exact_text(self.against.goal)}],
        }
        return read_trend(agreed, History(self.months), None)

    def _interval(self, unit: Unit) -> IntervalRow:
        above, below = exact_parts(unit.tally, self.definition)
        value = above / below
        name = f"{self.label} {unit.name}" if unit.name.isdigit() else unit.name
        return IntervalRow(
            name=name,
            now=Reading(value, figure(self.definition, value, PLACES)),
            interval=interval_of_tally(self.definition, unit.tally),
            cases=parts_text(self.definition, above, below),
        )


def read_assessment(document: Mapping[str, Any]) -> tuple[OpportunityReading, ...]:
    """Read every indicator of a result; those with the most dollars first, then by name."""
    asked, days = document["asked"], _period(document["period"])
    readings = [_read(each, asked, days) for each in document["indicators"]]
    dollars = {
        each["asked"]["slug"]: Money.from_dollars((each["sizing"] or {}).get("dollars") or "0.00")
        for each in document["indicators"]
    }
    return tuple(sorted(readings, key=lambda each: (-dollars[each.slug].cents, each.title)))


def _read(found: Mapping[str, Any], asked: Mapping[str, Any], days: Period) -> OpportunityReading:
    one = AskedIndicator.from_document(found["asked"])
    definition = Definition.from_document(found["definition"])
    total = Tally.from_document(found["total"])
    reference = None if found["reference"] is None else fraction_from_text(found["reference"])
    rate = performance_rate(total, definition)
    above, below = exact_parts(total, definition)
    known = reference if reference is not None else Fraction(0)
    if reference is None and not isinstance(rate, NotScored):
        known = rate
    baseline = found.get("baseline")
    return OpportunityReading(
        slug=one.slug,
        title=definition.title,
        definition=definition,
        against=Yardstick(definition, known, asked["minimum_cases"], PLACES),
        strata=Strata(
            tuple(
                Stratum(each["name"], Tally.from_document(each["tally"])) for each in found["units"]
            ),
            total,
        ),
        label=asked["label"],
        result=str(rate) if isinstance(rate, NotScored) else figure(definition, rate, PLACES),
        cases=parts_text(definition, above, below),
        reference="" if reference is None else figure(definition, reference, PLACES),
        reference_words=reference_words(definition, one),
        benchmark=benchmark_in_words(definition),
        practice=practice_text(definition, total),
        months=tuple(
            MonthTally(_period(each), Tally.from_document(each["tally"]))
            for each in found["months"]
        ),
        not_sized=found["not_sized"],
        size=_size(definition, one, found, days) if found["sizing"] else None,
        baseline=""
        if baseline is None
        else figure(
            definition,
            fraction_from_text(baseline["numerator"]) / fraction_from_text(baseline["denominator"]),
            PLACES,
        ),
        goals=tuple(
            GoalReading(
                each["name"],
                figure(definition, fraction_from_text(each["goal"]), PLACES),
                f"{decimal_text(fraction_from_text(each['share']) * 100, 0)} %",
            )
            for each in found["goals"]
        ),
        no_goals=found.get("no_goals", ""),
    )


def practice_text(definition: Definition, total: Tally) -> str:
    """Hold the result against the published figure; empty where there is no one such figure."""
    published, rate = benchmark_of(definition), performance_rate(total, definition)
    if published is None or isinstance(rate, NotScored):
        return ""
    here, there = (figure(definition, value, PLACES) for value in (rate, published))
    is_better = rate < published if definition.improvement == "decrease" else rate > published
    verdict = "the same" if rate == published else "better" if is_better else "worse"
    interval = interval_of_tally(definition, total)
    if interval is None:
        return f"{here} here against {there} published: {verdict}. Chance cannot be told from it."
    low, high = interval
    reaches = "reaches" if low <= published <= high else "does not reach"
    return (
        f"{here} here against {there} published: {verdict}. The 95 % interval, "
        f"{interval_text(definition, interval, PLACES)}, {reaches} the published figure."
    )


def reference_words(definition: Definition, one: AskedIndicator) -> str:
    """Say what the units are held against, with its source."""
    if one.reference is ReferenceKind.BENCHMARK:
        return f"Published: {benchmark_in_words(definition)}"
    if one.reference is ReferenceKind.PEER:
        return f"Peers: {one.peer_source}"
    return _REFERENCES[one.reference]


def parts_text(definition: Definition, above: Fraction, below: Fraction) -> str:
    """Print both parts of a result: `74 of 525`, or `18,869 days in 5,352 cases` of a mean."""
    if definition.scoring == "mean":
        return f"{count_text(above)} {definition.unit} in {count_text(below)} cases"
    return f"{count_text(above)} of {count_text(below)}"


def quantity_text(definition: Definition, quantity: Fraction) -> str:
    """Print a quantity in its unit: `25.4 events`, `310.0 days`, `$12,000.00`."""
    if is_in_dollars(definition):
        return str(Money(100).times(quantity))
    if definition.scoring == "mean":
        return f"{_grouped(quantity)} {definition.unit}"
    return f"{_grouped(quantity)} {'cases' if definition.improvement == 'increase' else 'events'}"


def change_text(definition: Definition, quantity: Fraction) -> str:
    """Print a quantity as what would have changed: `25.4 fewer events`, `$12,000.00 less`."""
    is_more = definition.improvement == "increase"
    if is_in_dollars(definition):
        return f"{quantity_text(definition, quantity)} {'more' if is_more else 'less'}"
    number, _, noun = quantity_text(definition, quantity).partition(" ")
    return f"{number} {'more' if is_more else 'fewer'} {noun}"


def _size(
    definition: Definition, one: AskedIndicator, found: Mapping[str, Any], days: Period
) -> SizeReading:
    sizing = found["sizing"]
    quantity = fraction_from_text(sizing["quantity"])
    printed = quantity_text(definition, quantity)
    reference = figure(definition, fraction_from_text(found["reference"]), PLACES)
    gaps = sizing["gaps"]
    amount = "" if sizing["dollars"] is None else str(Money.from_dollars(sizing["dollars"]))
    return SizeReading(
        sentence=_sentence(
            len(gaps), sizing["units"], reference, change_text(definition, quantity), days
        ),
        lines=tuple(_line(definition, gap) for gap in gaps),
        quantity=printed,
        days=_days(one, sizing, printed),
        dollars=_dollars(one, amount, printed),
        amount=amount,
        doubts=_doubts(definition, sizing, quantity),
    )


def _sentence(worse: int, units: int, reference: str, change: str, days: Period) -> str:
    if not worse:
        return f"None of {units} units is worse than {reference}, so there is nothing to size."
    verb = "is" if worse == 1 else "are"
    it = "it" if worse == 1 else "they"
    return (
        f"{worse} of {units} units {verb} worse than {reference}. Had {it} come to it, there "
        f"would have been {change} in {days}."
    )


def _line(definition: Definition, gap: Mapping[str, Any]) -> GapLine:
    above, below = fraction_from_text(gap["above"]), fraction_from_text(gap["below"])
    rate = figure(definition, above / below, PLACES)
    return GapLine(
        name=gap["name"],
        found=f"{parts_text(definition, above, below)}: {rate}",
        at_reference=_grouped(fraction_from_text(gap["at_reference"])),
        quantity=_grouped(fraction_from_text(gap["quantity"])),
        chance=_chance_word(definition, is_clear=gap["is_clear"]),
    )


def _chance_word(definition: Definition, *, is_clear: bool) -> str:
    if not counts_events(definition):
        return "Not known"
    return "Beyond its reach" if is_clear else "Within its reach"


def _days(one: AskedIndicator, sizing: Mapping[str, Any], printed: str) -> str:
    if sizing["days"] is None or one.days is None:
        return ""
    total = _grouped(fraction_from_text(sizing["days"]))
    source = f" (days: {one.days_source})" if one.days_source else ""
    return f"{printed} at {_grouped(one.days)} days each make {total} days{source}."


def _dollars(one: AskedIndicator, amount: str, printed: str) -> str:
    if not amount or one.cost is None:
        return ""
    return f"{printed} at {one.cost} each make {amount} (cost: {one.cost_source})."


def _doubts(
    definition: Definition, sizing: Mapping[str, Any], quantity: Fraction
) -> tuple[str, ...]:
    if not sizing["gaps"]:
        return ()
    said = []
    if sizing["chance"] is not None:
        clear = quantity_text(definition, fraction_from_text(sizing["clear"]))
        said.append(
            f"{clear} of it stand with units whose whole 95 % interval is worse than the "
            "reference; the rest is within the reach of chance."
        )
        said.append(
            f"Were every unit exactly at the reference, chance alone would make a distance of "
            f"about {quantity_text(definition, fraction_from_text(sizing['chance']))}."
        )
    else:
        said.append("How much of it chance makes cannot be known from these sums.")
    return tuple(said)


def _grouped(value: Fraction) -> str:
    whole, _, decimals = decimal_text(value, PLACES).partition(".")
    return f"{int(whole):,}.{decimals}"


def _period(document: Mapping[str, str]) -> Period:
    return Period(date.fromisoformat(document["start"]), date.fromisoformat(document["end"]))
