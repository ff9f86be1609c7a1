"""Whether a file looks like the files before it. Pure: every answer is a warning in words.

A count that moves further from the middle of earlier periods than the feed allows may be right;
so a person looks, and says why. With too little history nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from comanage.values.period import Period
from comanage.values.rounding import decimal_text
from scorecards.intake.outcome import Finding, Severity

FEWEST_PERIODS = 3  # fewer have no middle worth the name
MOST_PERIODS = 12
# 28 to 31 days are a month, 90 to 92 a quarter, 365 and 366 a year.
DAYS_APART = 3
PERCENT = 100
# A share of exclusions must also move by so many points: from 1 to 2 of 100 is no jump.
LEAST_POINTS = Fraction(5, 100)
CHECK = "Look at the extract; then accept the file with a reason, or decline it."


@dataclass(frozen=True, slots=True)
class Population:
    """The cases of one indicator in one period: its denominator, and what was taken out of it."""

    denominator: Fraction
    exclusions: int

    @property
    def excluded(self) -> Fraction | None:
        """The share taken out, or None without a denominator."""
        return self.exclusions / self.denominator if self.denominator else None


def comparable(period: Period, earlier: Sequence[Period]) -> list[Period]:
    """List the newest periods that end before this one begins and are as long as it."""
    alike = [
        other
        for other in earlier
        if other.end <= period.start and abs(other.days - period.days) <= DAYS_APART
    ]
    return sorted(alike)[-MOST_PERIODS:]


def row_warnings(
    rows: int, *, expected: tuple[int, str] | None, before: Sequence[int], tolerance: int
) -> Iterator[Finding]:
    """Hold the rows of a file against what was expected and what came before.

    Args:
        rows: of the file.
        expected: how many there should be, and who says so.
        before: rows of each comparable earlier period.
        tolerance: percent that may be more or fewer.
    """
    if expected is not None and _is_beyond(rows, Fraction(expected[0]), tolerance):
        yield _warning(
            "rows-expected",
            f"The file has {rows:,} rows and {expected[1]} {expected[0]:,}: "
            f"{_distance(rows, Fraction(expected[0]), tolerance)}. {CHECK}",
        )
    if len(before) >= FEWEST_PERIODS:
        usual = median(map(Fraction, before))
        if _is_beyond(rows, usual, tolerance):
            yield _warning(
                "rows-history",
                f"The file has {rows:,} rows; {_middle(len(before))} {_number(usual)}: "
                f"{_distance(rows, usual, tolerance)}. {CHECK}",
            )


def population_warnings(
    title: str, now: Population, before: Sequence[Population], tolerance: int
) -> Iterator[Finding]:
    """Hold the denominator and the exclusions of one indicator against earlier periods.

    Args:
        title: of the indicator.
        now: in the file.
        before: in each comparable earlier period.
        tolerance: percent that may be more or fewer.
    """
    if len(before) < FEWEST_PERIODS:
        return
    usual = median(each.denominator for each in before)
    if _is_beyond(now.denominator, usual, tolerance):
        yield _warning(
            "denominator-history",
            f"{title}: the denominator has {_number(now.denominator)} cases; "
            f"{_middle(len(before))} {_number(usual)}: "
            f"{_distance(now.denominator, usual, tolerance)}. {CHECK}",
        )
    shares = [each.excluded for each in before if each.excluded is not None]
    if now.excluded is None or len(shares) < FEWEST_PERIODS:
        return
    usual = median(shares)
    moved = abs(now.excluded - usual)
    if moved >= LEAST_POINTS and _is_beyond(now.excluded, usual, tolerance):
        yield _warning(
            "exclusions-history",
            f"{title}: {_percent(now.excluded)} of the denominator are excluded; "
            f"{_middle(len(shares))} {_percent(usual)}. {CHECK}",
        )


def _is_beyond(now: Fraction | int, usual: Fraction, tolerance: int) -> bool:
    return abs(now - usual) * PERCENT > tolerance * usual


def _distance(now: Fraction | int, usual: Fraction, tolerance: int) -> str:
    word = "more" if now > usual else "fewer"
    if not usual:
        return f"{_number(Fraction(now))} {word}"
    moved = decimal_text(abs(now - usual) / usual * PERCENT, 0)
    return f"{moved} % {word}, and {tolerance} % is what this feed allows"


def _middle(periods: int) -> str:
    return f"the middle of the {periods} periods before is"


def _number(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{decimal_text(value, 1)}"


def _percent(share: Fraction) -> str:
    return f"{decimal_text(share * PERCENT, 1)} %"


def _warning(code: str, message: str) -> Finding:
    return Finding(code, Severity.WARNING, None, None, message)
