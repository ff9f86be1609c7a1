"""The standard library of indicators: one reviewed file each, in plain TOML."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from indicators.measure.definition import Definition

FOLDER = Path(__file__).parent


@cache
def standard_definitions() -> tuple[Definition, ...]:
    """Read every standard indicator, in the order of their slugs.

    Raises:
        DefinitionError: a file cannot be measured.
    """
    files = sorted(FOLDER.glob("*.toml"), key=lambda file: file.stem)
    return tuple(Definition.from_document(tomllib.loads(f.read_text("utf-8"))) for f in files)


def standard_definition(slug: str) -> Definition:
    """Return one standard indicator.

    Raises:
        LookupError: there is none of that slug.
    """
    for definition in standard_definitions():
        if definition.slug == slug:
            return definition
    known = ", ".join(definition.slug for definition in standard_definitions())
    raise LookupError(f"There is no standard indicator {slug!r}. There are: {known}.")
