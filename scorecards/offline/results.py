"""Results as rows of text: every count, the exact parts, the rate, and why there is none."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from io import StringIO
from typing import Any

from comanage.exports.cells import safe_text
from comanage.values.rounding import decimal_text, exact_text
from indicators.measure.definition import Definition
from indicators.measure.rate import NotScored, exact_parts, performance_rate
from indicators.measure.scoring import OF_KEPT_VALUES
from indicators.measure.statistics.intervals import interval_of
from indicators.measure.tally import Tally
from scorecards.offline.measuring import Measured

PLACES = 6
BEFORE = ("definition", "grain", "period", "start", "end")
COUNTS = (
    *("initial_population", "denominator", "denominator_exclusions", "denominator_exceptions"),
    *("eligible", "numerator", "numerator_exclusions", "not_met", "not_known", "missing"),
    "observations",
)
AFTER = (
    *("numerator_exact", "denominator_exact", "rate", "value", "unit"),
    *("interval_low", "interval_high", "not_scored", "reason"),
)


def result_row(definition: Definition, measured: Measured, minimum_cases: int) -> dict[str, Any]:
    """Write one row of results; text that does not apply is None.

    Rates and sums are exact text (`53/660`); `value` is the rate times the multiplier with
    six decimals, halves upward; the 95 % interval stands on the scale of `value`.
    """
    tally = measured.tally
    rate = performance_rate(tally, definition, minimum_cases)
    row: dict[str, Any] = {
        "definition": definition.slug,
        "grain": measured.grain,
        "period": measured.period,
        "start": measured.start or None,
        "end": measured.end or None,
        "strata": list(measured.stratum),
        **_counts(definition, tally),
        **dict.fromkeys(AFTER),
        "unit": definition.unit,
    }
    if definition.scoring not in OF_KEPT_VALUES:
        above, below = exact_parts(tally, definition)
        row |= {"numerator_exact": exact_text(above), "denominator_exact": exact_text(below)}
    if isinstance(rate, NotScored):
        return row | {"not_scored": rate.reason.value, "reason": str(rate)}
    multiplier = definition.printed_multiplier
    row |= {"rate": exact_text(rate), "value": decimal_text(rate * multiplier, PLACES)}
    return row | _interval(definition, measured, multiplier)


def _counts(definition: Definition, tally: Tally) -> dict[str, int | None]:
    """Write every count; of aggregates the cases that the rows stand for, None if not whole."""
    counts: dict[str, int | None] = {name: getattr(tally, name) for name in COUNTS}
    if definition.data != "aggregates":
        return counts
    above, below = exact_parts(tally, definition)
    cases = int(below) if below.denominator == 1 else None
    met = int(above) if above.denominator == 1 else None
    counts |= dict.fromkeys(("initial_population", "denominator", "eligible"), cases)
    return counts | {
        "denominator_exclusions": 0,
        "numerator": met,
        "not_met": None if cases is None or met is None else cases - met,
    }


def _interval(definition: Definition, measured: Measured, multiplier: int) -> dict[str, str]:
    """Print the 95 % interval where there is one; the only binary floats on the page."""
    above, below = exact_parts(measured.tally, definition)
    ends = interval_of(definition.scoring, above, below)
    if ends is None:
        return {}
    low, high = (decimal_text(Fraction(end) * multiplier, PLACES) for end in ends)
    return {"interval_low": low, "interval_high": high}


def csv_text(by: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Write rows as CSV: one column for each `--by` between `end` and the counts."""
    names = [_column_name(name) for name in by]
    stream = StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*BEFORE, *names, *COUNTS, *AFTER])
    for row in rows:
        cells = [*(row[n] for n in BEFORE), *row["strata"], *(row[n] for n in (*COUNTS, *AFTER))]
        writer.writerow([_cell(cell) for cell in cells])
    return stream.getvalue()


def json_text(by: Sequence[str], head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> str:
    """Write rows as JSON, with what they were made from; strata by the names of `--by`."""
    results = [{**row, "strata": dict(zip(by, row["strata"], strict=True))} for row in rows]
    return json.dumps({**head, "results": results}, ensure_ascii=False, indent=1) + "\n"


def _column_name(name: str) -> str:
    """Keep a stratum apart from a column of ours: `by denominator`."""
    return f"by {name}" if name in (*BEFORE, *COUNTS, *AFTER) else name


def _cell(value: Any) -> Any:
    """Write a cell; no sheet program may take a label of somebody's file for a formula."""
    if isinstance(value, str) and not _is_number(value):
        return safe_text(value)
    return "" if value is None else value


def _is_number(text: str) -> bool:
    return text[1:].replace(".", "", 1).replace("/", "", 1).isdigit()
