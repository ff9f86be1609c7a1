"""Numbers found over all organisations of a file: percentiles, means, slopes and the like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

from scorecards.scoring.plans.adjusting import factor_of
from scorecards.scoring.plans.follows import Follows, Several, readings_in
from scorecards.scoring.plans.numbers import ZERO, Inputs, ResultsError, known, rounded, square_root
from scorecards.scoring.plans.plan import Across
from scorecards.scoring.plans.scored import Points, read_figure
from scorecards.scoring.plans.trail import Trail

Scored = Sequence[tuple[Points, Inputs]]
FEWEST_FOR_A_DEVIATION = 2
_QUIET = Trail(is_kept=False)


def is_early(across: Across) -> bool:
    """Say whether a number can be found before any points are."""
    return across.kind != "neutral_slope" and all(
        reads.kind == "input" or (reads.kind == "indicator" and reads.part == "value")
        for reads in readings_in(across.of)
    )


def found_in_groups(across: Across, scored: Scored) -> dict[Fraction, Fraction]:
    """Find the number in each group; a group in which nobody has the figure has none.

    Raises:
        ResultsError: it cannot be found from the figures that are there.
    """
    groups: dict[Fraction, list[tuple[Points, Inputs]]] = {}
    for points, inputs in scored:
        if across.by in inputs:
            groups.setdefault(inputs[across.by], []).append((points, inputs))
    return {
        key: found_across(across, group)
        for key, group in sorted(groups.items())
        if any(_figures(across, group))
    }


def _figures(across: Across, scored: Scored) -> Iterator[tuple[Fraction, Inputs]]:
    """Give the figures that there are, each with the inputs of its organisation."""
    for points, inputs in scored:
        if _is_absent(across.of, points, inputs):
            continue
        figure = factor_of(across.of, points, inputs, _QUIET)
        if figure is not None:
            yield figure, inputs


def _is_absent(of: Follows, points: Points, inputs: Inputs) -> bool:
    """Say whether an organisation lacks the figure, which is nothing wrong here."""
    if of.if_missing is not None or isinstance(of.reads, Several):
        return False
    return read_figure(of.reads, points, inputs) is None


def found_across(across: Across, scored: Scored) -> Fraction:
    """Find the number over all organisations that have the figure.

    Raises:
        ResultsError: none has it, or one alone deviates from nothing.
    """
    if across.kind == "neutral_slope":
        return rounded(_slope(across, scored), across.rounding)
    values = sorted(figure for figure, _ in _figures(across, scored))
    if not values:
        raise ResultsError(f"“{across.name}”: no organization has a figure to find it from.")
    match across.kind:
        case "percentile":
            found = percentile(values, across.share, across.method)
        case "standard_deviation":
            return _deviation(across, values)
        case "mean":
            found = sum(values, ZERO) / len(values)
        case "sum":
            found = sum(values, ZERO)
    return rounded(found, across.rounding)


def _deviation(across: Across, values: Sequence[Fraction]) -> Fraction:
    """Find the standard deviation of a sample: squares divided by one less than how many.

    Rounded as the plan says, else to fifteen decimals: no fraction holds a root.
    """
    if len(values) < FEWEST_FOR_A_DEVIATION:
        raise ResultsError(f"“{across.name}”: one organization alone has no standard deviation.")
    mean = sum(values, ZERO) / len(values)
    squares = sum(((value - mean) ** 2 for value in values), ZERO)
    return square_root(squares / (len(values) - 1), across.rounding)


def percentile(values: Sequence[Fraction], share: Fraction, method: str) -> Fraction:
    """Find a percentile exactly.

    Args:
        values: sorted, at least one.
        share: from 0 to 1.
        method: `linear` (Hyndman and Fan 7), `nearest_rank` (1), `average` (2, as SAS does).
    """
    last = len(values) - 1
    if method == "linear":
        place = share * last
        low = floor(place)
        high = min(low + 1, last)
        return values[low] + (values[high] - values[low]) * (place - low)
    place = share * len(values)
    at = max(ceil(place) - 1, 0)
    if method == "average" and place.denominator == 1 and 0 < place < len(values):
        return (values[at] + values[at + 1]) / 2
    return values[at]


def _slope(across: Across, scored: Scored) -> Fraction:
    """Find the slope at which what is withheld, or a share of it, is paid out.

    Source:
        42 CFR 412.162(c): total value-based incentive payments equal the total reduction.
        42 CFR 413.338: 60 percent of it.
    """
    whole = earned = ZERO
    for share, inputs in _figures(across, scored):
        base = known(across.base, inputs)
        whole += base
        earned += base * share
    if not earned:
        raise ResultsError(f"“{across.name}”: no organization earned anything; there is no slope.")
    return across.share * whole / earned


def group_names(across: Across, found: Mapping[Fraction, Fraction]) -> dict[str, Fraction]:
    """Name the numbers of the groups, for a person: `median [peer_group 2]`."""
    return {f"{across.name} [{across.by} {key}]": value for key, value in found.items()}
