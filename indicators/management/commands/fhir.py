"""`manage.py fhir`: FHIR R4 measures and reports in and out, without a database."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comanage.values.period import Period, PeriodError
from indicators.exchange.errors import ExchangeError, shown
from indicators.exchange.exports import read_definition, read_document, read_results
from indicators.exchange.imports import import_files
from indicators.exchange.json_text import write_json
from indicators.exchange.measures_out import canonical_of, measure_resource
from indicators.exchange.remarks import remarks
from indicators.exchange.reports_out import Sender, report_resource
from indicators.exchange.saving import encoded, save_text
from indicators.exchange.settlement_out import check_settlement, settlement_bundle

Document = dict[str, Any]
# What is written, and what a person should know of it.
Outcome = tuple[Document, Sequence[str]]


class Command(BaseCommand):
    """An offline door: files in, one file or the screen out."""

    help = "Import FHIR R4 Measures and MeasureReports (JSON), or export ours."
    requires_system_checks: list[str] = []  # no database and no site are needed

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer `import` and the three exports."""
        doors = parser.add_subparsers(dest="door", required=True)
        incoming = doors.add_parser("import", help="read Measures and MeasureReports")
        incoming.add_argument("files", nargs="+", type=Path, metavar="FILE")
        incoming.add_argument("--measure", type=Path, help="the Measure the reports are about")
        incoming.add_argument("--sum", action="store_true", help="add up individual reports")
        incoming.add_argument("--out", type=Path, help="where to write; else on the screen")
        outgoing = doors.add_parser("export", help="write a Measure, a report, a settlement")
        kinds = outgoing.add_subparsers(dest="kind", required=True)
        _measure_arguments(kinds.add_parser("measure", help="a definition as a Measure"))
        _report_arguments(kinds.add_parser("report", help="results as a summary report"))
        settlement = kinds.add_parser("settlement", help="a settlement, value-based reporting")
        settlement.add_argument("--settlement", type=Path, required=True, metavar="FILE")
        settlement.add_argument("--out", type=Path, help="where to write; else on the screen")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, or say in one sentence why not; nothing is written then."""
        try:
            document, said = _DOORS[options.get("kind") or options["door"]](options)
            text = write_json(document)
            encoded(text)
            if options["out"] is not None:
                save_text(options["out"], text)
        except ExchangeError as refused:
            raise CommandError(shown(str(refused))) from refused
        if said:
            self.stderr.write("\n".join(shown(line) for line in said))
        if options["out"] is None:
            self._show(text)

    def _show(self, text: str) -> None:
        try:
            self.stdout.write(text, ending="")
        except UnicodeEncodeError as wrong:
            raise CommandError(
                "This screen cannot show a character of the document. Write to a file, with --out."
            ) from wrong


def _measure_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--definition", type=Path, required=True, metavar="FILE")
    parser.add_argument("--url", default="", help="the address of the Measure")
    parser.add_argument("--measure-version", default="", help="else part of the definition's hash")
    parser.add_argument("--period", nargs=2, type=_day, metavar=("FIRST", "LAST"))
    parser.add_argument("--date", type=_day, help="the day on the resource")
    parser.add_argument("--out", type=Path, help="where to write; else on the screen")


def _report_arguments(parser: ArgumentParser) -> None:
    _measure_arguments(parser)
    parser.add_argument("--results", type=Path, required=True, metavar="FILE")
    parser.add_argument("--reporter", default="", help="the name of the hospital")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day such as 2026-01-31.") from None


def _import(options: Document) -> Outcome:
    document = import_files(
        options["files"], measure_path=options["measure"], add_up=options["sum"]
    )
    return document, remarks(document)


def _export_measure(options: Document) -> Outcome:
    measure = measure_resource(
        read_definition(options["definition"]),
        url=options["url"],
        version=options["measure_version"],
        period=_period(options),
        dated=options["date"],
    )
    return measure, ()


def _export_report(options: Document) -> Outcome:
    period = _period(options)
    if period is None:
        raise ExchangeError("A report needs the days it is about: --period 2026-01-01 2026-12-31.")
    definition = read_definition(options["definition"])
    measured = read_results(options["results"], definition, period)
    report = report_resource(
        definition,
        measured.total,
        measure=canonical_of(definition, options["url"], options["measure_version"]),
        period=period,
        sender=Sender(options["reporter"], options["date"]),
        strata=measured.strata,
    )
    return report, measured.notes


def _export_settlement(options: Document) -> Outcome:
    return settlement_bundle(check_settlement(read_document(options["settlement"]))), ()


def _period(options: Document) -> Period | None:
    """Make the period of the first and the last day, both inside."""
    if not options["period"]:
        return None
    try:
        return Period.inclusive(*options["period"])
    except PeriodError as wrong:
        raise ExchangeError(str(wrong)) from wrong


_DOORS: dict[str, Callable[[Document], Outcome]] = {
    "import": _import,
    "measure": _export_measure,
    "report": _export_report,
    "settlement": _export_settlement,
}
