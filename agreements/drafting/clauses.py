"""The standard agreement: clauses in files, one each, in the order of their names. Pure.

The files stand in `standard/`. Each is a starting point for counsel, in words of our own; what a
program changes is kept apart from them (`models.ClauseChange`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from agreements.drafting.document import Standard

FOLDER = Path(__file__).parent / "standard"
STANDARD = Standard("CoManage standard agreement", "2026-11-28")


@dataclass(frozen=True, slots=True)
class StandardParagraph:
    """A paragraph with the conditions under which it is printed."""

    text: str
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandardClause:
    """A clause of the standard.

    Attributes:
        key: stable; changes, anchors and redlines name the clause by it.
        is_mandatory: whether leaving it out is warned of.
        why: what it is there for, for whoever drafts.
        source: the rule or practice behind it.
    """

    key: str
    heading: str
    paragraphs: tuple[StandardParagraph, ...]
    when: tuple[str, ...]
    unless: tuple[str, ...]
    is_mandatory: bool
    why: str
    source: str


@cache
def standard_clauses() -> tuple[StandardClause, ...]:
    """Read every clause of the standard, in its order."""
    files = sorted(FOLDER.glob("*.toml"), key=lambda file: file.stem)
    return tuple(_clause(tomllib.loads(file.read_text("utf-8"))) for file in files)


def standard_clause(key: str) -> StandardClause | None:
    """Find a clause of the standard; None when it has none of that key."""
    return next((each for each in standard_clauses() if each.key == key), None)


def _clause(written: Mapping[str, Any]) -> StandardClause:
    return StandardClause(
        key=written["key"],
        heading=written["heading"],
        paragraphs=tuple(
            StandardParagraph(
                " ".join(each["text"].split()),
                tuple(each.get("when", ())),
                tuple(each.get("unless", ())),
            )
            for each in written["paragraph"]
        ),
        when=tuple(written.get("when", ())),
        unless=tuple(written.get("unless", ())),
        is_mandatory=written["is_mandatory"],
        why=written["why"],
        source=written["source"],
    )
