"""Exhibit C: every indicator as the terms define it, in plain words, with its goals. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from agreements.drafting.document import Block, Heading, Paragraph, Table
from agreements.drafting.facts import Draft, Terms
from agreements.drafting.words import iso_period, legal_period
from agreements.terms.completeness import WHOLE_WEIGHT
from agreements.terms.outcomes import outcome_class
from comanage.values.money import Money, split_by_weight
from comanage.values.rounding import fraction_from_text
from indicators.library.vocabulary import (
    DATA_GRAINS,
    IMPROVEMENTS,
    OBP_CLASSES,
    spoken,
)
from indicators.library.wording import (
    criterion_in_words,
    definition_in_words,
    result_in_words,
)
from indicators.measure.criteria import CriteriaError
from indicators.measure.definition import Definition
from indicators.measure.figures import (
    benchmark_in_words,
    count_text,
    exact_figure,
    figure,
    trimmed,
    unit_text,
)

PERCENT = 100
_OURS = re.compile(r"\b([Oo])ur (own )?(?:plain )?(definition|criteria|reading|choices?)\b")
_ELSEWHERE = ": see the limitations."  # they stand in the library, and not on the paper
Indicator = Mapping[str, Any]


def measures(draft: Draft) -> Iterator[Block]:
    """Print the measurement year, the scope, the plan where there is one, and each indicator."""
    terms = draft.terms
    yield Paragraph(f"The first Measurement Year is {legal_period(iso_period(terms['period']))}.")
    if not terms["indicators"]:
        yield Paragraph("No Indicator is agreed on yet.")
        return
    if terms["scope"]:
        yield Paragraph(_scope(terms))
    yield from _overview(terms)
    for section in draft.plan:
        yield Heading(section.title)
        yield from (Paragraph(sentence) for sentence in section.sentences)
    for place, indicator in enumerate(terms["indicators"]):
        yield from _indicator(place, indicator, terms)


def parts_of_pool(terms: Terms) -> list[Money]:
    """Divide the pool over the indicators by their weights, as the scoring does; else nothing.

    Weights that do not add up yet divide nothing: the terms cannot be locked so.
    """
    weights = [each.get("weight", 0) for each in terms["indicators"]]
    if sum(weights) != WHOLE_WEIGHT:
        return []
    return split_by_weight(Money.from_dollars(terms["pay"]["incentive_pool"]), weights)


def _scope(terms: Terms) -> str:
    """Say which cases belong to the program, in words and as the rule that is applied."""
    written = terms["scope"]
    for indicator in terms["indicators"]:
        try:
            words = criterion_in_words(written, Definition.from_document(indicator["definition"]))
        except CriteriaError:
            continue
        return f"A case belongs to the service line when {words}. As a rule: {written}"
    return f"A case belongs to the service line by this rule: {written}"


def _overview(terms: Terms) -> Iterator[Block]:
    """Set the weights and their parts of the pool beside each other, where weights pay."""
    parts = parts_of_pool(terms)
    if not parts:
        return
    rows = [
        (each["definition"]["title"], str(each["weight"]), str(part))
        for each, part in zip(terms["indicators"], parts, strict=True)
    ]
    pool = Money.from_dollars(terms["pay"]["incentive_pool"])
    yield Table(
        "Indicators, weights and parts of the pool",
        ("Indicator", "Weight of 100", "Part of the pool, at most"),
        (*rows, ("All", str(WHOLE_WEIGHT), str(pool))),
        numbers=(1, 2),
        has_total=True,
    )


def _indicator(place: int, indicator: Indicator, terms: Terms) -> Iterator[Block]:
    definition = Definition.from_document(indicator["definition"])
    places = indicator["compare_places"]
    yield Heading(f"C-{place + 1}. {definition.title}")
    if definition.description:
        yield Paragraph(definition.description)
    yield Table(f"{definition.title}: definition", (), tuple(_definition(definition, indicator)))
    yield Table(f"{definition.title}: baseline", (), tuple(_basis(definition, indicator)))
    if indicator["tiers"]:
        parts = parts_of_pool(terms)
        part = parts[place] if parts else None
        yield _goals(definition, indicator["tiers"], places, part)
    for later in indicator["later_goals"]:
        yield Paragraph(
            f"Goals with which the draft of Measurement Year {later['year']} begins: "
            f"{_goals_in_words(definition, later['tiers'], places)}. They pay nothing before "
            f"both parties have signed them for that year."
        )


def _definition(definition: Definition, indicator: Indicator) -> Iterator[tuple[str, str]]:
    for part in definition_in_words(definition):
        words, rule = _sentence(part.words), _sentence(part.in_english)
        # Where no criterion restricts it, the agreed words say so already.
        says_more = part.criterion and rule.casefold() != words.casefold()
        yield part.name, f"{words} {rule}" if words and says_more else words or rule
    yield "Result", result_in_words(definition)
    yield "Better", f"{IMPROVEMENTS[definition.improvement]}."
    grain = definition.governance.get("data_grain")
    if grain:
        yield "Data", f"{spoken(DATA_GRAINS, grain)}."
    if indicator.get("data_source"):
        yield "Source of the data", _sentence(indicator["data_source"])
    if definition.evidence:
        yield "Evidence", in_their_words(definition.evidence)
    if definition.source:
        yield "Source of the definition", in_their_words(definition.source)
    if definition.safeguard:
        yield "Safeguard", definition.safeguard
    yield "Kind of measure", f"{spoken(OBP_CLASSES, outcome_class(indicator))}."
    benchmark = benchmark_in_words(definition)
    if benchmark:
        yield "What others reach", benchmark


def _basis(definition: Definition, indicator: Indicator) -> Iterator[tuple[str, str]]:
    baseline, places = indicator["baseline"], indicator["compare_places"]
    numerator, denominator = (
        fraction_from_text(baseline[part]) for part in ("numerator", "denominator")
    )
    rate = figure(definition, numerator / denominator, places)
    counts = f"{count_text(numerator)} over {count_text(denominator)}"
    period = baseline["period"]
    days = f", {legal_period(iso_period(period))}" if period else ""
    yield "Baseline", f"{rate} ({counts}{days}). {_sentence(baseline['source'])}"
    if baseline["rebase_reason"]:
        yield "Why the baseline is new", baseline["rebase_reason"]
    yield "Fewest cases", f"{indicator['minimum_cases']}; with fewer there is no Result."
    if "weight" in indicator:
        unit = "percentage" if unit_text(definition) == "%" else "value"
        kept = "1 decimal" if places == 1 else f"{places} decimals"
        yield "Compared with goals", f"With {kept} of the {unit}, halves upward."
    yield "Version", f"{indicator['version']}, SHA-256 {indicator['definition_sha256']}"


def _goals(
    definition: Definition, tiers: Sequence[Mapping[str, str]], places: int, part: Money | None
) -> Table:
    rows = tuple(
        (
            tier["name"],
            exact_figure(definition, fraction_from_text(tier["goal"]), places),
            _percent(fraction_from_text(tier["share"])),
            str(part.times(fraction_from_text(tier["share"]))) if part else "",
        )
        for tier in tiers
    )
    head = ("Goal", "Reached at", "Earns of its part", "Dollars")
    about = f"{definition.title}: goals"
    if part is None:
        return Table(about, head[:3], tuple(row[:3] for row in rows), numbers=(1, 2))
    return Table(about, head, rows, numbers=(1, 2, 3))


def _goals_in_words(definition: Definition, tiers: Sequence[Mapping[str, str]], places: int) -> str:
    return "; ".join(
        f"{tier['name']} {exact_figure(definition, fraction_from_text(tier['goal']), places)}"
        for tier in tiers
    )


def _percent(share: Fraction) -> str:
    return f"{trimmed(share * PERCENT, 0)} %"


def in_their_words(text: str) -> str:
    """Say as a contract does what the library calls its own: there it is of the parties.

    Other words stay: a hospital that writes "our registry" into a definition means its own.
    """
    return _OURS.sub(_theirs, text).replace(_ELSEWHERE, ".")


def _theirs(found: re.Match[str]) -> str:
    article = "The" if found[1] == "O" else "the"
    return f"{article} parties\u2019 {found[2] or ''}{found[3]}"


def _sentence(words: str) -> str:
    """End words with a full stop, where they have no end of their own."""
    words = words.strip()
    return words if not words or words[-1] in ".!?:" else f"{words}."
