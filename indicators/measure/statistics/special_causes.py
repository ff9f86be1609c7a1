"""Special causes: patterns of a control chart that chance alone rarely makes.

You find here the four rules and what the latest point says. A special cause says that
something changed, not what; it is a reason to ask, never a result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from indicators.measure.statistics.control_points import NEAR_SIGMAS, ControlPoint, Side

RUN_LENGTH = 7  # points on one side of the center, and points in a trend
NEAR_WINDOW = 3  # points among which two near a limit are a special cause


class Cause(StrEnum):
    """The rule that a pattern meets."""

    OUTSIDE_LIMITS = "outside_limits"
    ONE_SIDE = "one_side"
    TREND = "trend"
    NEAR_LIMIT = "near_limit"


@dataclass(frozen=True, slots=True)
class Signal:
    """One pattern found.

    Attributes:
        cause: the rule.
        side: high or low; of a trend, high is rising and low is falling.
        indexes: points of the pattern, from 0, ascending.
    """

    cause: Cause
    side: Side
    indexes: tuple[int, ...]

    @property
    def words(self) -> str:
        """Say the pattern, such as `8 points in a row below the mean`."""
        is_high, length = self.side is Side.HIGH, len(self.indexes)
        if self.cause is Cause.OUTSIDE_LIMITS:
            return f"a point {'above the upper' if is_high else 'below the lower'} limit"
        if self.cause is Cause.ONE_SIDE:
            return f"{length} points in a row {'above' if is_high else 'below'} the mean"
        if self.cause is Cause.TREND:
            return f"{length} points in a row {'rising' if is_high else 'falling'}"
        limit = "upper" if is_high else "lower"
        return f"{length} points close together near or beyond the {limit} limit"


def find_signals(points: Sequence[ControlPoint]) -> tuple[Signal, ...]:
    """Find every special cause, by its first point and then in the order of the rules.

    - a point outside a limit (a point on a limit is inside);
    - seven or more in a row on one side of the center (a point on the center ends a run);
    - seven or more in a row rising or falling (an equal value ends a trend);
    - two of three in a row more than two sigmas from the center on the same side. The third
      may lie anywhere, and points outside the limits count.

    No pattern reaches across a rebasing of the limits.

    Args:
        points: in time order, at equal steps.

    Source:
        NHS England, Making Data Count: the four rules. Seven, not eight or nine, on one side
        and in a trend. Western Electric, Statistical Quality Control Handbook (1956): two of
        three. Making Data Count asks there that all three lie on one side and none outside.
    """
    found: list[Signal] = []
    for start, stop in _stretches(points):
        stretch = points[start:stop]
        found += _shifted(start, _outside(stretch))
        found += _shifted(start, _runs(stretch))
        found += _shifted(start, _trends(stretch))
        found += _shifted(start, _near_limits(stretch))
    order = list(Cause)
    return tuple(sorted(found, key=lambda each: (each.indexes[0], order.index(each.cause))))


def side_of_point(signals: Iterable[Signal], index: int) -> Side | None:
    """Say on which side a point is special; None for common cause.

    A point in several patterns takes the side of where it lies before that of a trend.
    """
    of_point = [signal for signal in signals if index in signal.indexes]
    of_point.sort(key=lambda signal: signal.cause is Cause.TREND)
    return of_point[0].side if of_point else None


def _stretches(points: Sequence[ControlPoint]) -> Iterator[tuple[int, int]]:
    """Give start and stop of each stretch of points that share limits."""
    start = 0
    for _, members in groupby(points, key=lambda point: point.stretch):
        stop = start + len(list(members))
        yield start, stop
        start = stop


def _shifted(start: int, signals: Iterable[Signal]) -> Iterator[Signal]:
    """Count indexes from the chart's first point, not from the stretch's."""
    for signal in signals:
        yield Signal(signal.cause, signal.side, tuple(start + at for at in signal.indexes))


def _outside(points: Sequence[ControlPoint]) -> Iterator[Signal]:
    for index, point in enumerate(points):
        if point.is_outside and point.side:
            yield Signal(Cause.OUTSIDE_LIMITS, point.side, (index,))


def _runs(points: Sequence[ControlPoint]) -> Iterator[Signal]:
    for side, indexes in _repeats([point.side for point in points]):
        if len(indexes) >= RUN_LENGTH:
            yield Signal(Cause.ONE_SIDE, side, indexes)


def _trends(points: Sequence[ControlPoint]) -> Iterator[Signal]:
    steps = [_step(before, after) for before, after in pairwise(points)]
    for side, indexes in _repeats(steps):
        # So many steps join one point more.
        if len(indexes) + 1 >= RUN_LENGTH:
            yield Signal(Cause.TREND, side, (*indexes, indexes[-1] + 1))


def _near_limits(points: Sequence[ControlPoint]) -> Iterator[Signal]:
    for side in Side:
        near = (
            index
            for index, point in enumerate(points)
            if point.side is side and point.is_beyond(NEAR_SIGMAS)
        )
        for chain in _chains(near):
            if len(chain) > 1:
                yield Signal(Cause.NEAR_LIMIT, side, chain)


def _chains(indexes: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """Join the indexes of which each lies within three points of the one before."""
    chain: tuple[int, ...] = ()
    for index in indexes:
        if chain and index - chain[-1] >= NEAR_WINDOW:
            yield chain
            chain = ()
        chain = (*chain, index)
    yield chain


def _repeats(sides: Sequence[Side | None]) -> Iterator[tuple[Side, tuple[int, ...]]]:
    """Give each unbroken repetition of a side with its indexes."""
    for side, members in groupby(enumerate(sides), key=lambda each: each[1]):
        if side:
            yield side, tuple(index for index, _ in members)


def _step(before: ControlPoint, after: ControlPoint) -> Side | None:
    if after.value == before.value:
        return None
    return Side.HIGH if after.value > before.value else Side.LOW
