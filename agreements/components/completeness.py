"""What further parts of the pay still lack before the terms can be locked.

Works on the terms document. A year without such parts lacks nothing here.

Source:
    42 CFR 411.354(d)(1): compensation is set in advance; 42 CFR 411.357(c), (d)(1): it is
    consistent with fair market value, and a bonus rests on services performed personally.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

from comanage.values.money import Money
from comanage.values.period import Period
from comanage.values.rounding import fraction_from_text

NAMES = {
    "hourly": "Duties by the hour",
    "salary": "Salary",
    "wrvu": "Pay by wRVU",
    "savings": "Shared savings",
}
FITS = {
    "co_management": frozenset({"hourly", "savings"}),
    "psa": frozenset({"wrvu", "savings"}),
    "employment": frozenset({"salary", "wrvu"}),
}
_MODELS = {
    "co_management": "Co-management pays a fixed fee or duties by the hour, an incentive, and a "
    "share of savings",
    "psa": "A professional services agreement pays by wRVU, an incentive, and a share of savings",
    "employment": "Employment pays a salary, by wRVU, and an incentive",
}
MINUTES_AN_HOUR = 60

Component = Mapping[str, Any]


def component_gaps(terms: Mapping[str, Any]) -> list[str]:
    """List, in the user's words, what keeps the parts of the pay from being locked."""
    components = terms.get("components", [])
    if not components:
        return []
    found = [*_model_gaps(terms, components), *_overlaps(components)]
    for component in components:
        found += _gaps(component, terms)
    return [*found, *_cap_gaps(terms, components)]


def misfit(kind: str, model: str) -> str:
    """Say why a kind of pay does not fit an arrangement; empty when it does."""
    if kind in FITS[model]:
        return ""
    return (
        f"{NAMES[kind]} does not fit this arrangement. {_MODELS[model]}; what else a physician "
        "is paid for has an agreement of its own."
    )


def in_a_sentence(name: str) -> str:
    """Write a name as it stands inside a sentence: `pay by wRVU`."""
    return name[:1].lower() + name[1:]


def most_minutes(component: Component, period: Period) -> int:
    """Return the most minutes that the caps let be paid in a year, in the days in effect."""
    in_effect = in_effect_of(component)
    months, quarters = (
        sum(part.overlaps(in_effect) for part in parts)
        for parts in (period.months(), period.quarters())
    )
    bounds: tuple[tuple[int | None, int], ...] = (
        (component["month_cap"], months),
        (component["quarter_cap"], quarters),
        (component["year_cap"], 1),
    )
    return min(cap * times for cap, times in bounds if cap is not None)


def most_dollars(component: Component, period: Period) -> Money | None:
    """Return the most that a part can come to in a year; None where work alone bounds it."""
    if component["kind"] == "hourly":
        minutes = most_minutes(component, period)
        return Money.from_dollars(component["rate"]).times(Fraction(minutes, MINUTES_AN_HOUR))
    if component["kind"] == "salary":
        in_effect = in_effect_of(component)
        days = min(in_effect.end, period.end) - max(in_effect.start, period.start)
        part = Fraction(max(days.days, 0), period.days)
        return Money.from_dollars(component["amount"]).times(part)
    return None


def in_effect_of(component: Component) -> Period:
    """Read the days on which a part is in effect."""
    return Period(date.fromisoformat(component["start"]), date.fromisoformat(component["end"]))


def period_of(terms: Mapping[str, Any]) -> Period:
    """Read the year of the terms."""
    ends = terms["period"]
    return Period(date.fromisoformat(ends["start"]), date.fromisoformat(ends["end"]))


def _model_gaps(terms: Mapping[str, Any], components: list[Component]) -> Iterator[str]:
    model = terms["program"]["alignment_model"]
    for kind in sorted({component["kind"] for component in components} - FITS[model]):
        yield misfit(kind, model)
    if model != "co_management" and Money.from_dollars(terms["pay"]["fixed_fee"]) > Money(0):
        yield f"A fixed fee does not fit this arrangement. {_MODELS[model]}."


def _overlaps(components: list[Component]) -> Iterator[str]:
    """Find work that would be paid twice: two parts of a kind, for one payee, on one day."""
    for one, other in combinations(components, 2):
        is_same = one["kind"] == other["kind"] and one["payee"] == other["payee"]
        if one["kind"] == "hourly":
            is_same = is_same and one["label"] == other["label"]
        if is_same and in_effect_of(one).overlaps(in_effect_of(other)):
            yield (
                f"“{other['label']}” is there twice for the same days and the same payee. Let one "
                "end before the other begins, or take one out."
            )


def _gaps(component: Component, terms: Mapping[str, Any]) -> Iterator[str]:
    label, period = component["label"], period_of(terms)
    in_effect = in_effect_of(component)
    if not period.covers(in_effect):
        yield f"“{label}” is in effect {in_effect}, not within {period}. Adjust its days."
    taking_part = {participant["npi"] for participant in terms["participants"]}
    if component["payee"] and component["payee"]["npi"] not in taking_part:
        yield f"“{label}” pays a physician who takes no part in the program. Add them first."
    if component["kind"] == "wrvu":
        yield from _wrvu_gaps(component, terms)
    elif component["kind"] == "hourly":
        yield from _hourly_gaps(component, terms)
    elif component["kind"] == "savings" and in_effect != period:
        yield f"“{label}” is about a whole year and the one before. Let it be in effect {period}."


def _hourly_gaps(component: Component, terms: Mapping[str, Any]) -> Iterator[str]:
    label, given = component["label"], terms["opinion"].get("hourly_range")
    if given is None:
        yield (
            f"The opinion does not say what an hour of “{label}” is worth. File one that gives its "
            "range."
        )
        return
    low, high = Money.from_dollars(given["low"]), Money.from_dollars(given["high"])
    rate = Money.from_dollars(component["rate"])
    if not low <= rate <= high:
        yield (
            f"“{label}” pays {rate} an hour, outside the opinion's {low} to {high}. Adjust it, or "
            "file a new opinion."
        )


def _wrvu_gaps(component: Component, terms: Mapping[str, Any]) -> Iterator[str]:
    label, rungs = component["label"], component["rungs"]
    marks = [fraction_from_text(rung["above"]) for rung in rungs]
    if any(above >= following for above, following in pairwise(marks)):
        yield f"The rates of “{label}” are out of order: each begins above the one before."
    given = terms["opinion"].get("wrvu_range")
    if given is None:
        yield f"The opinion does not say what a wRVU of “{label}” is worth. File one that does."
        return
    high = fraction_from_text(given["high"])
    if any(fraction_from_text(rung["rate"]) > high for rung in rungs):
        yield (
            f"“{label}” pays more for a wRVU than the opinion's range supports. Lower the rate, or "
            "file a new opinion."
        )


def _cap_gaps(terms: Mapping[str, Any], components: list[Component]) -> Iterator[str]:
    """Hold what can be known in advance against the caps; the engine holds the rest."""
    opinion, period = terms["opinion"], period_of(terms)
    caps = opinion.get("caps", {})
    most = {kind: Money(0) for kind in NAMES}
    for component in components:
        most[component["kind"]] += most_dollars(component, period) or Money(0)
    for kind in sorted({component["kind"] for component in components}):
        if kind not in caps:
            yield (
                f"The opinion says nothing about {in_a_sentence(NAMES[kind])}. File one that caps "
                "every part of the pay."
            )
        elif most[kind] > (cap := Money.from_dollars(caps[kind])):
            yield (
                f"{NAMES[kind]} can come to {most[kind]}, above the opinion's {cap}. Lower it, or "
                "file a new opinion."
            )
    pay = terms["pay"]
    flat = Money.from_dollars(pay["fixed_fee"]) + Money.from_dollars(pay["incentive_pool"])
    total = sum(most.values(), flat)
    if total > (cap := Money.from_dollars(opinion["total"])):
        yield (
            f"All parts together can come to {total}, above the opinion's {cap}. Lower them, or "
            "file a new opinion."
        )
