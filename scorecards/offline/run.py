"""One run of `manage.py measure`, from files to files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import comanage
from indicators.measure.columns import CasesError, ColumnType
from indicators.measure.criteria.dialects import DialectName
from indicators.measure.definition import Definition
from indicators.measure.explain import explain_all
from indicators.measure.organization import Organization
from indicators.measure.sql import select_statement
from scorecards.offline.cases_out import write_cases
from scorecards.offline.copies import refuse_copies, repeated_rows
from scorecards.offline.definitions import Given, read_definitions
from scorecards.offline.errors import OfflineError
from scorecards.offline.files import DataFile, open_data
from scorecards.offline.manner import Manner
from scorecards.offline.measuring import Layout, Measured, is_calendar, measured_rows
from scorecards.offline.options import DASH, Options
from scorecards.offline.organization_file import read_organization
from scorecards.offline.results import csv_text, json_text, result_row
from scorecards.offline.table import (
    Cases,
    Wanted,
    folded_names,
    given_column,
    read_cases,
    wanted_columns,
)
from scorecards.offline.writing import written_whole

SCHEMA = "comanage.measure-results/1"


@dataclass(frozen=True)
class _Asked:
    """One definition with the columns it is measured, split and dated by."""

    given: Given
    needed: tuple[Wanted, ...]
    by: tuple[Wanted, ...]
    period: Wanted | None

    @property
    def columns(self) -> tuple[Wanted, ...]:
        """All of them."""
        return (*self.needed, *self.by, *((self.period,) if self.period else ()))


def run(options: Options, say: Callable[[str], None], show: Callable[[str], None]) -> None:
    """Measure as asked.

    Args:
        options: of the command.
        say: takes notes for the person at the terminal.
        show: takes the results where they go to the screen.

    Raises:
        OfflineError: what is wrong, in sentences; then nothing is written.
    """
    given = read_definitions(options.definition, skip_deck=options.skip_deck)
    if options.sql:
        _deliver(options, _statements(given, options), show, None)
        return
    asked = [_asked(each, given, options) for each in given]
    organization = read_organization(options.organization) if options.organization else None
    refuse_copies(options.data)
    wanted = list(dict.fromkeys(column for each in asked for column in each.columns))
    names = folded_names(wanted)
    files = [open_data(path, names, options.sheet, options.encoding) for path in options.data]
    cases = read_cases(files, wanted, Manner(tuple(options.missing), options.dates))
    for note in cases.notes:
        say(note)
    try:
        rows, notes = _results(asked, cases, organization, options)
    except CasesError as wrong:
        raise OfflineError(_with_place(wrong, cases)) from None
    for note in notes:
        say(note)
    text = _written(rows, (*cases.notes, *notes), asked, cases, files, options)
    _deliver(options, text, show, (asked, cases))


def _statements(given: Sequence[Given], options: Options) -> str:
    dialect: DialectName = "duckdb" if options.sql == "duckdb" else "postgresql"
    return "\n".join(
        f"-- {each.definition.slug}\n"
        f"{select_statement(each.definition, options.table, dialect).rstrip().rstrip(';')};\n"
        for each in given
    )


def _asked(each: Given, given: Sequence[Given], options: Options) -> _Asked:
    definitions = [other.definition for other in given]
    needed = tuple(wanted_columns(each.definition))
    by = tuple(given_column(name, each.definition, definitions) for name in options.by)
    period = given_column(options.period, each.definition, definitions) if options.period else None
    if period and options.grain and not is_calendar(period.type):
        if period.type is not ColumnType.CODE:
            raise OfflineError(f"--period “{options.period}” is no date; leave out --grain.")
        period = Wanted(period.names, ColumnType.DATE, at_any_time=True)
    return _Asked(each, needed, by, period)


def _results(
    asked: Sequence[_Asked],
    cases: Cases,
    organization: Organization | None,
    options: Options,
) -> tuple[list[dict[str, Any]], list[str]]:
    """Measure each indicator; give rows of results, and what a reader should know of them."""
    rows: list[dict[str, Any]] = []
    notes: list[str] = []
    for each in asked:
        definition = each.given.definition
        layout = Layout(
            by=[cases.columns[column] for column in each.by],
            period=cases.columns[each.period] if each.period else None,
            is_calendar=each.period is not None and is_calendar(each.period.type),
            grains=options.grains,
            year_starts=options.year_starts,
            organization=organization,
        )
        measured = measured_rows(definition, cases.table(definition), layout)
        rows += [result_row(definition, row, options.minimum_cases) for row in measured]
        notes += [*repeated_rows(definition, cases), *_left_open(definition, measured[0])]
    return rows, notes


def _left_open(definition: Definition, total: Measured) -> list[str]:
    """Note that some are not met only for want of a value: a gap can look like bad care."""
    count, not_met = total.tally.not_known, total.tally.not_met
    if not count:
        return []
    cases = "case" if not_met == 1 else "cases"
    said = f"of {not_met:,} {cases} not met, {count:,} only because a value is missing (not_known)."
    return [f"{definition.slug}: {said}"]


def _written(
    rows: Sequence[dict[str, Any]],
    notes: Sequence[str],
    asked: Sequence[_Asked],
    cases: Cases,
    files: Sequence[DataFile],
    options: Options,
) -> str:
    if not options.writes_json:
        return csv_text(options.by, rows)
    head = {**_head(asked, cases, files, options), "warnings": list(notes)}
    return json_text(options.by, head, rows)


def _head(
    asked: Sequence[_Asked], cases: Cases, files: Sequence[DataFile], options: Options
) -> dict[str, Any]:
    """Say what the results were made from."""
    return {
        "schema": SCHEMA,
        "engine": f"CoManage {comanage.__version__}",
        "definitions": [
            {
                "slug": each.given.definition.slug,
                "title": each.given.definition.title,
                "scoring": each.given.definition.scoring,
                "improvement": each.given.definition.improvement,
                "unit": each.given.definition.unit,
                "multiplier": each.given.definition.printed_multiplier,
                "file": each.given.path.name,
                "sha256": each.given.definition.sha256,
            }
            for each in asked
        ],
        "data": [
            {"file": file.name, "kind": file.kind, "rows": len(rows), "sha256": file.sha256}
            for file, (_, rows) in zip(files, cases.files, strict=True)
        ],
        "options": {
            "by": options.by,
            "period": options.period or None,
            "grains": [grain.value for grain in options.grains] if options.period else [],
            "year_starts": options.year_starts,
            "minimum_cases": options.minimum_cases,
            "missing": options.missing,
            "dates": options.dates or None,
            "organization": options.organization.name if options.organization else None,
        },
    }


def _with_place(wrong: CasesError, cases: Cases) -> str:
    """Name the file and row of the case that is to blame, where one is."""
    if wrong.case is not None:
        return f"{cases.place(wrong.case)}: {wrong.message}"
    return str(wrong)


def _deliver(
    options: Options,
    text: str,
    show: Callable[[str], None],
    explained: tuple[Sequence[_Asked], Cases] | None,
) -> None:
    """Write everything, or nothing: files appear only when all of them are complete."""
    with ExitStack() as files:
        if options.cases and explained:
            asked, cases = explained
            stream = files.enter_context(written_whole(options.cases))
            definitions = [each.given.definition for each in asked]
            found = ((d.slug, explain_all(d, cases.table(d))) for d in definitions)
            write_cases(stream, cases, found)
        if options.out != DASH:
            files.enter_context(written_whole(Path(options.out))).write(text)
    if options.out == DASH:
        show(text)
