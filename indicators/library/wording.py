"""A definition as a person reads it: each population in words and in criteria."""

from collections.abc import Mapping
from dataclasses import dataclass

from comanage.values.rounding import fraction_from_text
from indicators.library.vocabulary import NUMERATOR_FROM, PERCENTILE_METHODS
from indicators.measure.criteria import parse, to_english
from indicators.measure.definition import Definition
from indicators.measure.populations import CRITERIA, NUMBERS

_WHEN_EMPTY = {"initial_population": "Every case.", "denominator": "All of the initial population."}
_PERCENT, _THOUSAND = 100, 1_000
_TIMES: Mapping[int, str] = {1: "", _PERCENT: ", in percent", _THOUSAND: ", per 1,000"}
_METHODS: Mapping[str, str] = {
    "linear": "percentile_cont of SQL, Hyndman-Fan 7",
    "nearest_rank": "percentile_disc of SQL, Hyndman-Fan 1",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One population: its name, the agreed words, the criterion and the criterion in words."""

    name: str
    words: str
    criterion: str
    in_english: str


def definition_in_words(definition: Definition) -> list[Part]:
    """List what the definition uses: the populations as they are asked, then the numbers."""
    return [
        *(_population(definition, name) for name in CRITERIA if _is_used(definition, name)),
        *(_number(definition, name) for name in NUMBERS if getattr(definition, name)),
        *_settings(definition),
    ]


def result_in_words(definition: Definition) -> str:
    """Say in one sentence what the result is, and in what it is printed."""
    if definition.data == "aggregates":
        made = "Sum of the numerators over sum of the denominators"
    else:
        made = _RESULTS[definition.scoring]
    if definition.scoring == "percentile":
        made = f"{percentile_in_words(definition)} of the observed values"
    if definition.scoring in _IN_UNIT:
        return f"{made}, in {definition.unit}."
    times = definition.printed_multiplier
    return f"{made}{_TIMES.get(times, f', times {times:,}')}."


def percentile_in_words(definition: Definition) -> str:
    """Name the percentile: `90th percentile`."""
    share = definition.percentile_share * _PERCENT
    if share.denominator != 1:
        return f"Percentile at {definition.percentile}"
    number = share.numerator
    ends = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if number % _PERCENT in (11, 12, 13) else ends.get(number % 10, "th")
    return f"{number}{ending} percentile"


def criterion_in_words(text: str, definition: Definition) -> str:
    """Say a criterion over a definition's columns in words; an empty one says nothing."""
    columns = definition.columns_by_name
    return to_english(parse(text, columns), columns) if text else ""


_IN_UNIT = frozenset({"mean", "median", "percentile", "sum"})
_RESULTS: Mapping[str, str] = {
    "proportion": "Numerator over eligible cases",
    "ratio": "Sum of the numerator over sum of the denominator",
    "mean": "Mean of the observed values",
    "median": "Median of the observed values",
    "percentile": "Percentile of the observed values",
    "sum": "Sum of the observed values",
    "observed_over_expected": "Observed events over expected events",
    "count": "Number of cases in the numerator",
    "milestone": "Reached or not: reached by one case of the numerator with its evidence",
}


def _is_used(definition: Definition, name: str) -> bool:
    return bool(getattr(definition, name)) or name in _WHEN_EMPTY


def _population(definition: Definition, name: str) -> Part:
    text = getattr(definition, name)
    english = _WHEN_EMPTY.get(name, "")
    if text:
        english = to_english(definition.criteria[name], definition.columns_by_name)
    return Part(_label(name), definition.plain.get(name, ""), text, english)


def _number(definition: Definition, name: str) -> Part:
    english = to_english(definition.numbers[name], definition.columns_by_name)
    words = definition.plain.get(name, "")
    return Part(_label(name), words, getattr(definition, name), english)


def _settings(definition: Definition) -> list[Part]:
    """Say the settings that change the result, where the definition uses them."""
    parts = []
    if definition.expected_rate:
        parts.append(_said("Expected", f"{_rate(definition)} of the eligible cases."))
    if definition.scoring in ("median", "percentile"):
        method = definition.percentile_method
        words = f"{PERCENTILE_METHODS[method]} ({_METHODS[method]})."
        parts.append(_said(percentile_in_words(definition), words))
    if definition.numerator_from != "denominator":
        parts.append(_said("Numerator is drawn from", f"{NUMERATOR_FROM['initial_population']}."))
    if definition.evidence_column:
        label = definition.columns_by_name[definition.evidence_column].label
        parts.append(_said("Evidence needed", f"A milestone counts once {label} is filled in."))
    return parts


def _rate(definition: Definition) -> str:
    """Print the published rate as it was written, and as a fraction where it was not."""
    written = definition.expected_rate
    exact = fraction_from_text(written)
    fraction = f"{exact.numerator}/{exact.denominator}"
    return written if written == fraction else f"{written} ({fraction})"


def _said(name: str, words: str) -> Part:
    return Part(name, "", "", words)


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()
