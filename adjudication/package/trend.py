"""The months of each indicator as the report prints them: chart, sentence and counts.

Pure: from the snapshot alone, which keeps the months of the scorecard that was frozen. The
limits are those of the year's own months; the page of a program joins years before them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adjudication.years.figures import names_of, numbers_of
from indicators.measure.definition import Definition
from indicators.measure.figures import count_text
from scorecards.cards.reading import figure
from scorecards.trends.control import month_result
from scorecards.trends.history import CountedYear
from scorecards.trends.months import MonthTally, months_of
from scorecards.trends.reading import TrendReading, month_text, read_trends

_ACROSS, _FEWER = 12, 6
_LONGEST = 8  # characters of a cell with which twelve stand beside each other on paper
Document = Mapping[str, Any]
Line = tuple[str, ...]


def trends_of(document: Document) -> dict[str, TrendReading]:
    """Read the indicators of a snapshot over its year, by slug; none where it has no months."""
    trend = document.get("beside", {}).get("trend")
    if not trend:
        return {}
    counted = {**document["result"]["scorecard"], "trend": trend}
    terms = document["inputs"]["terms"]
    return {each.slug: each for each in read_trends([CountedYear(terms, counted)])}


def trend_content(
    document: Document, agreed: Document, reading: TrendReading | None
) -> dict[str, Any] | None:
    """Lay out one indicator's months; None where cases are not dated, and in old snapshots."""
    if reading is None:
        return None
    head, months = _months(agreed, months_of(document["beside"]["trend"], agreed["slug"]))
    return {
        "chart": reading.chart,
        "sentence": reading.sentence or reading.not_drawn,
        "head": head,
        "months": months,
        "bands": list(_bands(head, months)),
    }


def _months(agreed: Document, months: Sequence[MonthTally]) -> tuple[Line, list[Line]]:
    """Write the counts and the result of each month, with the head of the columns."""
    definition = Definition.from_document(agreed["definition"])
    first, second = names_of(definition)
    head = ("Month", first, *((second,) if second else ()), "Result")
    return head, [_month(agreed, definition, month) for month in months]


def _month(agreed: Document, definition: Definition, month: MonthTally) -> Line:
    result = month_result(definition, month)
    above, below = numbers_of(definition, month.tally, result)
    return (
        month_text(month.month),
        "None" if above is None else count_text(above),
        *(() if below is None else (count_text(below),)),
        "None" if result is None else figure(agreed, result),
    )


def _bands(head: Line, months: Sequence[Line]) -> Iterator[dict[str, Any]]:
    """Turn the months on their side, as many beside each other as there is room for."""
    longest = max((len(cell) for month in months for cell in month[1:]), default=0)
    across = _ACROSS if longest <= _LONGEST else _FEWER
    for start in range(0, len(months), across):
        names, *lines = zip(*months[start : start + across], strict=True)
        yield {
            "months": [name.rsplit(" ", 1) for name in names],
            "rows": [
                {"name": name, "cells": cells} for name, cells in zip(head[1:], lines, strict=True)
            ],
        }
