"""Whether options fit together: said in one sentence, before any file is read."""

from __future__ import annotations

import codecs
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from scorecards.offline.options import DASH, UNUSED_BY_SQL, Options

NO_TABLE = "cases"


class UsageError(ValueError):
    """Options that do not fit together."""


def options_of(given: Namespace | dict[str, object]) -> Options:
    """Take the options that were parsed.

    Raises:
        UsageError: a value that cannot be, or options that do not fit together.
    """
    values = dict(given if isinstance(given, dict) else vars(given))
    values["year_starts"] = _month(str(values["year_starts"]))
    values["minimum_cases"] = _count(str(values["minimum_cases"]))
    values["encoding"] = _encoding(str(values["encoding"]))
    options = Options(**{name: values[name] for name in Options.__dataclass_fields__})
    for problem in _problems(options):
        raise UsageError(problem)
    return options


def _problems(options: Options) -> Iterator[str]:
    yield from _of_outputs(options)
    yield from _of_sql(options)
    problems = {
        "--data is needed, unless --sql is given.": not options.data and not options.sql,
        "--organization needs exactly one --by.": options.organization and len(options.by) != 1,
        "--grain needs --period.": options.grain and not options.period,
        "--by names a column twice.": len(set(options.by)) < len(options.by),
        "--out ends with .csv or .json, or name the --format.": not _tells_format(options),
    }
    yield from (problem for problem, is_so in problems.items() if is_so)


def _of_outputs(options: Options) -> Iterator[str]:
    """Keep what is written away from what is read: an extract may have no other copy."""
    inputs = [*options.definition, *options.data]
    inputs += [options.organization] if options.organization else []
    outputs = {} if options.out == DASH else {"--out": Path(options.out)}
    if options.cases == Path(DASH):
        yield "--cases takes a file; only --out can be the screen."
    elif options.cases:
        outputs["--cases"] = options.cases
    for name, output in outputs.items():
        for path in inputs:
            if _is_same(output, path):
                yield f"{name} names an input file, {path.name}. Name another file."
    if len(outputs) > 1 and _is_same(*outputs.values()):
        yield "--cases and --out name the same file."


def _of_sql(options: Options) -> Iterator[str]:
    if not options.sql:
        if options.table != NO_TABLE:
            yield "--table needs --sql."
        return
    unused = [name for name, default in UNUSED_BY_SQL.items() if getattr(options, name) != default]
    if unused:
        listed = ", ".join(f"--{name.replace('_', '-')}" for name in unused)
        yield f"--sql writes a statement and measures nothing; leave out {listed}."


def _is_same(one: Path, other: Path) -> bool:
    """Say whether two paths are one file: spelled otherwise, or through a link."""
    try:
        return one.samefile(other)
    except OSError:
        # One of them is not there yet.
        return one.resolve() == other.resolve()


def _tells_format(options: Options) -> bool:
    suffix = Path(options.out).suffix.lower()
    return bool(options.sql or options.format) or options.out == DASH or suffix in (".csv", ".json")


def _month(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 12:
        return int(text)
    raise UsageError("--year-starts takes the number of a month, 1 to 12.")


def _count(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    raise UsageError("--minimum-cases takes a whole number, zero or more.")


def _encoding(text: str) -> str:
    try:
        return codecs.lookup(text).name if text else ""
    except (LookupError, ValueError):
        raise UsageError(
            "--encoding takes the name of an encoding, such as cp1252 or utf-16."
        ) from None
