"""Which individual reports may be added up: alike, each subject once, no count missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indicators.exchange.errors import ExchangeError
from indicators.exchange.json_text import write_json

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """One imported report with the file it was in and its subject, which tells twins apart."""

    file: str
    subject: str
    document: Document

    @property
    def place(self) -> str:
        """Where the report is: the file, and the place in it."""
        return f"{self.file}: {self.document['place']}"


def check_addable(reports: Sequence[Report]) -> None:
    """Refuse reports whose sum would say something wrong.

    Raises:
        ExchangeError: not individual reports of one measure, version, period and direction;
            one subject twice; a group or count that one report has and another lacks.
    """
    kinds = {report.document["type"] for report in reports}
    if kinds != {"individual"}:
        raise ExchangeError(
            f"Only individual reports are added up; there is also a {sorted(kinds)[-1]} report, "
            f"whose subjects could be counted twice."
        )
    _check_alike(reports)
    _check_one_direction(reports)
    _check_each_once(reports)
    _check_same_counts(reports)


def group_key(group: Document) -> str:
    """Return what tells a group from its sisters: its id, link id or code."""
    code = group["code"]
    return group["id"] or group["link_id"] or (write_json(code) if code else "")


def stratum_key(stratum: Document) -> str:
    """Return what tells a stratum from its sisters: its stratifier and value."""
    return write_json([stratum[name] for name in ("stratifier", "value", "components")])


def _check_alike(reports: Sequence[Report]) -> None:
    alike: tuple[tuple[str, Callable[[Document], object]], ...] = (
        ("is about another measure or version than", lambda report: report["measure"]),
        ("is about another period than", lambda report: _days(report["period"])),
    )
    for said, of in alike:
        for report in reports[1:]:
            if of(report.document) != of(reports[0].document):
                raise ExchangeError(
                    f"{report.place} {said} {reports[0].file}. Add up the reports of one measure "
                    f"and one period."
                )


def _days(period: Document) -> tuple[str | None, str | None]:
    """A month, its days and its instants are the same days."""
    return period["first_day"], period["last_day"]


def _check_one_direction(reports: Sequence[Report]) -> None:
    seen: dict[str, Report] = {}
    for report in reports:
        for group in report.document["groups"]:
            said = group["improvement_notation"] or report.document["improvement_notation"]
            first = seen.setdefault(group_key(group), report) if said else report
            if said and said not in _directions(first, group_key(group)):
                raise ExchangeError(
                    f"{report.place} says that a better result is "
                    f"{'higher' if said == 'increase' else 'lower'}, and {first.file} says the "
                    f"reverse. Add up reports of one direction."
                )


def _directions(report: Report, key: str) -> set[str | None]:
    return {
        group["improvement_notation"] or report.document["improvement_notation"]
        for group in report.document["groups"]
        if group_key(group) == key
    }


def _check_each_once(reports: Sequence[Report]) -> None:
    seen: dict[str, Report] = {}
    for report in reports:
        if not report.subject:
            raise ExchangeError(f"{report.place} names no subject, so it could be counted twice.")
        if report.subject in seen:
            first = seen[report.subject]
            raise ExchangeError(
                f"{report.place} is about the same subject as {first.document['place']} of "
                f"{first.file}. Leave one of them out."
            )
        seen[report.subject] = report


def _check_same_counts(reports: Sequence[Report]) -> None:
    """A count that is missing is not zero: the sum would be too small, and nobody would know."""
    counted = [dict(_counted(report.document)) for report in reports]
    wanted: dict[str, dict[str, str]] = {}
    for of_report in counted:
        for key, names in of_report.items():
            wanted.setdefault(key, {}).update(names)
    for report, of_report in zip(reports, counted, strict=True):
        for key, names in wanted.items():
            if key not in of_report and key.startswith(_STRATUM):
                continue  # a subject is in its own stratum alone
            lacking = [said for name, said in names.items() if name not in of_report.get(key, {})]
            if lacking:
                raise ExchangeError(
                    f"{report.place} has no count of {' and '.join(lacking)}, which other reports "
                    f"have. A missing count is not zero: complete the report, or leave it out."
                )


_STRATUM = "stratum "


def _counted(report: Document) -> Iterator[tuple[str, dict[str, str]]]:
    """Name what is counted in each group and stratum, with the words for a message."""
    for group in report["groups"]:
        own = write_json(group_key(group))
        yield own, _names(group)
        for stratum in group["strata"]:
            yield f"{_STRATUM}{own} {stratum_key(stratum)}", _names(stratum)


def _names(part: Document) -> dict[str, str]:
    names = {name: name.replace("_", " ") for name in part["counts"] if name != "observations"}
    for one in part["counts"].get("observations", ()):
        names[f"observation {one['of']}"] = f"the observation of the {one['of'] or 'group'}"
    for population in part["populations"]:
        if population["code"] is None and population["count"] is not None:
            names[write_json(population["coded_as"])] = "a population with a code of its own"
    return names
