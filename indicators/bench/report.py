"""What the bench prints: a table for each workload, and the bars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from comanage.bench.report import Bar
from indicators.bench.contest import RIVALS, Result
from indicators.bench.workloads import (
    FILTER,
    KERNEL_ALONE,
    MASKS,
    MASKS_TOGETHER,
    PANDAS,
    POLARS,
    POLARS_TOGETHER,
    Workload,
)

DUCKDB_FORMS = (MASKS, FILTER, MASKS_TOGETHER)
POLARS_FORMS = (POLARS, POLARS_TOGETHER)


def table(workload: Workload, results: Sequence[Result]) -> list[str]:
    """Write a workload's results; a ratio only where the results are equal."""
    shape = workload.shape
    best = best_of(results, DUCKDB_FORMS)
    title = (
        f"{workload.name}: {workload.title}. {workload.slices} x {shape.cases:,} cases, "
        f"{shape.years} year(s), {shape.physicians} physicians, {shape.codes} codes, "
        f"{shape.missing} % of the usual gaps, seed {shape.seed}"
    )
    head = f"  {'engine':26} {'median s':>9}  {'range':>17} {'ratio':>6} {'pairs':>6}"
    lines = ["", title, f"{head} {'peak MB':>8}  cells"]
    lines += [
        _missing_line(result) if result.missing else _line(result, best, results)
        for result in results
    ]
    if best is not None:
        lines.append(f"  Ratios are to {best.entry.name}, the fastest form of DuckDB here.")
    phases = results[0].phases
    if phases:
        whole = sum(phases.values())
        shares = (f"{name} {time / whole:.0%}" for name, time in phases.items())
        lines.append(f"  Phases of the kernel: {', '.join(shares)}")
    return lines


def best_of(results: Iterable[Result], names: Sequence[str]) -> Result | None:
    """Return the fastest of some contestants; None where none of them ran."""
    ran = [result for result in results if result.entry.name in names and result.seconds]
    return min(ran, key=lambda result: result.median, default=None)


def bars(workload: Workload, results: Sequence[Result]) -> list[Bar]:
    """Hold the kernel against the bars of a workload; H has none of its own."""
    kernel, duckdb = results[0], best_of(results, DUCKDB_FORMS)
    equal = len({result.hash for result in results if result.seconds}) == 1
    found = [Bar(f"{workload.name}, results equal", "yes" if equal else "no", equal)]
    if workload.name == "I":
        found += [
            _ratio_bar("I against DuckDB", kernel, duckdb, 0.7),
            Bar("I below 100 ms", f"{kernel.median * 1000:.1f} ms", kernel.median < 0.1),
            _at_least("I against pandas group-by", kernel, best_of(results, [PANDAS]), 15),
        ]
    if workload.name == "S":
        found += [
            _ratio_bar("S against DuckDB", kernel, duckdb, 0.8),
            Bar("S, peak at most 800 MB", f"{kernel.memory} MB", kernel.memory <= 800),
        ]
    if workload.name == "M":
        found += [
            _ratio_bar("M on 2 processes against DuckDB", kernel, duckdb, 0.5),
            _ratio_bar("M below Polars", kernel, best_of(results, POLARS_FORMS), 1.0),
            _ratio_bar("M against its 1 process", kernel, best_of(results, [KERNEL_ALONE]), 0.6),
        ]
    return found


def _ratio_bar(name: str, kernel: Result, other: Result | None, at_most: float) -> Bar:
    named = f"{name}, at most {at_most}"
    if other is None or kernel.hash != other.hash:
        return Bar(named, "nothing to compare with, or results differ", None)
    ratio = kernel.median / other.median
    return Bar(named, f"{ratio:.2f}", ratio <= at_most)


def _at_least(name: str, kernel: Result, other: Result | None, factor: int) -> Bar:
    named = f"{name}, at least {factor} times"
    if other is None or kernel.hash != other.hash:
        return Bar(named, "nothing to compare with, or results differ", None)
    times = other.median / kernel.median
    return Bar(named, f"{times:.0f} times", times >= factor)


def _line(result: Result, best: Result | None, results: Sequence[Result]) -> str:
    seconds, like = result.seconds, "equal" if result.hash == results[0].hash else "DIFFERENT"
    ratio = pairs = "-"
    if best is not None and result.hash == best.hash:
        ratio = f"{result.median / best.median:.2f}"
        of_pairs = (one / other for one, other in zip(seconds, best.seconds, strict=True))
        pairs = f"{median(of_pairs):.2f}"
    spread = f"{min(seconds):.4f} to {max(seconds):.4f}"
    name = f"{result.entry.name} x {result.entry.processes}"
    return (
        f"  {name:26} {result.median:9.4f}  {spread:>17} {ratio:>6} {pairs:>6} "
        f"{result.memory:8}  {like} {result.hash[:8]}"
    )


def _missing_line(result: Result) -> str:
    rival = RIVALS.get(result.missing, result.missing)
    return (
        f"  {result.entry.name:26} left out: {rival} is not installed. Run it through "
        f"`python3 manage.py bench`, which installs it."
    )


def incremental_lines(
    name: str, seconds: dict[str, list[float]], counted: dict[str, list[int]]
) -> list[str]:
    """Write what recomputing took after one month changed, and after none did."""
    lines = ["", f"{name}, incremental: slices of one month, cells cached by slice and definition"]
    for what, times in seconds.items():
        hits = ""
        if what in counted:
            hits = f"  {counted[what][0]} cells found, {counted[what][1]} counted"
        spread = f"{min(times):.4f} to {max(times):.4f}"
        lines.append(f"  {what:26} {median(times):9.4f}  {spread:>17}{hits}")
    return lines


def incremental_bars(
    name: str, seconds: dict[str, list[float]], at_most: float, *, is_equal: bool
) -> list[Bar]:
    """Hold the incremental recompute against its bars."""
    middle = {what: median(times) for what, times in seconds.items()}
    ratio, unchanged = middle["one month"] / middle["all"], middle["unchanged"]
    return [
        Bar(f"{name} incremental, results equal", "yes" if is_equal else "no", is_equal),
        Bar(f"{name}, one month changed, at most {at_most}", f"{ratio:.2f}", ratio <= at_most),
        Bar(f"{name}, unchanged, at most 5 ms", f"{unchanged * 1000:.1f} ms", unchanged <= 0.005),
    ]
