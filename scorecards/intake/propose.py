"""Proposing the map of a feed from a sample of its file. Every guess is said in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indicators.measure.columns import LONGEST_NAME, RESERVED_WORDS, ColumnType
from scorecards.intake import spec_documents
from scorecards.intake.guesses import guess
from scorecards.intake.identifiers import identifier_kind
from scorecards.intake.samples import Sample
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec, FileForm, SpecError

KEY_WORDS = ("case", "encounter", "visit", "admission", "stay", "csn", "key")
DATE_WORDS = ("discharge", "left", "end", "service", "admi", "arriv")
NAMELESS_START = "c_"
HOSPITAL_WORDS = ("facility", "hospital", "provider", "ccn")
ABOUT_A_HOSPITAL = re.compile(
    r"(?:facility|hospital|provider|organization) name"
    r"|(?:(?:facility|hospital|provider|organization) )?"
    r"(?:address(?: line)?(?: \d)?|city|town|city town|zip(?: code)?|county(?: name| parish)?"
    r"|(?:tele)?phone(?: number)?)"
)


@dataclass(frozen=True, slots=True)
class ProposedColumn:
    """A column as it could be declared, and why."""

    column: FeedColumn
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column that is not proposed, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The map that a sample suggests; a person reads it before anything is declared.

    Args:
        case_key: empty for aggregates, and where nothing names a row.
        row_key: of aggregates.
        date_column: empty where none is found.
        said: what was guessed about the whole.
    """

    columns: tuple[ProposedColumn, ...]
    left_out: tuple[LeftOut, ...]
    level: DataLevel
    case_key: str
    row_key: tuple[str, ...]
    date_column: str
    form: FileForm
    said: tuple[str, ...]
    organization_columns: tuple[str, ...] = ()

    def spec(self) -> FeedSpec:
        """Make the specification.

        Raises:
            SpecError: nothing in the sample names a row, or there is no column.
        """
        return FeedSpec(
            columns=tuple(proposed.column for proposed in self.columns),
            case_key=self.case_key,
            date_column=self.date_column or None,
            level=self.level,
            form=self.form,
            row_key=self.row_key,
            organization_columns=self.organization_columns,
        )

    def to_document(self) -> dict[str, Any]:
        """Write as plain JSON."""
        return {
            "columns": [
                {"column": spec_documents.column_document(each.column), "said": list(each.said)}
                for each in self.columns
            ],
            "left_out": [{"name": each.name, "reason": each.reason} for each in self.left_out],
            "level": self.level.value,
            "case_key": self.case_key,
            "row_key": list(self.row_key),
            "date_column": self.date_column,
            "form": spec_documents.form_document(self.form),
            "said": list(self.said),
            "organization_columns": list(self.organization_columns),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Proposal:
        """Read back what `to_document` wrote."""
        return cls(
            columns=tuple(
                ProposedColumn(
                    spec_documents.read_column(each["column"], place), tuple(each["said"])
                )
                for place, each in enumerate(document["columns"], 1)
            ),
            left_out=tuple(LeftOut(**each) for each in document["left_out"]),
            level=DataLevel(document["level"]),
            case_key=document["case_key"],
            row_key=tuple(document["row_key"]),
            date_column=document["date_column"],
            form=spec_documents.read_form(document["form"]),
            said=tuple(document["said"]),
            organization_columns=tuple(document.get("organization_columns", ())),
        )


def propose(sample: Sample) -> Proposal:
    """Propose a map: names, types, marks, what names a row and what dates it."""
    cases = sample.cases
    cells = dict(enumerate(zip(*cases, strict=True))) if cases else {}
    columns: list[ProposedColumn] = []
    left_out: list[LeftOut] = []
    values: dict[str, Sequence[str]] = {}
    for place, name in enumerate(sample.header):
        texts = cells.get(place, ())
        found = _column(name, texts, sample.header, {each.column.name for each in columns})
        if isinstance(found, LeftOut):
            left_out.append(found)
        else:
            columns.append(found)
            values[found.column.name] = texts
    return _with_keys(columns, left_out, values, sample)


def column_name(header: str, taken: set[str]) -> str:
    """Turn a header into a name that criteria can use: `Length of Stay` is `length_of_stay`."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", header)
    name = re.sub(r"[^a-z0-9]+", "_", words.lower().replace("%", " percent ")).strip("_")
    if not name or name[0].isdigit():
        name = NAMELESS_START + name
    if name in RESERVED_WORDS:
        name += "_value"
    name = name[: LONGEST_NAME - len("_suppressed")].rstrip("_")
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _column(
    name: str, texts: Sequence[str], header: Sequence[str], taken: set[str]
) -> ProposedColumn | LeftOut:
    kind = identifier_kind(name)
    if kind:
        return LeftOut(name, f"The name looks like {kind}, which is never collected.")
    if not name or header.count(name) > 1:
        why = "It has no name." if not name else "The header names it more than once."
        return LeftOut(name, why)
    found = guess(name, texts)
    if found.left_out:
        return LeftOut(name, found.left_out)
    try:
        column = FeedColumn(name, column_name(name, taken), **found.parts)
    except SpecError as refused:
        return LeftOut(name, str(refused))
    return ProposedColumn(column, found.said)


def _with_keys(
    columns: list[ProposedColumn],
    left_out: list[LeftOut],
    values: Mapping[str, Sequence[str]],
    sample: Sample,
) -> Proposal:
    made = [each.column for each in columns]
    case_key, row_key, said = _keys(made, values)
    dated = _date_column(made, values)
    if dated:
        said.append(f"{dated} is taken for the day that places a row in its period.")
    keys = {case_key, *row_key}
    about = tuple(each.name for each in left_out if row_key and _is_about_a_hospital(each.name))
    if about:
        said.append(
            f"{', '.join(about)}: taken for words about the hospital and never a person. The file "
            f"may hold them; they are dropped."
        )
    return Proposal(
        columns=tuple(_required(each, keys) for each in columns),
        left_out=tuple(each for each in left_out if each.name not in about),
        level=DataLevel.AGGREGATES if row_key else DataLevel.CODED_CASES,
        case_key=case_key,
        row_key=row_key,
        date_column=dated,
        form=sample.form,
        said=tuple(said),
        organization_columns=about,
    )


def _is_about_a_hospital(name: str) -> bool:
    return bool(ABOUT_A_HOSPITAL.fullmatch(" ".join(re.split(r"[\W_]+", name.casefold()))))


def _required(proposed: ProposedColumn, keys: set[str]) -> ProposedColumn:
    if proposed.column.name not in keys:
        return proposed
    return replace(proposed, column=replace(proposed.column, required=True, codes=()))


def _keys(
    columns: Sequence[FeedColumn], values: Mapping[str, Sequence[str]]
) -> tuple[str, tuple[str, ...], list[str]]:
    """Find what names a row: one column, or for aggregates several together."""
    able = [c for c in columns if c.type in (ColumnType.CODE, ColumnType.WHOLE)]
    whole = [c for c in able if values[c.name] and all(text.strip() for text in values[c.name])]
    unique = [c.name for c in whole if len(set(values[c.name])) == len(values[c.name])]
    named = [name for name in unique if any(word in name for word in KEY_WORDS)]
    codes = [c.name for c in whole if c.type is ColumnType.CODE and c.name in unique]
    key = next(iter((*named, *codes)), "")
    counts = [c for c in columns if c.type in (ColumnType.WHOLE, ColumnType.DECIMAL)]
    if len(counts) > 1 and any(word in key for word in HOSPITAL_WORDS):
        said = f"{key} names a hospital and is different in every row: taken for aggregates."
        return "", (key,), [said]
    if key:
        return key, (), [f"{key} is different in every row of the sample: taken for the case key."]
    together: list[str] = []
    for column in whole:
        if column.type is ColumnType.CODE and len(counts) > 1:
            together.append(column.name)
            if _are_unique(together, values):
                for name in sorted(together, key=lambda name: name.endswith(("_id", "ccn"))):
                    rest = [other for other in together if other != name]
                    together = rest if rest and _are_unique(rest, values) else together
                said = f"{' and '.join(together)} together are different in every row."
                return "", tuple(together), [f"{said} Taken for aggregates."]
    return "", (), ["Nothing in the sample names a row: choose the case key."]


def _are_unique(names: Sequence[str], values: Mapping[str, Sequence[str]]) -> bool:
    rows = list(zip(*(values[name] for name in names), strict=True))
    return len(set(rows)) == len(rows)


def _date_column(columns: Sequence[FeedColumn], values: Mapping[str, Sequence[str]]) -> str:
    days = [
        c.name
        for c in columns
        if c.type is ColumnType.DATE
        and all(text.strip() not in ("", "?") for text in values[c.name])
    ]
    named = [name for word in DATE_WORDS for name in days if word in name]
    return next(iter((*named, *days)), "")
