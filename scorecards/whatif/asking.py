"""What is asked of each indicator, in its own words and unit. Pure."""

import re
from dataclasses import dataclass
from fractions import Fraction

from comanage.values.rounding import decimal_text
from indicators.measure.definition import Definition
from indicators.measure.figures import count_text, figure, unit_text
from scorecards.scoring.whatif import Question, Standing
from scorecards.whatif.board import Board

MARGIN = Fraction(1, 4)  # of the span of goals and result, on both sides of a slider
_BARE = ("ratio", "index")  # they say nothing that a label would not
_PER = re.compile(r"per (?:[0-9,]+ )?(?P<noun>.+)")


@dataclass(frozen=True, slots=True)
class Slider:
    """The ends, step and place of a slider, as they are typed."""

    low: str
    high: str
    step: str
    place: str


@dataclass(frozen=True, slots=True)
class Ask:
    """The fields of one indicator.

    Attributes:
        size_label: empty where it is not asked how much is still to come.
        size_hint: what an empty field means.
        is_whole: how much is still to come is counted in whole numbers.
        label: of the performance; empty where nothing can be asked.
        hint: what an empty field means.
        multiplier: what is typed, divided by it, is the exact performance.
        is_share: the performance lies from 0 to 1.
        is_percent: it may be typed with a percent sign.
        may_fall: a number below zero makes sense.
        so_far: one line on where it stands.
    """

    slug: str
    title: str
    question: Question
    so_far: str
    size_label: str
    size_hint: str
    is_whole: bool
    label: str
    hint: str
    multiplier: int
    is_share: bool
    is_percent: bool
    may_fall: bool
    slider: Slider | None


def asks_of(board: Board) -> tuple[Ask, ...]:
    """Word what can be asked of each indicator, in their order."""
    return tuple(_ask(each, board.usual[each.terms.slug]) for each in board.standings)


def _ask(standing: Standing, usual: Fraction) -> Ask:
    definition, question = standing.definition, standing.question
    is_sized = question in (Question.RATE, Question.VALUE)
    return Ask(
        slug=standing.terms.slug,
        title=standing.terms.title,
        question=question,
        so_far=so_far(standing),
        size_label=f"{_capital(to_come(definition))} still to come" if is_sized else "",
        size_hint=f"Empty: {count_text(usual)}, at the pace so far",
        is_whole=standing.is_of_cases,
        label=_label(standing),
        hint=_hint(standing, usual),
        multiplier=definition.printed_multiplier,
        is_share=definition.scoring == "proportion",
        is_percent=unit_text(definition) == "%",
        may_fall=not standing.counts_events,
        slider=_slider(standing, usual),
    )


def so_far(standing: Standing) -> str:
    """Say where an indicator stands: `8.0 %, 424 / 5,279`."""
    if not isinstance(standing.result, Fraction):
        return f"Not scored so far. {standing.result}"
    above, below = standing.parts
    words = result_words(standing, standing.result)
    if standing.question is Question.VALUE:
        return f"{words} so far, of {len(standing.tally.values):,} cases"
    if standing.question is Question.RATE:
        return f"{words} so far, {count_text(above)} / {count_text(below)}"
    return f"{words} so far"


def result_words(standing: Standing, result: Fraction) -> str:
    """Print a result; a milestone in words."""
    if standing.question is Question.REACHED:
        return "Reached" if result else "Not reached"
    return figure(standing.definition, result, standing.terms.compare_places)


def to_come(definition: Definition) -> str:
    """Name what is still to come: cases, line days, expected events."""
    if definition.scoring == "observed_over_expected":
        return "expected events"
    if definition.scoring == "ratio":
        found = _PER.fullmatch(definition.unit)
        return found["noun"] if found else "denominator units"
    return "cases"


def _label(standing: Standing) -> str:
    definition = standing.definition
    unit = unit_text(definition)
    in_unit = f", {unit if unit.startswith('per ') else f'in {unit}'}"
    if definition.unit in _BARE:
        in_unit = ""
    match standing.question:
        case Question.NOTHING:
            return ""
        case Question.REACHED:
            return "By the end of the year"
        case Question.AMOUNT:
            return f"Still to be added{in_unit}"
        case Question.VALUE:
            return f"The value of each of them{in_unit}"
    if definition.scoring == "mean":
        return f"Their average{in_unit}"
    if definition.scoring == "observed_over_expected":
        return "Observed over expected among them"
    return f"Their rate{in_unit}"


def _hint(standing: Standing, usual: Fraction) -> str:
    definition, places = standing.definition, standing.terms.compare_places
    if standing.question is Question.AMOUNT:
        words = figure(definition, usual, places)
        return f"Empty: nothing. At the pace so far it would be {words}"
    if not isinstance(standing.result, Fraction):
        return "Empty: it stays not scored"
    if standing.question is Question.VALUE:
        return (
            f"Empty: as so far. A {definition.scoring} of the rest does not make the year's, so "
            f"one value is asked for all of them"
        )
    words = result_words(standing, standing.result)
    return f"Empty: as so far, {words[:1].lower()}{words[1:]}"


def _slider(standing: Standing, usual: Fraction) -> Slider | None:
    """Span the goals and the result so far, with a margin, within what is possible."""
    if standing.question in (Question.NOTHING, Question.REACHED):
        return None
    terms, multiplier = standing.terms, standing.definition.printed_multiplier
    if standing.question is Question.AMOUNT:
        shown = [Fraction(0), usual * 2, *(tier.goal - standing.parts[0] for tier in terms.tiers)]
        place = Fraction(0)
    else:
        shown = [tier.goal for tier in terms.tiers]
        is_scored = isinstance(standing.result, Fraction)
        place = standing.result if isinstance(standing.result, Fraction) else shown[0]
        shown += [place] if is_scored else []
    margin = (max(shown) - min(shown) or abs(shown[0])) * MARGIN
    low, high = max(min(shown) - margin, Fraction(0)), max(shown) + margin
    if standing.definition.scoring == "proportion":
        high = min(high, Fraction(1))
    places = terms.compare_places

    def typed(value: Fraction) -> str:
        return decimal_text(value * multiplier, places)

    step = decimal_text(Fraction(1, 10**places), places)
    return Slider(typed(low), typed(high), step, typed(place))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
