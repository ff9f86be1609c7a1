"""Holding the header of a file against the columns a feed declares."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from scorecards.intake.identifiers import holds_identifier, identifier_kind
from scorecards.intake.outcome import SHOWN_CHARACTERS, FindingLog
from scorecards.intake.reading import Extract
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each declared column stands in the file.

    Args:
        declared: column and its place in the file, from 0, in the feed's order.
        spoken: for each place of the file, how messages call it.
        dropped: names of the columns that are not kept; empty while the header is in doubt.
        organization: places of the columns that describe a hospital, whose cells nobody reads.
    """

    declared: tuple[tuple[FeedColumn, int], ...]
    spoken: tuple[str, ...]
    dropped: tuple[str, ...]
    organization: frozenset[int]


def check_header(extract: Extract, spec: FeedSpec, log: FindingLog) -> Layout:
    """Find the declared columns; report what is missing, doubled, unnamed or identifying."""
    header = extract.header
    names = {column.name_in_file for column in spec.columns}
    known = names.union(spec.organization_columns)
    declared = tuple(
        (column, header.index(column.name_in_file))
        for column in spec.columns
        if column.name_in_file in header
    )
    # A file without a header has values there: they are not repeated in messages.
    spoken = tuple(
        _spoken(name, place, is_declared=name in known, is_header=bool(declared))
        for place, name in enumerate(header, 1)
    )
    _report_missing(header, spec, log)
    _report_names(extract, spoken, spec, log)
    is_complete = len(declared) == len(spec.columns)
    dropped = [name for name, given in zip(spoken, header, strict=True) if given not in names]
    organization = frozenset(
        place for place, name in enumerate(header) if name in spec.organization_columns
    )
    return Layout(declared, spoken, tuple(dropped) if is_complete else (), organization)


def _spoken(name: str, place: int, *, is_declared: bool, is_header: bool) -> str:
    if is_declared:
        return name
    is_sayable = is_header and name and name.isprintable() and not holds_identifier(name)
    return name[:SHOWN_CHARACTERS] if is_sayable else f"column {place}"


def _report_missing(header: tuple[str, ...], spec: FeedSpec, log: FindingLog) -> None:
    folded = {name.casefold() for name in header}
    for column in spec.columns:
        name = column.name_in_file
        if name not in header:
            hint = (
                "It is there with other capitals: write it exactly so."
                if name.casefold() in folded
                else "Add it to the export."
            )
            log.add("missing-column", f"The column {name} is not in the file. {hint}", column=name)


def _report_names(
    extract: Extract, spoken: tuple[str, ...], spec: FeedSpec, log: FindingLog
) -> None:
    header, header_row = extract.header, extract.header_row
    times = Counter(header)
    for place, name in enumerate(header):
        said = spoken[place]
        if not name:
            log.add(
                "unnamed-column",
                f"Column {place + 1} has no name in the header.",
                row=header_row,
                column=said,
            )
        elif times[name] > 1 and header.index(name) == place:
            log.add(
                "duplicate-column",
                f"The header names {said} {times[name]} times. Keep one of them.",
                row=header_row,
                column=said,
            )
        if name in spec.organization_columns:
            continue
        kind = identifier_kind(name)
        if kind:
            log.identifiers_found = True
            of_a_hospital = (
                " If it describes a hospital and never a person, say so in the map of the feed."
                if spec.level is DataLevel.AGGREGATES
                else ""
            )
            log.add(
                "identifier-column",
                f"The column {said} looks like {kind}. Remove it from the export: "
                f"identifiers and free text are never taken in.{of_a_hospital}",
                row=header_row,
                column=said,
            )
        elif holds_identifier(name):
            log.identifiers_found = True
            log.add(
                "identifier-in-cell",
                f"The header of {said} holds what looks like an identifier. Remove it.",
                row=header_row,
                column=said,
            )
