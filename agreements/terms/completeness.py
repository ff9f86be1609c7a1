"""What a year's terms still lack before they can be locked.

Works on the terms document, so that the page, the lock and a test ask the same question.

Source:
    42 CFR 411.354(d)(1): compensation is set in advance, in detail that can be verified;
    42 CFR 1001.952(d)(2): outcome measures with evidence, signed at or before commencement.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from agreements.allocations.completeness import allocation_gaps
from agreements.components.completeness import component_gaps
from agreements.terms.scoring_plans import NO_INDICATORS, plan_gaps
from comanage.values.money import Money
from comanage.values.period import Period, day_text
from comanage.values.rounding import fraction_from_text
from indicators.measure.criteria import CriteriaError, parse
from indicators.measure.definition import Definition
from indicators.measure.figures import count_text

WHOLE_WEIGHT = 100


def gaps(terms: Mapping[str, Any]) -> list[str]:
    """List, in the user's words, everything that keeps the terms from being locked."""
    has_plan = "scoring_plan" in terms
    found = [
        *pay_gaps(terms),
        *component_gaps(terms),
        *allocation_gaps(terms),
        *(plan_gaps(terms) if has_plan else _weight_gaps(terms)),
    ]
    if not terms["participants"]:
        found.append("The program has no participants. Add at least one physician.")
    for indicator in terms["indicators"]:
        found += _indicator_gaps(indicator, terms["scope"])
        found += () if has_plan else _tier_gaps(indicator)
    return found


def signature_gaps(terms: Mapping[str, Any]) -> list[str]:
    """List what is wrong with the day of signature."""
    signed_on, start = terms["signed_on"], terms["period"]["start"]
    if signed_on is None:
        return ["Give the day on which both parties signed these terms."]
    signed_day, first_day = date.fromisoformat(signed_on), date.fromisoformat(start)
    if signed_day > first_day:
        return [
            (
                f"Signed on {day_text(signed_day)}, after the year began on {day_text(first_day)}. "
                f"Pay must be set before the work it pays for: choose a year that begins on or "
                f"after the signature."
            )
        ]
    return []


def pay_gaps(terms: Mapping[str, Any]) -> list[str]:
    """List what of the pay the opinion does not support."""
    opinion, pay, period = terms["opinion"], terms["pay"], terms["period"]
    fixed, pool = Money.from_dollars(pay["fixed_fee"]), Money.from_dollars(pay["incentive_pool"])
    found = [
        f"The {name} of {amount} is above the opinion's {cap}. Lower it, or file a new opinion."
        for name, amount, cap in (
            ("fixed fee", fixed, Money.from_dollars(opinion["fixed"])),
            ("incentive pool", pool, Money.from_dollars(opinion["incentive"])),
            ("total", fixed + pool, Money.from_dollars(opinion["total"])),
        )
        if amount > cap
    ]
    if opinion["valid_from"] > period["start"] or opinion["valid_until"] < period["end"]:
        validity = Period(
            date.fromisoformat(opinion["valid_from"]), date.fromisoformat(opinion["valid_until"])
        )
        found.append(
            f"The opinion holds from {validity}, not for the whole year. File one that covers it."
        )
    return found


def why_unpayable(definition: Definition) -> str:
    """Say why an indicator may be watched but not paid for; empty where it may be paid for.

    Source:
        42 CFR 411.354(d)(5): no pay that rises with the volume or value of referrals.
    """
    if definition.use != "monitor_only":
        return ""
    return f"“{definition.title}” may be watched but not paid for. {definition.safeguard}".strip()


def without_evidence(definition: Definition) -> str:
    """Say that an indicator names no evidence; empty where it does."""
    if definition.evidence.strip():
        return ""
    return f"“{definition.title}” names no evidence. Add it in the library and use that version."


def _weight_gaps(terms: Mapping[str, Any]) -> list[str]:
    weights = [indicator["weight"] for indicator in terms["indicators"]]
    if not weights:
        return [NO_INDICATORS]
    if sum(weights) != WHOLE_WEIGHT:
        return [f"The weights add up to {sum(weights)}, not {WHOLE_WEIGHT}. Adjust them."]
    return []


def _indicator_gaps(indicator: Mapping[str, Any], scope: str) -> list[str]:
    definition = Definition.from_document(indicator["definition"])
    title = definition.title
    found = list(filter(None, [without_evidence(definition)]))
    if why := why_unpayable(definition):
        found.append(f"{why} Take it out of these terms.")
    if not definition.is_executable:
        found.append(
            f"The logic of “{title}” is not executable here. Write its criteria in the library "
            f"and use that version."
        )
    found += _baseline_gaps(title, indicator["baseline"], scope)
    if scope:
        try:
            parse(scope, definition.columns_by_name)
        except CriteriaError as wrong:
            found.append(f"The scope does not fit “{title}”: {wrong}")
    return found


def _baseline_gaps(title: str, baseline: Mapping[str, Any], scope: str) -> list[str]:
    """Ask for the reason when a baseline is not the one of the year before."""
    found = []
    if baseline["sha256"] and baseline["scope"] != scope:
        found.append(
            f"The baseline of “{title}” was computed for another scope than these terms have. "
            f"Compute it again from history."
        )
    previous = baseline["previous"]
    if (
        previous is None
        or baseline["rebase_reason"].strip()
        or _counts(previous) == _counts(baseline)
    ):
        return found
    found.append(
        f"The baseline of “{title}” is not that of the year before ({_counts_text(previous)}). "
        f"Keep that one, or say why it was rebased."
    )
    return found


def _counts_text(baseline: Mapping[str, Any]) -> str:
    numerator, denominator = _counts(baseline)
    return f"{count_text(numerator)} over {count_text(denominator)}"


def _counts(baseline: Mapping[str, Any]) -> tuple[Fraction, Fraction]:
    numerator, denominator = baseline["numerator"], baseline["denominator"]
    return fraction_from_text(numerator), fraction_from_text(denominator)


def _tier_gaps(indicator: Mapping[str, Any]) -> list[str]:
    definition = Definition.from_document(indicator["definition"])
    every = [indicator["tiers"], *(later["tiers"] for later in indicator["later_goals"])]
    found = [gap for tiers in every for gap in _gaps_of_tiers(definition, tiers)]
    if not indicator["tiers"]:
        found.insert(0, f"“{definition.title}” has no tiers, so it could earn nothing.")
    return found


def _gaps_of_tiers(definition: Definition, tiers: Sequence[Mapping[str, str]]) -> list[str]:
    goals = [fraction_from_text(tier["goal"]) for tier in tiers]
    shares = [fraction_from_text(tier["share"]) for tier in tiers]
    better = sorted(set(goals), reverse=definition.improvement == "decrease")
    if goals != better or shares != sorted(set(shares)):
        return [
            (
                f"The tiers of “{definition.title}” are out of order: each must be harder to reach "
                f"than the one before and earn more."
            )
        ]
    if definition.scoring == "proportion" and any(not 0 <= goal <= 1 for goal in goals):
        return [f"A goal of “{definition.title}” is not between 0 % and 100 %."]
    if shares and shares[-1] > Fraction(1):
        return [f"A tier of “{definition.title}” earns more than the whole."]
    return []
