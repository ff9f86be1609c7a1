"""One run of `manage.py measure`, from files to files."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import comanage
from indicators.measure.columns import CasesError, ColumnType
from indicators.measure.criteria.dialects import DialectName
from indicators.measure.explain import explain_all
from indicators.measure.organization import Organization, OrganizationError
from indicators.measure.sql import select_statement
from scorecards.offline.cases_out import write_cases
from scorecards.offline.definitions import Given, read_definitions
from scorecards.offline.errors import OfflineError
from scorecards.offline.files import DataFile, open_data
from scorecards.offline.measuring import Layout, is_calendar, measured_rows
from scorecards.offline.options import DASH, Options
from scorecards.offline.results import csv_text, json_text, result_row
from scorecards.offline.table import (
    Cases,
    Wanted,
    folded_names,
    given_column,
    needed_columns,
    read_cases,
    wanted_of,
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
    organization = _organization(options.organization) if options.organization else None
    wanted = list(dict.fromkeys(column for each in asked for column in each.columns))
    names = folded_names(wanted)
    files = [open_data(path, names, options.sheet, options.encoding) for path in options.data]
    cases = read_cases(files, wanted, options.missing)
    for note in cases.notes:
        say(note)
    try:
        text = _results(asked, cases, files, organization, options)
    except (CasesError, OrganizationError) as wrong:
        raise OfflineError(_with_place(wrong, cases)) from None
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
    needed = tuple(wanted_of(column) for column in needed_columns(each.definition))
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
    files: Sequence[DataFile],
    organization: Organization | None,
    options: Options,
) -> str:
    rows: list[dict[str, Any]] = []
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
    if options.writes_json:
        return json_text(options.by, _head(asked, cases, files, options), rows)
    return csv_text(options.by, rows)


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
            "organization": options.organization.name if options.organization else None,
        },
        "warnings": list(cases.notes),
    }


def _organization(path: Path) -> Organization:
    try:
        text = path.read_text("utf-8-sig")
    except OSError as broken:
        raise OfflineError(f"{path.name} cannot be read: {broken.strerror}.") from None
    except UnicodeDecodeError:
        raise OfflineError(f"{path.name} is not UTF-8 text. Export as CSV in UTF-8.") from None
    rows = csv.DictReader(StringIO(text, newline=""))
    if not {"unit", "parent"} <= set(rows.fieldnames or ()):
        raise OfflineError(f"{path.name} needs the columns unit and parent.")
    parents: dict[str, str] = {}
    for number, row in enumerate(rows, 2):
        unit = (row["unit"] or "").strip()
        if not unit or unit in parents:
            raise OfflineError(
                f"{path.name}, row {number}: each unit stands in one row of its own."
            )
        parents[unit] = (row["parent"] or "").strip()
    try:
        return Organization(parents)
    except OrganizationError as wrong:
        raise OfflineError(f"{path.name}: {wrong}") from None


def _with_place(wrong: CasesError | OrganizationError, cases: Cases) -> str:
    """Name the file and row of the case that is to blame, where one is."""
    if isinstance(wrong, CasesError) and wrong.case is not None:
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
