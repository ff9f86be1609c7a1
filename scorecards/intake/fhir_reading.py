"""Reading FHIR R4 summary MeasureReports as rows of aggregates.

One row for each group of each report, with these columns:

    measure                 canonical address of the measure, with |version where it is given
    period_start            first day of the report's period
    period_end              last day of the report's period, itself inside
    reporter                name of the reporter, or else its reference
    group                   first code of the group, else its id, else its place from 1
    numerator               counts, each as it is reported; a count that the report does not
    denominator             have is an empty cell, never 0
    denominator_exclusions
    denominator_exceptions
    initial_population
    numerator_exclusions

Strata and scores are not read, but a proportion whose own score is above 1 is refused. So is a
report on one person, or with resources that may be about one beside it. Row 1 is the first group
of the first report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from indicators.exchange.errors import ExchangeError
from indicators.exchange.matching import compare
from indicators.exchange.reading import Element, read_resource
from indicators.exchange.reports_in import check_report, report_document, subject_kind
from indicators.exchange.resources import find_resources
from indicators.exchange.units import multiplier_of
from scorecards.intake.identifiers import holds_identifier
from scorecards.intake.reading import Block, Extract, UnreadableError

COUNTS = (
    "numerator",
    "denominator",
    "denominator_exclusions",
    "denominator_exceptions",
    "initial_population",
    "numerator_exclusions",
)
COLUMNS = ("measure", "period_start", "period_end", "reporter", "group", *COUNTS)
SUMMARY = "summary"
# What may stand beside or inside summary reports: none of these is about one person.
OF_NOBODY = frozenset({"Device", "HealthcareService", "Library", "Location", "Measure"}) | {
    "MeasureReport",
    "OperationOutcome",
    "Organization",
}
# What the exchange repeats of a report: codes and texts in quotes, counts and days after a word.
QUOTATION = re.compile("“[^”]*”")
COUNT = re.compile(r"\b(is|of|on) -?[0-9]+(?:[.,/-][0-9]+)*")
SUBJECTS_OF_NOBODY = OF_NOBODY | {"Group", None}


def read_reports(text: str) -> Extract:
    """Read a MeasureReport, or a Bundle of them.

    Raises:
        UnreadableError: no such resource, a report about one person, or one without counts.
    """
    try:
        rows = list(_rows(read_resource(text)))
    except ExchangeError as refused:
        raise _refused(str(refused)) from None
    cells = [pa.array([row[name] for row in rows], pa.string()) for name in COLUMNS]
    block = Block(np.arange(1, len(rows) + 1, dtype=np.int64), cells)
    return Extract(COLUMNS, iter([block]), header_row=None)


def _rows(resource: Element) -> Iterator[dict[str, str]]:
    found = find_resources(resource)
    if not found.reports:
        raise ExchangeError("There is no MeasureReport in it.")
    if not OF_NOBODY.issuperset(found.set_aside):
        raise ExchangeError(
            "Beside the reports it holds other resources, which may be about one person. Send the "
            "summary reports alone."
        )
    for report in found.reports:
        _check_is_of_nobody(report)
        if report.text("type") and report.text("type") != SUMMARY:
            raise ExchangeError(
                f"{report.path}: Only summary reports are taken in: this one is of another type, "
                f"and may be about one person."
            )
        check_report(report)
        facts = compare(report, [], given=False)
        document = report_document(report, facts, found.names)
        for place, group in enumerate(document["groups"], 1):
            _check_score(group)
            yield _row(document, group, place)


def _check_is_of_nobody(report: Element) -> None:
    inside = {part.text("resourceType") for part in report.children("contained")}
    if subject_kind(report) not in SUBJECTS_OF_NOBODY or not OF_NOBODY.issuperset(inside):
        raise ExchangeError(
            f"{report.path}: The report has a subject, or a resource inside, that may be one "
            f"person. Only reports on a group or an organization are taken in."
        )


def _check_score(group: dict[str, Any]) -> None:
    """Refuse a proportion whose own score is above 1, unless it is a percentage of its counts."""
    if group["scoring"] != "proportion" or group["agreement"]["how"] != "differs":
        return
    score = group["reported_score"]
    if Fraction(score["value"]) > (multiplier_of([score.get("unit", "")]) or 1):
        raise ExchangeError(
            f"{group['place']}: The score is above 1, which no proportion can have, and is no "
            f"percentage of the counts. Correct it, or leave it out: the counts are what is taken."
        )


def _row(report: dict[str, Any], group: dict[str, Any], place: int) -> dict[str, str]:
    measure, period = report["measure"], report["period"] or {}
    reporter = report["reporter"] or {}
    version = f"|{measure['version']}" if measure["version"] else ""
    return {
        "measure": f"{measure['url']}{version}",
        "period_start": period.get("first_day") or "",
        "period_end": period.get("last_day") or "",
        "reporter": reporter.get("name") or reporter.get("reference") or "",
        "group": _group_name(group) or str(place),
        **{name: _count(group["counts"].get(name)) for name in COUNTS},
    }


def _group_name(group: dict[str, Any]) -> str:
    codes = [coding.get("code") for coding in (group["code"] or {}).get("coding", [])]
    return next((code for code in codes if code), "") or group["id"] or ""


def _count(count: int | str | None) -> str:
    return "" if count is None else str(count)


def _refused(message: str) -> UnreadableError:
    """Pass on what the exchange says, without what it quotes and counts."""
    said = "It holds what looks like an identifier."
    if not holds_identifier(message):
        said = COUNT.sub(r"\1 …", QUOTATION.sub("“…”", message))
    return UnreadableError("bad-report", f"The FHIR report cannot be taken in. {said}")
