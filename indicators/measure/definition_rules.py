"""What the fields of a definition may say, apart from the criteria's own grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, get_args

from comanage.values.rounding import NumberTextError, fraction_from_text
from indicators.measure.columns import ColumnType
from indicators.measure.definition_document import Problem, known_names
from indicators.measure.populations import POPULATIONS
from indicators.measure.scoring import (
    SPECIAL,
    Data,
    Fields,
    NumeratorFrom,
    PercentileMethod,
    Scoring,
    fields_of,
)

if TYPE_CHECKING:
    from indicators.measure.definition import Definition

LONGEST_SLUG = 80
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "scoring": get_args(Scoring),
    "data": get_args(Data),
    "numerator_from": get_args(NumeratorFrom),
    "percentile_method": get_args(PercentileMethod),
    "improvement": ("increase", "decrease"),
    "obp_class": ("quality", "payor_cost", "internal_saving", "satisfaction", "operational"),
    "use": ("incentive", "monitor_only"),
}
_UNUSED = ("", "denominator", "linear")


def shape_problems(definition: Definition) -> Iterator[Problem]:
    """Yield what is wrong, before any criterion is read."""
    if not _SLUG.fullmatch(definition.slug) or len(definition.slug) > LONGEST_SLUG:
        yield Problem("slug", "Use small letters, digits and single hyphens: readmission-30-day.")
    for name in ("title", "unit"):
        if not getattr(definition, name).strip():
            yield Problem(name, "This field must not be empty.")
    chosen_badly = [
        Problem(name, f"Choose one of: {', '.join(allowed)}.")
        for name, allowed in _CHOICES.items()
        if getattr(definition, name) not in allowed
    ]
    yield from chosen_badly
    for name in definition.plain:
        if name not in POPULATIONS:
            yield Problem(
                f"plain.{name}", f"There is no such population. {known_names(POPULATIONS)}"
            )
    yield from _column_problems(definition)
    if not chosen_badly:
        yield from _scoring_problems(definition)
        yield from _number_problems(definition)


def _scoring_problems(definition: Definition) -> Iterator[Problem]:
    """Check that the filled fields fit the way of scoring."""
    if definition.data == "aggregates" and definition.scoring != "proportion":
        yield Problem(
            "data",
            "Only a proportion is made of aggregates. For sums over sums choose the scoring "
            "ratio, for expected events observed_over_expected.",
        )
        return
    known = fields_of(definition.scoring, definition.data)
    spoken = definition.scoring.replace("_", " ")
    if definition.data == "aggregates":
        spoken = "proportion of aggregates"
    yield from _unfit(definition, known, spoken)
    if not definition.foreign:
        yield from _absent(definition, known, spoken)


def _unfit(definition: Definition, known: Fields, spoken: str) -> Iterator[Problem]:
    for name in sorted(SPECIAL - known.known):
        if getattr(definition, name) not in _UNUSED:
            yield Problem(name, f"A {spoken} has no {name.replace('_', ' ')}.")
    for group in known.either:
        if sum(bool(getattr(definition, name)) for name in group) > 1:
            yield Problem(group[0], f"A {spoken} takes one of {' or '.join(group)}, not both.")


def _absent(definition: Definition, known: Fields, spoken: str) -> Iterator[Problem]:
    for name in known.needed:
        if not getattr(definition, name):
            yield Problem(name, f"A {spoken} needs this field.")
    for group in known.either:
        if not any(getattr(definition, name) for name in group):
            yield Problem(group[0], f"A {spoken} needs {' or '.join(group)}.")


def _number_problems(definition: Definition) -> Iterator[Problem]:
    """Check the two numbers that are written in the definition itself."""
    if definition.percentile and not _is_between(definition.percentile, Fraction(1)):
        yield Problem("percentile", "Write a share between 0 and 1, such as 0.9.")
    if definition.expected_rate and not _is_between(definition.expected_rate, None):
        yield Problem("expected_rate", "Write a rate above 0, such as 0.085, 8.5% or 53/660.")


def _is_between(text: str, end: Fraction | None) -> bool:
    try:
        number = fraction_from_text(text)
    except NumberTextError:
        return False
    return number > 0 and (end is None or number < end)


def _column_problems(definition: Definition) -> Iterator[Problem]:
    """Find columns named twice, and columns that are named elsewhere and not declared."""
    names = [column.name.lower() for column in definition.columns]
    for place, name in enumerate(names):
        if name in names[:place]:
            shown = definition.columns[place].name
            yield Problem(f"columns[{place}]", f"There are two columns “{shown}”.")
    codes = {c.name for c in definition.columns if c.type is ColumnType.CODE}
    if definition.evidence_column and definition.evidence_column not in codes:
        yield Problem("evidence_column", "Name a declared column of the type code.")
    declared = {column.name for column in definition.columns}
    for place, example in enumerate(definition.deck):
        for name in sorted(set(example.case) - declared):
            yield Problem(f"deck[{place}]", f"There is no column “{name}”.")
