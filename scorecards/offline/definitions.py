"""Reading definitions from JSON or TOML files."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indicators.measure.columns import CasesError
from indicators.measure.deck import run_deck
from indicators.measure.definition import Definition, DefinitionError
from indicators.measure.definition_document import Problem
from scorecards.offline.errors import OfflineError

LARGEST_FILE = 10_000_000


@dataclass(frozen=True, slots=True)
class Given:
    """A definition and the file it came from."""

    definition: Definition
    path: Path


def read_definitions(paths: Sequence[Path], *, skip_deck: bool) -> list[Given]:
    """Read definitions, and run the test deck of each.

    Raises:
        OfflineError: everything that is wrong, each with its file and place.
    """
    given, problems = [], []
    for path in paths:
        try:
            definition = read_definition(path)
            problems += [] if skip_deck else _deck_problems(path, definition)
            given.append(Given(definition, path))
        except OfflineError as wrong:
            problems += wrong.messages
    slugs = [each.definition.slug for each in given]
    problems += [
        f"Two definitions have the slug “{slug}”. Give each its own."
        for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1})
    ]
    if problems:
        raise OfflineError(*problems)
    return given


def read_definition(path: Path) -> Definition:
    """Read one definition.

    Raises:
        OfflineError: everything that is wrong with it.
    """
    document = _document(path)
    if not isinstance(document, dict):
        raise OfflineError(f"{path.name}: a definition is an object with named fields.")
    if document.get("resourceType") == "Measure":
        raise OfflineError(
            f"{path.name} is a FHIR Measure, not a definition. Import it first: manage.py fhir."
        )
    try:
        definition = Definition.from_document(document)
    except DefinitionError as wrong:
        raise OfflineError(*(_sentence(path, problem) for problem in wrong.problems)) from None
    if not definition.is_executable:
        raise OfflineError(
            f"{path.name}: the logic of this indicator is not executable here. Write its "
            f"populations as criteria over columns."
        )
    return definition


def _sentence(path: Path, problem: Problem) -> str:
    return f"{path.name}: {problem.place}: {' '.join(problem.message.split())}"


def _deck_problems(path: Path, definition: Definition) -> list[str]:
    try:
        failures = run_deck(definition)
    except CasesError as wrong:
        return [f"{path.name}: {wrong}"]
    return [f"{path.name}: test deck: {failure}" for failure in failures]


def _document(path: Path) -> Any:
    try:
        content = path.read_bytes()
    except OSError as broken:
        raise OfflineError(f"{path.name} cannot be read: {broken.strerror}.") from None
    if len(content) > LARGEST_FILE:
        raise OfflineError(f"{path.name}: a definition has at most {LARGEST_FILE:,} bytes.")
    is_toml = path.suffix.lower() == ".toml"
    try:
        text = content.decode("utf-8-sig")
        return tomllib.loads(text) if is_toml else json.loads(text, object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise OfflineError(f"{path.name}: the file is not UTF-8 text.") from None
    except RecursionError:
        raise OfflineError(f"{path.name}: the file is nested too deeply.") from None
    except json.JSONDecodeError as wrong:
        where = f"line {wrong.lineno}, column {wrong.colno}"
        raise OfflineError(f"{path.name}: not JSON at {where}: {wrong.msg}.") from None
    except ValueError as wrong:
        kind = "TOML" if is_toml else "JSON"
        raise OfflineError(f"{path.name}: not {kind}: {wrong}.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a field that is written twice: the first would be lost without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field “{twice}” is written twice")
    return found
