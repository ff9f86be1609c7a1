"""What `manage.py bench intake` prints: who took how long, and the bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING

from comanage.bench.report import Bar
from scorecards.bench.contestant import BARE, OURS
from scorecards.bench.extract import Recipe

if TYPE_CHECKING:
    from scorecards.bench.intake_bench import Runs

# Below so many rows the start of a process is most of what is timed.
ROWS_THAT_COUNT = 1_000_000
MOST_TIMES_BARE = 2.5
MOST_MEGABYTES = 1_000
MOST_TIMES_AT_TWICE = 1.2
MOST_TIMES_LOADS = 4.0


def table(recipe: Recipe, found: Mapping[str, Runs], *, source_bytes: int) -> list[str]:
    """Write a line for each contestant; ratios are to the bare parse."""
    title = (
        f"{recipe.rows:,} rows of 24 columns, {source_bytes / 1e9:.3f} GB, "
        f"{len(recipe.faulty_rows):,} faulty rows, {recipe.physicians} physicians, "
        f"{recipe.codes} procedures, seed {recipe.seed}"
    )
    lines = [
        "",
        title,
        f"  {'reader':30} {'median s':>9}  {'range':>17} {'ratio':>6} {'peak MB':>8}",
    ]
    lines += [_line(runs, found[BARE]) for runs in found.values()]
    return lines


def _line(runs: Runs, bare: Runs) -> str:
    if runs.missing:
        return f"  {runs.who:30} left out: {runs.missing} is not installed."
    middle, spread = median(runs.seconds), f"{min(runs.seconds):.2f} to {max(runs.seconds):.2f}"
    ratio = middle / median(bare.seconds)
    return f"  {runs.who:30} {middle:9.2f}  {spread:>17} {ratio:6.2f} {runs.memory:8}"


def bars(
    recipe: Recipe,
    found: Mapping[str, Runs],
    twice: Runs,
    pairs: Sequence[tuple[float, float]],
    *,
    is_equal: bool | None,
) -> list[Bar]:
    """Hold the intake against its bars.

    Args:
        recipe: of the extract; a small one says nothing of ratios.
        found: runs by contestant.
        twice: of a file twice as large.
        pairs: seconds of `json.loads` and of the whole post.
        is_equal: whether stored rows and counts are those of the other engine; None for unknown.
    """
    counts, ours = recipe.rows >= ROWS_THAT_COUNT, found[OURS]
    of_pairs = [one / other for one, other in zip(ours.seconds, found[BARE].seconds, strict=True)]
    growth = twice.memory / ours.memory
    of_posts = [post / loads for loads, post in pairs]
    equal = {True: "yes", False: "no", None: "DuckDB is not installed"}[is_equal]
    return [
        Bar("stored rows, refused rows and sums equal to DuckDB's", equal, is_equal),
        Bar(
            f"parsed, checked and stored, at most {MOST_TIMES_BARE} times the bare parse",
            _spread(of_pairs),
            median(of_pairs) <= MOST_TIMES_BARE if counts else None,
        ),
        Bar(
            f"peak at most {MOST_MEGABYTES:,} MB",
            f"{ours.memory} MB",
            ours.memory <= MOST_MEGABYTES,
        ),
        Bar(
            f"peak at twice the file, at most {MOST_TIMES_AT_TWICE} times",
            f"{growth:.2f} ({twice.memory} MB)",
            growth <= MOST_TIMES_AT_TWICE if counts else None,
        ),
        Bar(
            f"a JSON post of 10,000 rows, at most {MOST_TIMES_LOADS:.0f} times json.loads",
            _spread(of_posts),
            median(of_posts) <= MOST_TIMES_LOADS if counts else None,
        ),
    ]


def _spread(ratios: Sequence[float]) -> str:
    return f"{median(ratios):.2f} (pairs {min(ratios):.2f} to {max(ratios):.2f})"
