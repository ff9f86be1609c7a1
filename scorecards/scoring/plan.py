"""The scoring terms both parties signed: indicators, tiers, weights, pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, get_args

from comanage.values.money import Money
from comanage.values.rounding import exact_text, fraction_from_text
from indicators.measure.definition import Improvement, Scoring
from indicators.measure.scoring import default_multiplier

MissingRule = Literal["redistribute", "unpaid"]

MOST_PLACES = 6


class PlanError(ValueError):
    """Terms that contradict themselves, or results that do not fit the terms."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A goal, and the share of the indicator's dollars that reaching it earns.

    Attributes:
        name: as agreed, such as threshold, target, stretch.
        goal: exact, before any multiplier: for a proportion from 0 to 1.
        share: from 0 to 1.
    """

    name: str
    goal: Fraction
    share: Fraction

    def __post_init__(self) -> None:
        """Refuse a share outside the whole, and a nameless tier."""
        if not self.name.strip():
            raise PlanError("A tier needs a name.")
        if not 0 <= self.share <= 1:
            raise PlanError(f"Tier “{self.name}”: the share {self.share} is not from 0 to 1.")


@dataclass(frozen=True, slots=True)
class IndicatorTerms:
    """What was agreed about one indicator.

    Attributes:
        weight: points of the indicator; only its proportion to the other weights counts.
        minimum_cases: fewest cases for a rate; zero for no floor.
        compare_places: decimals kept before the comparison with a goal, halves upward, of
            the printed figure: of the percentage for a proportion.
        tiers: one or more, each with a better goal and a higher share than the one before.
        multiplier: what the result is multiplied by in print; None for the usual, 100 for
            a proportion and 1 for all others.
    """

    slug: str
    title: str
    improvement: Improvement
    scoring: Scoring
    weight: int
    minimum_cases: int
    compare_places: int
    tiers: tuple[Tier, ...]
    multiplier: int | None = None

    def __post_init__(self) -> None:
        """Refuse terms that could not be followed."""
        self._need(self.improvement in get_args(Improvement), "improvement is unknown")
        self._need(self.scoring in get_args(Scoring), "scoring is unknown")
        self._need(_is_count(self.weight) and self.weight > 0, "the weight is 1 or more")
        self._need(_is_count(self.minimum_cases), "the minimum of cases is 0 or more")
        self._need(
            _is_count(self.compare_places) and self.compare_places <= MOST_PLACES,
            f"decimals before comparison are 0 to {MOST_PLACES}",
        )
        self._need(bool(self.tiers), "there is no tier")
        for before, after in pairwise(self.tiers):
            between = f"from “{before.name}” to “{after.name}”"
            better = self.reaches(after.goal, before.goal) and after.goal != before.goal
            self._need(better, f"the goal must get better {between}")
            self._need(after.share > before.share, f"the share must rise {between}")
        if self.scoring == "proportion":
            inside = all(0 <= tier.goal <= 1 for tier in self.tiers)
            self._need(inside, "goals of a proportion are from 0 to 1, or 0% to 100%")

    @property
    def printed_multiplier(self) -> int:
        """What the result is multiplied by in print."""
        return self.multiplier or default_multiplier(self.scoring)

    def reaches(self, value: Fraction, goal: Fraction) -> bool:
        """Say whether a value is at the goal or better."""
        return value >= goal if self.improvement == "increase" else value <= goal

    def to_document(self) -> dict[str, Any]:
        """Write the terms as plain values, exact numbers as text."""
        own = {} if self.multiplier is None else {"multiplier": self.multiplier}
        return own | {
            "slug": self.slug,
            "title": self.title,
            "improvement": self.improvement,
            "scoring": self.scoring,
            "weight": self.weight,
            "minimum_cases": self.minimum_cases,
            "compare_places": self.compare_places,
            "tiers": [
                {"name": t.name, "goal": exact_text(t.goal), "share": exact_text(t.share)}
                for t in self.tiers
            ],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> IndicatorTerms:
        """Read one indicator's terms; `Plan.from_document` reports what is wrong."""
        tiers = tuple(
            Tier(
                str(tier["name"]),
                fraction_from_text(str(tier["goal"])),
                fraction_from_text(str(tier["share"])),
            )
            for tier in document["tiers"]
        )
        return cls(**{**document, "tiers": tiers})

    def _need(self, holds: bool, rule: str) -> None:  # noqa: FBT001 - an assertion's own argument
        if not holds:
            raise PlanError(f"Indicator “{self.slug}”: {rule}.")


@dataclass(frozen=True, slots=True)
class Plan:
    """The terms of a measurement year.

    Attributes:
        indicators: in the order of the agreement, which also breaks ties between cents.
        pool: the incentive dollars for a full score.
        missing_rule: what becomes of the dollars of an indicator that is not scored:
            `redistribute` over the others by weight, or `unpaid`.
    """

    indicators: tuple[IndicatorTerms, ...]
    pool: Money
    missing_rule: MissingRule

    def __post_init__(self) -> None:
        """Refuse an empty plan, a repeated indicator, a negative pool."""
        slugs = [terms.slug for terms in self.indicators]
        if not slugs:
            raise PlanError("The plan has no indicator.")
        for slug in slugs:
            if slugs.count(slug) > 1:
                raise PlanError(f"Indicator “{slug}” is in the plan more than once.")
        if self.pool < Money(0):
            raise PlanError(f"The pool is {self.pool}; it cannot be negative.")
        if self.missing_rule not in get_args(MissingRule):
            raise PlanError("The missing rule is redistribute or unpaid.")

    def to_document(self) -> dict[str, Any]:
        """Write the plan as plain values, exact numbers as text."""
        return {
            "indicators": [terms.to_document() for terms in self.indicators],
            "pool": self.pool.dollars_text,
            "missing_rule": self.missing_rule,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Plan:
        """Read what `to_document` wrote; goals and shares also as `8.5%` or `0.085`.

        Raises:
            PlanError: a field is missing, unknown or of the wrong type, or the terms
                contradict themselves.
        """
        try:
            indicators = tuple(map(IndicatorTerms.from_document, document["indicators"]))
            pool = Money.from_dollars(document["pool"])
            return cls(**{**document, "indicators": indicators, "pool": pool})
        except PlanError:
            raise
        except KeyError as missing:
            raise PlanError(f"The plan lacks the field {missing}.") from missing
        except (TypeError, ValueError, AttributeError) as wrong:
            raise PlanError(f"The plan cannot be read: {wrong}") from wrong


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0
