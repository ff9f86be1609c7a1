"""Where a scoring plan can begin: a usual design, filled in with the year's own terms. Pure.

Every start can be saved as it stands; it is there to be changed. The standard tiers come first:
the rows of the terms, written as a plan that pays the same to the cent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from comanage.values.rounding import exact_text, fraction_from_text
from indicators.measure.definition import Definition
from indicators.measure.figures import unit_text
from indicators.measure.scoring import PERCENT
from scorecards.plans.supplies import INCENTIVE_POOL
from scorecards.scoring.plans.reading import SCHEMA
from scorecards.scoring.plans.trail import decimal_of

Terms = Mapping[str, Any]
Document = dict[str, Any]
TEN = Fraction(10)
BONUS_POINTS = 20
GATE_CLOSED = "50%"
PENALTY_AT_MOST = "3%"
_PERCENTILES = (50, 75, 90, 95, 99)
_DOMAINS = {
    "quality": "Quality",
    "payor_cost": "Cost to payors",
    "internal_saving": "Savings of the hospital",
    "satisfaction": "Satisfaction",
    "operational": "Operations",
}


@dataclass(frozen=True, slots=True)
class Start:
    """A usual design.

    Attributes:
        make: fills it in with the terms of a year, as they are without a plan.
    """

    title: str
    words: str
    make: Callable[[Terms], Document]


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What the rows of the terms say of one indicator; goals from the easiest to the hardest."""

    definition: Definition
    weight: int
    minimum_cases: int
    places: int
    baseline: Fraction
    goals: tuple[tuple[str, Fraction, Fraction], ...]

    @property
    def first(self) -> Fraction:
        """The easiest goal; the baseline where there is none."""
        return self.goals[0][1] if self.goals else self.baseline

    @property
    def last(self) -> Fraction:
        """The hardest goal; the baseline where there is none."""
        return self.goals[-1][1] if self.goals else self.baseline

    @property
    def threshold(self) -> Fraction:
        """Where achievement begins: the easiest goal of several, else the baseline."""
        return self.first if len(self.goals) > 1 else self.baseline

    def is_better(self, value: Fraction, than: Fraction) -> bool:
        """Say whether a value is strictly better than another."""
        return value > than if self.definition.improvement == "increase" else value < than

    @property
    def is_milestone(self) -> bool:
        """Whether it is reached or not, whatever the design."""
        return self.definition.scoring == "milestone"

    def number(self, value: Fraction) -> str:
        """Write a goal as people do: 8.5% of a proportion, else a decimal or a fraction."""
        if unit_text(self.definition) == "%":
            percent = decimal_of(value * PERCENT)
            if Fraction(percent) == value * PERCENT:
                return f"{percent}%"
        return _exact(value)


def starting_plan(kind: str, terms: Terms) -> Document:
    """Begin a plan of a kind.

    Args:
        kind: a key of `STARTS`; any other begins with the standard tiers.
        terms: of the year, with weights and tiers.
    """
    return STARTS.get(kind, STARTS["tiers"]).make(terms)


def with_all_indicators(document: Document, terms: Terms) -> Document:
    """Add the indicators that were agreed after the plan was written, as standard tiers."""
    held = {each.get("slug") for each in document.get("indicators", ())}
    domains = document.get("domains") or [{}]
    added = []
    for each in map(_agreed, terms["indicators"]):
        if each.definition.slug not in held:
            domain = domains[0].get("slug", "")
            added.append(_indicator(each, _tiers(each, Fraction(1)), domain=domain))
    return {**document, "indicators": [*document.get("indicators", ()), *added]}


def _agreed(indicator: Mapping[str, Any]) -> _Agreed:
    baseline = indicator["baseline"]
    above, below = (fraction_from_text(baseline[part]) for part in ("numerator", "denominator"))
    return _Agreed(
        Definition.from_document(indicator["definition"]),
        indicator.get("weight", 1),
        indicator["minimum_cases"],
        indicator["compare_places"],
        above / below,
        tuple(
            (tier["name"], fraction_from_text(tier["goal"]), fraction_from_text(tier["share"]))
            for tier in indicator["tiers"]
        ),
    )


def _exact(value: Fraction) -> str:
    text = decimal_of(value)
    return text if Fraction(text) == value else exact_text(value)


def _share(value: Fraction) -> str:
    percent = decimal_of(value * PERCENT)
    return f"{percent}%" if Fraction(percent) == value * PERCENT else exact_text(value)


def _indicator(
    each: _Agreed,
    method: Document,
    *,
    domain: str = "",
    weight: str | None = None,
    points: str = "",
) -> Document:
    """Write an indicator; its rule for small numbers and its rounding are those of the terms."""
    unit = Fraction(1, 10**each.places * each.definition.printed_multiplier)
    return {
        "slug": each.definition.slug,
        "title": each.definition.title,
        "improvement": each.definition.improvement,
        **({"domain": domain} if domain else {}),
        **({} if weight == "" or domain else {"weight": weight or str(each.weight)}),
        **({"points": points} if points else {}),
        "small_numbers": {"minimum_cases": each.minimum_cases, "rule": "not_scored"},
        "round_result": {"to": _exact(unit)},
        "method": method,
    }


def _plan(terms: Terms, title: str, indicators: list[Document], **parts: Any) -> Document:
    rule = terms["missing_rule"]
    return {
        "schema": SCHEMA,
        "title": f"{terms['program']['name']}: {title}"[:200],
        "weights_add_up_to": "100",
        "missing": {"indicators": rule},
        "indicators": indicators,
        "pay": [_pool("indicator")],
    } | parts


def _pool(by: str, **more: Any) -> Document:
    amount = {"input": INCENTIVE_POOL}
    return {"name": "incentive", "kind": "pool", "amount": amount, "by": by, **more}


def _paid_pool(by: str, **more: Any) -> Document:
    return {
        "inputs": [{"name": INCENTIVE_POOL, "of": "organization"}],
        "pay": [_pool(by, **more)],
    }


def _tiers(each: _Agreed, points: Fraction, kind: str = "steps") -> Document:
    tiers = [
        {"name": name, "goal": each.number(goal), "earns": _share(share) if points == 1
         else _exact(share * points)}
        for name, goal, share in each.goals
    ]  # fmt: skip
    return {"kind": kind, "tiers": tiers}


def _standard(terms: Terms) -> Document:
    found = [_indicator(each, _tiers(each, Fraction(1))) for each in _all(terms)]
    return _plan(terms, "tiers", found, **_paid_pool("indicator"))


def _all(terms: Terms) -> list[_Agreed]:
    return [_agreed(each) for each in terms["indicators"]]


def _by_line(terms: Terms) -> Document:
    found = [
        _indicator(each, _tiers(each, Fraction(1), "steps" if each.is_milestone else "line"))
        for each in _all(terms)
    ]
    return _plan(terms, "straight lines between goals", found, **_paid_pool("indicator"))


def _points(terms: Terms) -> Document:
    """Points by domain: the classes of the indicators are the domains."""
    agreed = _all(terms)
    classes = [name for name in _DOMAINS if any(e.definition.obp_class == name for e in agreed)]
    domains = [
        {
            "slug": name.replace("_", "-"),
            "title": _DOMAINS[name],
            "weight": str(sum(e.weight for e in agreed if e.definition.obp_class == name)),
            "score": "earned_of_available",
        }
        for name in classes
    ]
    found = [
        _indicator(
            each,
            _achievement(each),
            domain=each.definition.obp_class.replace("_", "-"),
            points="10",
        )
        for each in agreed
    ]
    missing = {"indicators": terms["missing_rule"], "domains": terms["missing_rule"]}
    return _plan(
        terms, "achievement and improvement", found, domains=domains, missing=missing,
        **_paid_pool("domain"),
    )  # fmt: skip


def _achievement(each: _Agreed) -> Document:
    if each.is_milestone or not each.is_better(each.last, each.threshold):
        return _tiers(each, TEN)
    ends = {"threshold": each.number(each.threshold), "benchmark": each.number(each.last)}
    return {"kind": "achievement_improvement", **ends}


def _linked(terms: Terms) -> Document:
    """The domain with the most indicators that can be linked gets the bonus."""
    plan = _points(terms)
    by_slug = {each.definition.slug: each for each in _all(terms)}
    best: list[Document] = []
    for domain in plan["domains"]:
        held = [e for e in plan["indicators"] if e["domain"] == domain["slug"]]
        positions = [_position(by_slug[e["slug"]]) for e in held if "threshold" in e["method"]]
        positions = [each for each in positions if each["floor"] != each["threshold"]]
        if len(positions) > len(best):
            best, chosen = positions, domain
    if best:
        chosen["bonus"] = {
            "kind": "weakest_link",
            "points": str(BONUS_POINTS),
            "plus": "-0.5",
            "round": {"to": "1"},
            "positions": best,
        }
    return plan


def _position(each: _Agreed) -> Document:
    is_below = each.is_better(each.threshold, each.baseline)
    threshold = each.threshold if is_below else each.last
    return {
        "indicator": each.definition.slug,
        "floor": each.number(each.baseline),
        "threshold": each.number(threshold),
    }


def _percentiles(terms: Terms) -> Document:
    found = [_indicator(each, _ladder(each)) for each in _all(terms)]
    return _plan(terms, "percentile ladder", found, **_paid_pool("indicator"))


def _ladder(each: _Agreed) -> Document:
    if each.is_milestone or not each.goals:
        return _tiers(each, Fraction(1))
    rungs = list(zip(_PERCENTILES, each.goals, strict=False))
    return {
        "kind": "percentiles",
        "cutoffs": [{"percentile": str(p), "value": each.number(g)} for p, (_, g, _s) in rungs],
        "bands": {
            "tiers": [
                {"name": f"P{p}", "goal": str(p), "earns": _share(s)} for p, (_, _g, s) in rungs
            ]
        },
    }


def _bands(terms: Terms) -> Document:
    found = [_indicator(each, _band(each)) for each in _all(terms)]
    return _plan(terms, "target bands", found, **_paid_pool("indicator"))


def _band(each: _Agreed) -> Document:
    if each.is_milestone:
        return _tiers(each, Fraction(1))
    other = each.last if len(each.goals) > 1 else each.baseline
    low, high = sorted((each.first, other))
    margin = abs(each.baseline - each.first)
    return {
        "kind": "band",
        "low": each.number(low),
        "high": each.number(high),
        **({"margin": each.number(margin)} if margin else {}),
    }


def _gated(terms: Terms) -> Document:
    plan = _standard(terms)
    plan["title"] = f"{terms['program']['name']}: floor and gate"[:200]
    agreed = _all(terms)
    if agreed:
        first = agreed[0]
        side = "at_least" if first.definition.improvement == "increase" else "at_most"
        reads = {"indicator": first.definition.slug, "as": "value"}
        gate = {"reads": reads, side: first.number(first.first), "closed": GATE_CLOSED}
        name = f"Floor of {first.definition.title}"
        plan["adjustments"] = [{"name": name, "to": {"total": True}, "gate": gate}]
    return plan | _paid_pool("total")


def _penalty(terms: Terms) -> Document:
    found = []
    for each in _all(terms):
        reference = "1" if each.is_milestone else each.number(each.baseline)
        weight = _share(Fraction(each.weight, PERCENT))
        found.append(_indicator(each, {"kind": "excess", "reference": reference}, weight=weight))
    cap = {
        "name": "Most that is taken off",
        "to": {"total": True},
        "cap": {"most": PENALTY_AT_MOST},
    }
    share = {
        "reads": {"total": True, "as": "score"},
        "times": "-1",
        "plus": "1",
        "least": "0",
        "if_missing": "1",
    }
    return _plan(
        terms, "less what is worse than before", found, total={"kind": "sum", "scale": "1"},
        adjustments=[cap], **_paid_pool("total", share=share),
    )  # fmt: skip


def _savings(terms: Terms) -> Document:
    found = [_indicator(each, _saved(each)) for each in _all(terms)]
    return _plan(terms, "share of what was saved", found, **_paid_pool("indicator"))


def _saved(each: _Agreed) -> Document:
    unit = each.last - each.baseline
    if each.is_milestone or not unit:
        return _tiers(each, Fraction(1))
    ends = {"start": each.number(each.baseline), "unit": each.number(unit)}
    return {"kind": "scale", **ends, "least": "0", "most": "1"}


STARTS: Mapping[str, Start] = {
    "tiers": Start(
        "The standard tiers",
        "The goals and shares at the indicators, written as a plan. It pays the same.",
        _standard,
    ),
    "line": Start(
        "Straight lines between goals",
        "The share rises evenly from each goal to the next, so that no case decides alone.",
        _by_line,
    ),
    "points": Start(
        "Achievement and improvement points by domain",
        "Up to 10 points each for how good a result is or how much better it got, as in hospital "
        "value-based purchasing (42 CFR 412.165); domains weigh what their indicators weigh.",
        _points,
    ),
    "linked": Start(
        "The same, with a bonus for the weakest",
        "The largest domain earns up to 20 more points by its lowest position between baseline and "
        "threshold, so that none is left behind.",
        _linked,
    ),
    "percentiles": Start(
        "Percentile ladder",
        "Bands of a published distribution. Put its cut-offs in: the goals stand there until then.",
        _percentiles,
    ),
    "bands": Start(
        "Target bands",
        "Everything inside a band, less on both sides of it: for what should be neither low nor "
        "high.",
        _bands,
    ),
    "gated": Start(
        "Floor and gate",
        "Tiers, and the total counts half where the first indicator is short of its floor.",
        _gated,
    ),
    "penalty": Start(
        "Less what is worse",
        "The pool less the excess over a reference, weighed, added up and capped, as in the "
        "readmissions reduction program (42 CFR 412.154).",
        _penalty,
    ),
    "savings": Start(
        "Share of what was saved",
        "Each indicator earns in proportion to what it saved against its baseline, up to its best "
        "goal, within the pool.",
        _savings,
    ),
}
