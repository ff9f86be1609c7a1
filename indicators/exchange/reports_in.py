"""A FHIR MeasureReport as documents: its counts, the exact rate they make, its own score."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from indicators.exchange import vocabulary as v
from indicators.exchange.concepts import (
    attribute,
    improvement_code,
    scoring_code,
)
from indicators.exchange.days import period_document
from indicators.exchange.errors import quoted, refusal
from indicators.exchange.matching import MeasureFacts, split_canonical
from indicators.exchange.reading import Element, names_of
from indicators.exchange.report_groups_in import Stated, group_document
from indicators.exchange.resources import contained
from indicators.exchange.value_based import value_based_document

TYPES = ("individual", "subject-list", "summary")
WITHOUT_COUNTS = ("data-collection", "data-exchange")
_RESOURCE = re.compile(
    r"(?:^|/)(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9.-]{1,64})(?:/_history/[^/]*)?/?$"
)
STATUSES = ("complete", "pending", "error")
USED = frozenset(
    {
        *("resourceType", "id", "meta", "text", "language", "implicitRules", "contained"),
        *("extension", "status", "type", "measure", "subject", "date", "reporter", "period"),
        *("improvementNotation", "scoring", "group"),
    }
)


def report_document(
    report: Element, facts: MeasureFacts, names: Mapping[str, str]
) -> dict[str, Any]:
    """Import one MeasureReport that has counts.

    Args:
        report: the resource.
        facts: its measure, when that is at hand.
        names: names of organizations of the same file, by reference.

    Returns:
        What the report says; under `groups`, for each group and each stratum, the counts,
        the exact rate recomputed from them, the report's own score and whether they agree.
        The subject is told by its kind alone: a reference may identify a patient.

    Raises:
        ExchangeError: it has no counts, is not complete, or its counts cannot be.
    """
    check_report(report)
    groups = report.children("group")
    if not groups:
        raise refusal(report.path, "It has no group, so it has no counts.")
    period = report.child("period")
    if period is None:
        raise refusal(report.path, "It has no period, so the counts belong to no time.")
    stated = Stated(
        scoring_code(attribute(report, "scoring", v.SCORING_NAMES)), _improvement(report)
    )
    days = period_document(period)
    address, version = split_canonical(report.text("measure"))
    return {
        "place": report.path,
        "id": _id_of(report),
        "status": report.text("status"),
        "type": report.text("type"),
        "measure": {"url": address, "version": version or None},
        "measure_at_hand": facts.document is not None,
        "subject_kind": subject_kind(report),
        "date": report.text("date") or None,
        "reporter": _reporter(report, names),
        "period": days,
        "scoring": stated.scoring or None,
        "improvement_notation": stated.improvement or None,
        "value_based": value_based_document(report),
        "groups": [group_document(group, stated, facts) for group in groups],
        "not_used": _not_used(report),
        "notes": [*facts.notes, *facts.period_notes(days), *_notes(report)],
    }


def has_counts(report: Element) -> bool:
    """Say whether a report is of a kind that has counts."""
    return report.text("type") not in WITHOUT_COUNTS


def subject_kind(report: Element) -> str | None:
    """Return the type of a report's subject: Patient, Group, Organization."""
    subject = _reference(report, "subject")
    if subject is None:
        return None
    for extension in subject.extensions("organization-subject"):
        if extension.child("valueReference") is not None:
            return "Organization"
    kind = subject.text("type") or subject.text("reference").rpartition("/")[0].rpartition("/")[2]
    if subject.text("reference").startswith("#"):
        inside = [
            part.text("resourceType")
            for part in report.children("contained")
            if part.text("id") == subject.text("reference")[1:]
        ]
        kind = inside[0] if inside else kind
    return kind or None


def subject_reference(report: Element) -> str:
    """Return what tells subjects apart; it is never written anywhere.

    Of a reference to a resource that is its type and id: the same subject is on one server
    and another, and in each of its versions.
    """
    subject = _reference(report, "subject")
    reference = subject.text("reference") if subject else ""
    found = _RESOURCE.search(reference)
    return f"{found['type']}/{found['id']}" if found else reference


def _id_of(report: Element) -> str | None:
    """Return the id of a report about many; that of one subject's report may name the subject."""
    return None if report.text("type") == "individual" else report.text("id") or None


def check_report(report: Element) -> None:
    """Refuse a report that has no counts, or none that are final.

    Raises:
        ExchangeError: with what is missing or in the way.
    """
    if isinstance(report.value.get("measure"), dict):
        raise refusal(report.at("measure"), "This is a report of FHIR before R4. Export it as R4.")
    for name in ("status", "type", "measure"):
        if not report.text(name):
            raise refusal(report.path, f"It has no {name}, which every MeasureReport must have.")
    kind, status = report.text("type"), report.text("status")
    if kind in WITHOUT_COUNTS:
        raise refusal(
            report.at("type"),
            f"A report of the type {quoted(kind)} carries the data of its subject and no counts. "
            f"Import the individual or summary report that was made of it.",
        )
    if kind not in TYPES:
        raise refusal(report.at("type"), f"{quoted(kind)} is not one of: {', '.join(TYPES)}.")
    if status not in STATUSES:
        raise refusal(report.at("status"), f"{quoted(status)} is not a status of a report.")
    if status != "complete":
        raise refusal(
            report.at("status"),
            f"The report is {quoted(status)}: its counts are not final. Import it once complete.",
        )


def _reference(report: Element, name: str) -> Element | None:
    """Return a Reference; one that was sent as bare text is taken as its address."""
    if isinstance(report.value.get(name), str):
        return Element({"reference": report.text(name)}, report.at(name))
    return report.child(name)


def _reporter(report: Element, names: Mapping[str, str]) -> dict[str, Any] | None:
    """Say who reports: the type of the reporter and its name, where the file gives one."""
    reporter = _reference(report, "reporter")
    if reporter is None:
        return None
    address = reporter.text("reference")
    inside = {
        f"#{part.text('id')}": part.text("name") for part in contained(report, "Organization")
    }
    return {
        "reference": address or None,
        "name": names.get(address) or inside.get(address) or reporter.text("display") or None,
    }


def _improvement(report: Element) -> str:
    return improvement_code(attribute(report, "improvementNotation", v.IMPROVEMENT_NAMES))


def _not_used(report: Element) -> list[str]:
    """Name what the report has and we do not use; evaluated resources may identify patients."""
    plain = [name for name in report.value if name not in USED and not name.startswith("_")]
    extensions = {
        f"extension {part.text('url')}"
        for part in report.children("extension")
        if not part.text("url").startswith(v.VBPR)
        and not names_of(part.text("url")) & {*v.SCORING_NAMES}
    }
    inside = {
        f"contained {part.text('resourceType')}"
        for part in report.children("contained")
        if part.text("resourceType") not in ("Measure", "Organization")
    }
    lists = ["group.population.subjectResults"] if _has_subject_lists(report) else []
    return [*sorted(plain), *sorted(inside), *sorted(extensions), *lists]


def _has_subject_lists(report: Element) -> bool:
    return any(
        population.value.get("subjectResults") is not None
        for group in report.children("group")
        for population in group.children("population")
    )


def _notes(report: Element) -> list[str]:
    if report.text("type") == "subject-list":
        return ["Of this subject list the counts are used; the lists of subjects are not read."]
    return []
