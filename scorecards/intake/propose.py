"""Proposing the map of a feed from a sample of its file. Every guess is said in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indicators.measure.columns import LONGEST_NAME, RESERVED_WORDS, ColumnType
from scorecards.intake import spec_documents
from scorecards.intake.guesses import guess
from scorecards.intake.identifiers import MASK, holds_identifier, identifier_kind
from scorecards.intake.reading import header_name
from scorecards.intake.samples import Sample
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec, FileForm, SpecError

KEY_WORDS = re.compile(r"(?:^|_)(?:case|encounter|visit|admission|stay|csn|key)(?:_?id)?(?:_|$)")
COUNT_WORDS = re.compile(r"(?:^|_)(?:count|total|number_of|of|mean|average|avg|per)(?:_|$)")
NAMING_ENDS = ("id", "ccn", "npi", "code", "cd", "key", "nbr")
TIME_WORDS = re.compile(r"(?:^|_)(?:year|quarter|month|start|begin)(?:_|$)")
DATE_WORDS = ("discharge", "left", "end", "service", "admi", "arriv")
NAMELESS_START = "c_"
# What a row of aggregates is about: where one of them names the rows, no row is a case.
NO_CASE = re.compile(
    r"(?:^|_)(?:facility|hospital|provider|prvdr|ccn|aco|org|organization|site|unit|ward|department"
    r"|clinic|county|region|state|measure|indicator|metric|month|quarter|year|period|participant)"
    r"(?:_|$)"
)
OF_PERSONS = re.compile(
    r"(?:^|_)(?:gender|sex|race|ethnicity|age|birth|disposition|length_of_stay|los)(?:_|$)"
)
MARKS_OF_PERSONS = 3
REFUSED = "A file that has this column is refused: take it out of the export."
TOTAL = re.compile(r"(?i)(?:grand )?totals?|state-?wide|all (?:units|hospitals|facilities)")
_OF_A_HOSPITAL = (
    r"(?:(?:facility|hospital|hosp|provider|prvdr|rndrng prvdr|organization|org|aco|agency|site"
    r"|mailing|physical|street) )*"
)
ABOUT_A_HOSPITAL = re.compile(
    rf"{_OF_A_HOSPITAL}(?:address(?: line)?(?: ?\d)?|street|city|town|city town|postal code"
    r"|zip(?: ?\d)?(?: code)?|county(?: name| parish)?|(?:tele)?phone(?: number)?"
    r"|fax(?: number)?|website|url)"
    r"|(?:facility|hospital|hosp|provider|prvdr|rndrng prvdr) (?:org )?name"
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
    spelled = words.lower().replace("%", " percent ").replace("#", " number ")
    name = re.sub(r"[^a-z0-9]+", "_", spelled).strip("_")
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
        return LeftOut(name, f"The name looks like {kind}, which is never collected. {REFUSED}")
    if holds_identifier(name):
        asked = "It holds what looks like an identifier: is this row the header?"
        return LeftOut(MASK, f"{asked} {REFUSED}")
    if not name:
        return LeftOut(name, "It has no name. A file with it is refused: name it, or take it out.")
    if header.count(name) > 1:
        why = "The header names it more than once. Such a file is refused: keep one of them."
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
    windows = _windows(made) if row_key else ()
    dated = "" if windows else _date_column(made, values)
    if dated:
        said.append(f"{dated} is taken for the day that places a row in its period.")
    if windows:
        said.append(
            f"{' and '.join(windows)} say what days a figure is of. They are kept; each row counts "
            f"for the period of its file."
        )
    if sample.form.notes:
        said.append("The last rows read like notes: they are not taken for cases.")
    keys = {case_key, *row_key}
    said += _totals([name for name in (case_key, *row_key) if name], values)
    names = [*(each.name for each in left_out), *map(header_name, sample.names_elsewhere)]
    described = [n for n in names if identifier_kind(n) and _is_about_a_hospital(n)]
    about = tuple(dict.fromkeys(described)) if row_key else ()
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
    full = [c for c in columns if values[c.name] and all(t.strip() for t in values[c.name])]
    codes = [c.name for c in full if c.type is ColumnType.CODE]
    wholes = [c.name for c in full if c.type is ColumnType.WHOLE]
    unique = [name for name in (*codes, *wholes) if _are_unique([name], values)]
    named = [n for n in unique if KEY_WORDS.search(n) and not COUNT_WORDS.search(n)]
    coded = sorted((n for n in codes if n in unique), key=lambda n: not n.endswith(NAMING_ENDS))
    key = next(iter((*named, *coded)), "")
    counts = [c for c in columns if c.type in (ColumnType.WHOLE, ColumnType.DECIMAL)]
    if counts and key not in named and NO_CASE.search(key):
        said = f"{key} names no case and is different in every row: taken for aggregates."
        return "", (key,), [said]
    if key:
        return key, (), [f"{key} is different in every row of the sample: taken for the case key."]
    days = [c.name for c in full if c.type is ColumnType.DATE]
    times = [name for name in (*wholes, *days) if TIME_WORDS.search(name)]
    together = _together([*codes, *times], values) if counts else ()
    persons = [c.name for c in columns if OF_PERSONS.search(c.name)]
    if len(persons) >= MARKS_OF_PERSONS:
        said = f"{' and '.join(persons[:3])} are told of persons: is each row one of them?"
        return "", (), [f"{said} Nothing in the sample names a row: choose the case key."]
    if any(map(NO_CASE.search, together)):
        said = f"{' and '.join(together)} together are different in every row."
        return "", together, [f"{said} Taken for aggregates."]
    return "", (), ["Nothing in the sample names a row: choose the case key."]


def _totals(names: Sequence[str], values: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name in names:
        totals = [text.strip() for text in values[name] if TOTAL.fullmatch(text.strip())]
        if totals:
            yield (
                f"{totals[0]!r} in {name} reads like the sum of other rows: leave such rows out of "
                f"the export, or they count twice."
            )


def _together(able: Sequence[str], values: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Find few columns that are different together in every row; none where all are not."""
    if not able or not _are_unique(able, values):
        return ()
    number = next(n for n in range(1, len(able) + 1) if _are_unique(able[:n], values))
    together = list(able[:number])
    for name in sorted(together, key=lambda name: name.endswith(NAMING_ENDS)):
        rest = [other for other in together if other != name]
        together = rest if rest and _are_unique(rest, values) else together
    return tuple(together)


def _are_unique(names: Sequence[str], values: Mapping[str, Sequence[str]]) -> bool:
    rows = list(zip(*(values[name] for name in names), strict=True))
    return len(set(rows)) == len(rows)


def _windows(columns: Sequence[FeedColumn]) -> tuple[str, ...]:
    """Find the first and the last day of what each figure is of, where a file has both."""
    days = [c.name for c in columns if c.type is ColumnType.DATE]
    first = next((n for n in days if re.search(r"(?:^|_)(?:start|begin)", n)), "")
    last = next((n for n in days if re.search(r"(?:^|_)(?:end|through)", n)), "")
    return (first, last) if first and last else ()


def _date_column(columns: Sequence[FeedColumn], values: Mapping[str, Sequence[str]]) -> str:
    days = [
        c.name
        for c in columns
        if c.type is ColumnType.DATE
        and all(text.strip() not in ("", "?") for text in values[c.name])
    ]
    named = [name for word in DATE_WORDS for name in days if word in name]
    return next(iter((*named, *days)), "")
