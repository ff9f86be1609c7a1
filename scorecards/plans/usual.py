"""The results that a plan is tried with first: the year before, or else the baseline. Pure."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from indicators.measure.definition import Definition
from indicators.measure.figures import trimmed, unit_text
from scorecards.whatif.designing import EarlierYear, pasts_of


def usual_results(terms: Mapping[str, Any], before: EarlierYear | None) -> dict[str, str]:
    """Write what each indicator was, as it is typed; empty where it was not scored."""
    pasts = pasts_of(terms, before)
    return {
        each["slug"]: _typed(
            Definition.from_document(each["definition"]), pasts[each["slug"]].result
        )
        for each in terms["indicators"]
    }


def _typed(definition: Definition, result: object) -> str:
    if not isinstance(result, Fraction):
        return ""
    sign = "%" if unit_text(definition) == "%" else ""
    return f"{trimmed(result * definition.printed_multiplier, 0)}{sign}"
