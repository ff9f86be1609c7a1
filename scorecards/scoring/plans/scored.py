"""What a plan made of the results of one organisation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from comanage.values.money import Money
from scorecards.scoring.plans.follows import Reading
from scorecards.scoring.plans.numbers import Inputs
from scorecards.scoring.steps import Step


@dataclass(frozen=True, slots=True)
class ScoredIndicator:
    """What one indicator earned.

    Attributes:
        value: as it was compared; None where it is not scored.
        points: earned; None where it is not scored.
        tier: the name of what was reached; empty where it has none.
        weight: its part of the whole, from 0 to 1, after the rule for what is missing.
        reason: why it is not scored; empty where it is.
        figures: what its method found on the way: achievement and improvement, a percentile.
    """

    slug: str
    value: Fraction | None
    points: Fraction | None
    available: Fraction
    tier: str
    weight: Fraction
    reason: str
    figures: tuple[tuple[str, Fraction], ...] = ()

    @property
    def share(self) -> Fraction:
        """Points earned of points available; 0 where it is not scored."""
        return (self.points or Fraction(0)) / self.available


@dataclass(frozen=True, slots=True)
class ScoredDomain:
    """What one domain earned.

    Attributes:
        points, available: the sums its score comes from.
        score: on its scale; None where it is not scored.
        share: of a full score; None where it is not scored, or has no full score.
        weight: its part of the total, from 0 to 1, after the rule for what is missing.
        figures: where there is a bonus, the points before it and the bonus.
    """

    slug: str
    points: Fraction
    available: Fraction
    score: Fraction | None
    share: Fraction | None
    weight: Fraction
    reason: str
    figures: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class ScoredTotal:
    """The total; None where it is not scored, with the reason."""

    score: Fraction | None
    share: Fraction | None
    reason: str


@dataclass(frozen=True, slots=True)
class PaidShare:
    """What one indicator or domain was paid out of a pool."""

    slug: str
    available: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class Paid:
    """One part of the pay.

    Attributes:
        amount: negative where it is owed; None where it does not arise, with the reason.
        figures: what it was found from, by name.
    """

    name: str
    amount: Money | None
    figures: tuple[tuple[str, Fraction], ...]
    shares: tuple[PaidShare, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Points:
    """Indicators, domains and total of one organisation, before it is paid."""

    indicators: tuple[ScoredIndicator, ...]
    domains: tuple[ScoredDomain, ...]
    total: ScoredTotal


@dataclass(frozen=True, slots=True)
class Scored:
    """The whole score of one organisation.

    Attributes:
        pay_total: of all parts, under the limit; None where no part arises.
        about: for each step the slug of the indicator it is about; empty for all together.
    """

    organization: str
    points: Points
    pay: tuple[Paid, ...]
    pay_total: Money | None
    steps: tuple[Step, ...]
    about: tuple[str, ...] = ()


def read_figure(reading: Reading, points: Points, inputs: Inputs) -> Fraction | None:
    """Look a figure up; None where it is not scored or not given."""
    match reading.kind:
        case "input":
            return inputs.get(reading.name)
        case "indicator":
            found = next(each for each in points.indicators if each.slug == reading.name)
            if found.points is None and reading.part != "value":
                return None
            return {"value": found.value, "points": found.points, "share": found.share}[
                reading.part
            ]
        case "domain":
            domain = next(each for each in points.domains if each.slug == reading.name)
            return domain.share if reading.part == "share" else domain.score
        case "total":
            return points.total.share if reading.part == "share" else points.total.score


def with_points(indicator: ScoredIndicator, points: Fraction) -> ScoredIndicator:
    """Give an indicator other points."""
    return replace(indicator, points=points)
