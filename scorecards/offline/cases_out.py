"""Where each case stands, and why: one row a case, without any value of the case."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import TextIO

from comanage.exports.cells import safe_text
from indicators.measure.explain import Explained
from indicators.measure.population import Placement, state_of
from scorecards.offline.table import Cases

HEADER = ("definition", "file", "row", "state", "placement", "decided_by", "because")


def write_cases(stream: TextIO, cases: Cases, explained: Iterable[tuple[str, Explained]]) -> None:
    """Write all cases of all indicators.

    Args:
        stream: open for text.
        cases: the table.
        explained: slug and reasons of each indicator.
    """
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    for slug, found in explained:
        writer.writerows(_rows(slug, cases, found))


def _rows(slug: str, cases: Cases, found: Explained) -> Iterator[tuple[str | int, ...]]:
    words = {placement: placement.name.lower() for placement in Placement}
    stands = zip(
        found.placed.placements.tolist(),
        found.placed.undecided.tolist(),
        found.codes.tolist(),
        _places(cases),
        strict=True,
    )
    for number, is_undecided, code, (name, row) in stands:
        placement, reason = Placement(number), found.reasons[code]
        state = state_of(placement, is_undecided=is_undecided)
        because = safe_text(reason.because)
        yield slug, safe_text(name), row, state, words[placement], reason.population, because


def _places(cases: Cases) -> Iterator[tuple[str, int]]:
    for name, rows in cases.files:
        for row in rows.tolist():
            yield name, row
