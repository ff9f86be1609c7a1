"""What `manage.py fhir import` writes: one document for all files given, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indicators.exchange.errors import ExchangeError, quoted
from indicators.exchange.matching import compare
from indicators.exchange.measures_in import measure_document
from indicators.exchange.reading import Element, read_file, sha256_of_file
from indicators.exchange.reports_in import (
    check_report,
    has_counts,
    report_document,
    subject_reference,
)
from indicators.exchange.resources import Found, check_no_modifier, contained, find_resources
from indicators.exchange.sum_checks import Report
from indicators.exchange.sums import sum_document

SCHEMA = "comanage.fhir-import/1"


@dataclass(frozen=True, slots=True)
class _File:
    """One file read: its source line, measures, reports, and how many resources were left."""

    source: dict[str, Any]
    measures: list[dict[str, Any]]
    reports: list[Report]


def import_files(
    paths: Sequence[Path], *, measure_path: Path | None = None, add_up: bool = False
) -> dict[str, Any]:
    """Import every Measure and MeasureReport of some files.

    Args:
        paths: FHIR R4 resources in JSON: a Measure, a MeasureReport, or a Bundle with them.
        measure_path: a Measure that every report must be about.
        add_up: also add the individual reports to one summary, under `sum`.

    Returns:
        The document of `import.schema.json`.

    Raises:
        ExchangeError: one of the files cannot be imported; then none is. The sentence starts
            with the name of the file.
    """
    given = _given_measures(measure_path)
    files = [_named(path, given) for path in paths]
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "sources": [part.source for part in files],
        "measures": [measure for part in files for measure in part.measures],
        "reports": [report.document for part in files for report in part.reports],
    }
    if add_up:
        document["sum"] = sum_document([report for part in files for report in part.reports])
    return document


def _named(path: Path, given: Sequence[dict[str, Any]]) -> _File:
    try:
        return _import_file(path, given)
    except ExchangeError as wrong:
        raise ExchangeError(f"{path.name}: {wrong}") from wrong


def _import_file(path: Path, given: Sequence[dict[str, Any]]) -> _File:
    root = read_file(path)
    found = find_resources(root)
    measures = [measure_document(part, found.libraries) for part in found.measures]
    with_counts = [part for part in found.reports if has_counts(part)]
    if not measures and not with_counts:
        with_counts = list(found.reports)  # the first of them says why it is not imported
    reports = [_report(path, part, found, [*measures], given) for part in with_counts]
    set_aside = dict(sorted(found.set_aside.items()))
    if without := len(found.reports) - len(with_counts):
        set_aside["MeasureReport without counts"] = without
    source = {
        "file": path.name,
        "sha256": sha256_of_file(path),
        "resource_type": root.text("resourceType"),
        "set_aside": set_aside,
    }
    return _File(source, measures, reports)


def _report(
    path: Path,
    report: Element,
    found: Found,
    measures: Sequence[dict[str, Any]],
    given: Sequence[dict[str, Any]],
) -> Report:
    try:
        return _checked_report(path, report, found, measures, given)
    except ExchangeError as wrong:
        about = report.value.get("measure")
        if not isinstance(about, str) or not about.strip():
            raise
        raise ExchangeError(f"The report about {quoted(about)} is not imported. {wrong}") from wrong


def _checked_report(
    path: Path,
    report: Element,
    found: Found,
    measures: Sequence[dict[str, Any]],
    given: Sequence[dict[str, Any]],
) -> Report:
    check_report(report)
    inside = [measure_document(part) for part in contained(report, "Measure")]
    known = given or [*_contained_measures(report, inside), *measures]
    facts = compare(report, known, given=bool(given))
    return Report(path.name, subject_reference(report), report_document(report, facts, found.names))


def _contained_measures(report: Element, inside: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give a contained measure the address by which its report names it, `#measure`."""
    return [
        measure | {"url": f"#{measure['id']}"}
        if report.text("measure") == f"#{measure['id']}"
        else measure
        for measure in inside
    ]


def _given_measures(path: Path | None) -> list[dict[str, Any]]:
    if path is None:
        return []
    try:
        found = find_resources(read_file(path))
        if len(found.measures) != 1:
            raise ExchangeError(f"There are {len(found.measures)} measures in it; give one.")
        check_no_modifier(found.measures[0])
        return [measure_document(found.measures[0], found.libraries)]
    except ExchangeError as wrong:
        raise ExchangeError(f"{path.name}: {wrong}") from wrong
