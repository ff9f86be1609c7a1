"""What a feed promises: its columns, what names a row, the date that places it, its file.

This is the one address for whoever uses a specification; its parts are written in
`spec_columns` and `spec_files`, its JSON in `spec_documents`. Nothing here opens a file:
`checks` holds an extract against a specification.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from indicators.measure.columns import ColumnType
from scorecards.intake import spec_documents
from scorecards.intake.spec_columns import (
    DEFAULT_PLACES,
    MARKS,
    MAX_TEXT,
    NUMERIC,
    TEMPORAL,
    FeedColumn,
    SpecError,
    text_complaints,
)
from scorecards.intake.spec_files import ENCODINGS, PLAIN_FORM, SEPARATORS, FileForm, Notes

__all__ = [
    "DEFAULT_PLACES",
    "ENCODINGS",
    "MARKS",
    "SEPARATORS",
    "SUPPRESSED_SUFFIX",
    "DataLevel",
    "FeedColumn",
    "FeedSpec",
    "FileForm",
    "Notes",
    "SpecError",
    "TimeOrder",
    "from_document",
    "to_document",
]
MAX_COLUMNS = 500
MAX_ORDERS = 100
MAX_ORGANIZATION_COLUMNS = 30
OF_A_PERSON = re.compile(
    r"patient|person|member|beneficiar|subscriber|guarantor|birth|dob|ssn|mrn|record|account",
    re.IGNORECASE,
)
SUPPRESSED_SUFFIX = "_suppressed"
KEY_TYPES = frozenset({ColumnType.CODE, ColumnType.WHOLE})
ROW_KEY_TYPES = KEY_TYPES | {ColumnType.DATE}


class DataLevel(StrEnum):
    """How much of a case a feed may carry."""

    AGGREGATES = "L0"  # counts; no row is a case
    CODED_CASES = "L1"
    KEYED_CASES = "L2"  # the case key is a hash that only the hospital can compute


@dataclass(frozen=True, slots=True)
class TimeOrder:
    """Two columns of days or of moments, of which the second never lies before the first."""

    earlier: str
    later: str


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """The columns of a feed, which of them names a row, and which one dates it.

    Args:
        case_key: name of the column whose values are present and unique; empty for aggregates.
        date_column: name of the date column that must lie in the period, or None when
            every row belongs to the period of its file.
        missing: texts that mean "missing" in every column.
        suppressed: texts that mean "withheld" in every column.
        orders: what must not happen before what.
        row_key: the columns that are unique together: of aggregates as declared, of cases the
            case key alone, whatever is given.
        organization_columns: of aggregates, names in the file of columns that describe a hospital
            and never a person, such as its address: dropped, and not taken for identifiers.
    """

    columns: tuple[FeedColumn, ...]
    case_key: str
    date_column: str | None
    level: DataLevel
    missing: tuple[str, ...] = ()
    suppressed: tuple[str, ...] = ()
    orders: tuple[TimeOrder, ...] = ()
    form: FileForm = PLAIN_FORM
    row_key: tuple[str, ...] = ()
    organization_columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse columns named twice, and keys and dates that are no columns."""
        if not 0 < len(self.columns) <= MAX_COLUMNS:
            raise SpecError(
                f"A feed has 1 to {MAX_COLUMNS} columns, not {len(self.columns)}.", part="columns"
            )
        if self.level not in list(DataLevel):
            raise SpecError(f"There is no data level {self.level!r}. Use L0, L1 or L2.")
        _check_names(self)
        if self.level is DataLevel.AGGREGATES:
            _check_aggregates(self)
        else:
            _check_case_key(self)
            object.__setattr__(self, "row_key", (self.case_key,))
        if self.date_column is not None:
            dated = self.column(self.date_column, "date column", part="date_column")
            if dated.type is not ColumnType.DATE:
                raise SpecError(
                    f"The date column {self.date_column!r} is not of type date.",
                    part="date_column",
                )
        _check_texts(self)
        _check_organization(self)
        _check_orders(self)

    def column(self, name: str, role: str = "column", *, part: str = "") -> FeedColumn:
        """Find a declared column by its name; `part` is the field that names it."""
        for column in self.columns:
            if column.name == name:
                return column
        raise SpecError(f"The {role} {name!r} is not a declared column.", part=part)

    def is_required(self, column: FeedColumn) -> bool:
        """Say whether every row needs a value here."""
        return column.required or column.name in (*self.row_key, self.date_column)

    def in_full(self, column: FeedColumn) -> FeedColumn:
        """Return a column with the texts that mean missing or suppressed in the whole feed."""
        if not (self.missing or self.suppressed):
            return column
        return replace(
            column,
            missing=tuple(dict.fromkeys((*self.missing, *column.missing))),
            suppressed=tuple(dict.fromkeys((*self.suppressed, *column.suppressed))),
        )

    def keeps_suppressed(self, column: FeedColumn) -> bool:
        """Say whether a slice holds, beside the column, a flag for its suppressed cells.

        A required column has none: suppressed is no value, and refuses the row.
        """
        return bool(self.suppressed or column.suppressed) and not self.is_required(column)


def from_document(document: Mapping[str, Any]) -> FeedSpec:
    """Read a specification from plain JSON; decimals are text.

    Raises:
        SpecError: something is missing, unknown or contradictory.
    """
    given = spec_documents.read_spec(document)
    try:
        level = DataLevel(given.pop("level"))
    except ValueError:
        raise SpecError("There is no such data level. Use L0, L1 or L2.") from None
    row_key = given["row_key"]
    if level is not DataLevel.AGGREGATES and row_key not in ((), (given["case_key"],)):
        raise SpecError("Only aggregates have a row key of several columns.")
    orders = tuple(TimeOrder(*pair) for pair in given.pop("orders"))
    return FeedSpec(level=level, orders=orders, **given)


def to_document(spec: FeedSpec) -> dict[str, Any]:
    """Write a specification as plain JSON; `from_document` reads it back."""
    return {
        "level": spec.level.value,
        "case_key": spec.case_key,
        "date_column": spec.date_column,
        "row_key": list(spec.row_key),
        "organization_columns": list(spec.organization_columns),
        "missing": list(spec.missing),
        "suppressed": list(spec.suppressed),
        "orders": [{"earlier": order.earlier, "later": order.later} for order in spec.orders],
        "form": spec_documents.form_document(spec.form),
        "columns": [spec_documents.column_document(column) for column in spec.columns],
    }


def _check_names(spec: FeedSpec) -> None:
    for part in ("name", "name_in_file"):
        names = [getattr(column, part) for column in spec.columns]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise SpecError(f"Column {twice[0]!r} is declared twice.", part=part, column=twice[0])


def _check_aggregates(spec: FeedSpec) -> None:
    if spec.case_key:
        raise SpecError(
            "Aggregates have no case key: name the columns of the row key.", part="row_key"
        )
    if not spec.row_key:
        raise SpecError(
            "Aggregates need a row key: the columns that are unique together.", part="row_key"
        )
    if len(set(spec.row_key)) != len(spec.row_key):
        raise SpecError("The row key names a column twice.", part="row_key")
    for name in spec.row_key:
        if spec.column(name, "row key", part="row_key").type not in ROW_KEY_TYPES:
            raise SpecError(
                f"The row key {name!r} must be a code, a whole number or a date.", part="row_key"
            )
    if not any(c.type in NUMERIC and c.name not in spec.row_key for c in spec.columns):
        raise SpecError(
            "Aggregates need a whole or decimal column beside the row key, such as a numerator, a "
            "denominator or a score.",
            part="columns",
        )


def _check_organization(spec: FeedSpec) -> None:
    names = spec.organization_columns
    if names and spec.level is not DataLevel.AGGREGATES:
        raise SpecError(
            "Only aggregates, level L0, have columns that describe a hospital.",
            part="organization_columns",
        )
    if len(names) > MAX_ORGANIZATION_COLUMNS or len(set(names)) != len(names):
        raise SpecError(
            f"At most {MAX_ORGANIZATION_COLUMNS} columns describe a hospital, each named once.",
            part="organization_columns",
        )
    for name in names:
        if not name or name != " ".join(name.split()) or len(name) > MAX_TEXT:
            said = "Name a column that describes a hospital as the file does."
        elif OF_A_PERSON.search(name):
            said = f"The column {name!r} is about a person: remove it from the export."
        elif name in {column.name_in_file for column in spec.columns}:
            said = f"Column {name!r} is both kept and one that describes a hospital."
        else:
            continue
        raise SpecError(said, part="organization_columns")


def _check_case_key(spec: FeedSpec) -> None:
    if not spec.case_key:
        raise SpecError(
            "Cases need a case key: choose the column that is different in every row.",
            part="row_key",
        )
    key = spec.column(spec.case_key, "case key", part="row_key")
    if key.type not in KEY_TYPES:
        raise SpecError(
            f"The case key {spec.case_key!r} must be a code or a whole number.", part="row_key"
        )
    if spec.level is DataLevel.KEYED_CASES and key.type is not ColumnType.CODE:
        raise SpecError(
            f"At level L2 the case key {spec.case_key!r} is a code: a hash made with the "
            f"hospital's own key.",
            part="row_key",
        )


def _check_texts(spec: FeedSpec) -> None:
    for what, texts in (("missing", spec.missing), ("suppressed", spec.suppressed)):
        for complaint in text_complaints(what, texts):
            raise SpecError(f"For the whole feed, {complaint}", part=what)
    names = {column.name for column in spec.columns}
    for column in spec.columns:
        try:
            in_full = spec.in_full(column)
        except SpecError as wrong:
            raise SpecError(
                f"{wrong} One of the two is declared for the whole feed.",
                part=wrong.part,
                column=column.name,
            ) from None
        for text in sorted(set(column.codes).intersection(spec.missing)):
            raise SpecError(
                f"Column {column.name}: {text!r} cannot be both a code and missing, as the whole "
                f"feed says.",
                part="codes",
                column=column.name,
            )
        flag = in_full.name + SUPPRESSED_SUFFIX
        if spec.keeps_suppressed(column) and flag in names:
            raise SpecError(
                f"Column {flag!r} is taken: it says which values of {column.name} are suppressed.",
                part="name",
                column=flag,
            )


def _check_orders(spec: FeedSpec) -> None:
    if len(spec.orders) > MAX_ORDERS or len(set(spec.orders)) != len(spec.orders):
        raise SpecError(f"At most {MAX_ORDERS} orders of times, each once.", part="orders")
    for order in spec.orders:
        first = spec.column(order.earlier, "earlier time", part="orders")
        second = spec.column(order.later, "later time", part="orders")
        if first.type not in TEMPORAL or first.type is not second.type or first == second:
            raise SpecError(
                f"{order.earlier!r} and {order.later!r} must be two days or two moments.",
                part="orders",
            )
