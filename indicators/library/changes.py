"""What differs between two versions of a definition, field by field and word by word."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from indicators.measure.definition import Definition

_LISTS = {"columns": "name", "deck": "name", "foreign": "place"}
_GROUPS = ("plain", "governance", "benchmark")
_ALIKE = 0.5  # below it the words in common are chance, and a redline hides what was said
_WORDS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: `same`, `removed` or `added`."""

    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. `pieces` together hold the text before and the text after."""

    field: str
    before: str
    after: str
    pieces: tuple[Piece, ...]


def changes_between(before: Definition, after: Definition) -> list[Change]:
    """List the fields that differ, in the order of a definition."""
    earlier, later = _flat(before.to_document()), _flat(after.to_document())
    names = [*later, *(name for name in earlier if name not in later)]
    return [
        Change(name, old, new, _pieces(old, new))
        for name in names
        if (old := earlier.get(name, "")) != (new := later.get(name, ""))
    ]


def _flat(document: Mapping[str, Any]) -> dict[str, str]:
    """Write every field as one text under the name that a person knows it by."""
    flat: dict[str, str] = {}
    for name, value in document.items():
        label = name.replace("_", " ").capitalize()
        if name in _GROUPS:
            flat |= {f"{label}: {key.replace('_', ' ')}": text for key, text in value.items()}
        elif name in _LISTS:
            flat |= _listed(label, value, _LISTS[name])
        elif value is not None:
            flat[label] = str(value)
    return flat


def _listed(label: str, parts: list[Mapping[str, Any]], key: str) -> dict[str, str]:
    named: dict[str, str] = {}
    for part in parts:
        name, times = f"{label}: {part[key]}", 2
        while name in named:
            name, times = f"{label}: {part[key]} ({times})", times + 1
        named[name] = "; ".join(_said(field, value) for field, value in part.items() if value != "")
    return named


def _said(field: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{k} = {'missing' if v is None else v}" for k, v in value.items())
    return f"{field} {value}"


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Compare word by word; a redline that a lawyer reads without a legend."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    words = SequenceMatcher(None, old, new)
    if words.ratio() < _ALIKE:
        both = (Piece("removed", before), Piece("added", after))
        return tuple(piece for piece in both if piece.text)
    pieces: list[Piece] = []
    for kind, start, end, from_, to in words.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[start:end])))
            continue
        pieces += [
            Piece(state, text)
            for state, text in (
                ("removed", "".join(old[start:end])),
                ("added", "".join(new[from_:to])),
            )
            if text
        ]
    return tuple(pieces)
