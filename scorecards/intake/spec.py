"""What a feed promises: its columns, the case key, the date that places a case.

Nothing here opens a file. `checks` holds an extract against a specification.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from indicators.measure.columns import Column, ColumnError, ColumnType
from scorecards.intake.identifiers import holds_identifier, identifier_kind

MAX_COLUMNS = 500
MAX_CODES = 10_000
MAX_TEXT = 100
MAX_PLACES = 9
DEFAULT_PLACES = 6
LIMIT_TOO_LARGE = Decimal(10) ** 18
NUMERIC = frozenset({ColumnType.WHOLE, ColumnType.DECIMAL})
KEY_TYPES = frozenset({ColumnType.CODE, ColumnType.WHOLE})


class SpecError(ValueError):
    """A feed specification that cannot be used; the text names the place."""


class DataLevel(StrEnum):
    """How much of a case a feed may carry."""

    AGGREGATES = "L0"
    CODED_CASES = "L1"
    KEYED_CASES = "L2"


@dataclass(frozen=True, slots=True)
class FeedColumn:
    """One column that a feed keeps.

    Args:
        name_in_file: the header as the hospital's extract writes it.
        name: the name that criteria use.
        codes: allowed codes; empty allows any.
        missing: texts that mean "missing" here, beside the empty cell and `?`.
        minimum: smallest number allowed, itself included.
        maximum: largest number allowed, itself included.
        places: decimals kept of a decimal column; a cell with more is refused, never rounded.
    """

    name_in_file: str
    name: str
    type: ColumnType
    required: bool = False
    codes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    label: str = ""
    places: int = DEFAULT_PLACES

    def __post_init__(self) -> None:
        """Refuse a column that could never be filled or may never be sent."""
        self._check_names()
        if self.type not in list(ColumnType):
            raise SpecError(f"Column {self.name}: there is no type {self.type!r}.")
        if self.codes and self.type is not ColumnType.CODE:
            raise SpecError(f"Column {self.name}: only a code column has a code list.")
        self._check_texts("codes", self.codes)
        self._check_texts("missing", self.missing)
        self._check_limits()

    def _check_names(self) -> None:
        if not self.name_in_file.strip() or self.name_in_file != self.name_in_file.strip():
            raise SpecError(
                f"Column {self.name!r}: give its name in the file, without outer spaces."
            )
        if len(self.name_in_file) > MAX_TEXT or len(self.label) > MAX_TEXT:
            raise SpecError(
                f"Column {self.name!r}: at most {MAX_TEXT} characters in a name or label."
            )
        try:
            Column(self.name, self.type, self.label)
        except ColumnError as refused:
            raise SpecError(str(refused)) from None
        for name in (self.name_in_file, self.name):
            kind = identifier_kind(name)
            if kind:
                raise SpecError(
                    f"Column {name!r} looks like {kind}. Identifiers and free text are never "
                    f"collected: leave the column out."
                )

    def _check_texts(self, what: str, texts: tuple[str, ...]) -> None:
        if len(set(texts)) != len(texts):
            raise SpecError(f"Column {self.name}: the list of {what} names something twice.")
        if len(texts) > MAX_CODES:
            raise SpecError(f"Column {self.name}: at most {MAX_CODES:,} {what}.")
        for text in texts:
            if text != text.strip() or len(text) > MAX_TEXT or holds_identifier(text):
                raise SpecError(f"Column {self.name}: one of the {what} is not a plain short text.")
        if what == "codes" and "" in texts:
            raise SpecError(f"Column {self.name}: an empty cell is missing, not a code.")

    def _check_limits(self) -> None:
        limits = [limit for limit in (self.minimum, self.maximum) if limit is not None]
        if limits and self.type not in NUMERIC:
            raise SpecError(f"Column {self.name}: only numbers have a minimum or maximum.")
        for limit in limits:
            if not isinstance(limit, Decimal) or not limit.is_finite():
                raise SpecError(f"Column {self.name}: limits are decimals, not {limit!r}.")
            if abs(limit) >= LIMIT_TOO_LARGE or round(limit, MAX_PLACES) != limit:
                raise SpecError(f"Column {self.name}: the limit {limit} has too many digits.")
            if self.type is ColumnType.WHOLE and limit != limit.to_integral_value():
                raise SpecError(f"Column {self.name}: a whole column has whole limits.")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise SpecError(f"Column {self.name}: the minimum is above the maximum.")
        if not 0 <= self.places <= MAX_PLACES:
            raise SpecError(f"Column {self.name}: places go from 0 to {MAX_PLACES}.")


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """The columns of a feed, which of them names a case, and which one dates it.

    Args:
        case_key: name of the column whose values are present and unique.
        date_column: name of the date column that must lie in the period, or None when
            every case belongs to the period of its file.
    """

    columns: tuple[FeedColumn, ...]
    case_key: str
    date_column: str | None
    level: DataLevel

    def __post_init__(self) -> None:
        """Refuse columns named twice, and keys and dates that are no columns."""
        if not 0 < len(self.columns) <= MAX_COLUMNS:
            raise SpecError(f"A feed has 1 to {MAX_COLUMNS} columns, not {len(self.columns)}.")
        if self.level not in list(DataLevel):
            raise SpecError(f"There is no data level {self.level!r}. Use L0, L1 or L2.")
        for names in (
            [column.name for column in self.columns],
            [column.name_in_file for column in self.columns],
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise SpecError(f"Column {twice[0]!r} is declared twice.")
        if self.column(self.case_key, "case key").type not in KEY_TYPES:
            raise SpecError(f"The case key {self.case_key!r} must be a code or a whole number.")
        if self.date_column is not None:
            dated = self.column(self.date_column, "date column")
            if dated.type is not ColumnType.DATE:
                raise SpecError(f"The date column {self.date_column!r} is not of type date.")

    def column(self, name: str, role: str = "column") -> FeedColumn:
        """Find a declared column by its name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise SpecError(f"The {role} {name!r} is not a declared column.")

    def is_required(self, column: FeedColumn) -> bool:
        """Say whether every row needs a value here."""
        return column.required or column.name in (self.case_key, self.date_column)


def from_document(document: Mapping[str, Any]) -> FeedSpec:
    """Read a specification from plain JSON; decimals are text.

    Raises:
        SpecError: something is missing, unknown or contradictory.
    """
    given = _mapping(document, "specification", {"columns", "case_key", "date_column", "level"})
    columns = given.get("columns")
    if isinstance(columns, str | bytes) or not isinstance(columns, Sequence):
        raise SpecError("The specification needs a list of columns.")
    date_column = given.get("date_column")
    try:
        level = DataLevel(_text(given, "level", "specification"))
    except ValueError:
        raise SpecError("There is no such data level. Use L0, L1 or L2.") from None
    return FeedSpec(
        columns=tuple(_column(column, place) for place, column in enumerate(columns, 1)),
        case_key=_text(given, "case_key", "specification"),
        date_column=None if date_column is None else _text(given, "date_column", "specification"),
        level=level,
    )


def to_document(spec: FeedSpec) -> dict[str, Any]:
    """Write a specification as plain JSON; `from_document` reads it back."""
    return {
        "level": spec.level.value,
        "case_key": spec.case_key,
        "date_column": spec.date_column,
        "columns": [
            {
                "name_in_file": column.name_in_file,
                "name": column.name,
                "type": column.type.value,
                "label": column.label,
                "required": column.required,
                "codes": list(column.codes),
                "missing": list(column.missing),
                "minimum": None if column.minimum is None else format(column.minimum, "f"),
                "maximum": None if column.maximum is None else format(column.maximum, "f"),
                "places": column.places,
            }
            for column in spec.columns
        ],
    }


COLUMN_KEYS = frozenset(
    (
        "name_in_file",
        "name",
        "type",
        "label",
        "required",
        "codes",
        "missing",
        "minimum",
        "maximum",
        "places",
    )
)


def _column(document: Any, place: int) -> FeedColumn:
    where = f"column {place}"
    given = _mapping(document, where, COLUMN_KEYS)
    try:
        kind = ColumnType(_text(given, "type", where))
    except ValueError:
        known = ", ".join(ColumnType)
        raise SpecError(f"In {where} the type is unknown. Use one of {known}.") from None
    required, places = given.get("required", False), given.get("places", DEFAULT_PLACES)
    if not isinstance(required, bool) or type(places) is not int:
        raise SpecError(f"In {where} `required` is true or false, `places` a whole number.")
    return FeedColumn(
        name_in_file=_text(given, "name_in_file", where),
        name=_text(given, "name", where),
        type=kind,
        label=_text({"label": "", **given}, "label", where),
        required=required,
        codes=_texts(given, "codes", where),
        missing=_texts(given, "missing", where),
        minimum=_decimal(given, "minimum", where),
        maximum=_decimal(given, "maximum", where),
        places=places,
    )


def _mapping(value: Any, where: str, keys: frozenset[str] | set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise SpecError(f"The {where} must be an object with named parts.")
    unknown = sorted(str(key) for key in value if key not in keys)
    if unknown:
        raise SpecError(f"The {where} has an unknown part {unknown[0]!r}.")
    return value


def _text(given: Mapping[str, Any], key: str, where: str) -> str:
    value = given.get(key)
    if not isinstance(value, str):
        raise SpecError(f"The {where} needs a text for {key!r}.")
    return value


def _texts(given: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    values = given.get(key, [])
    if not isinstance(values, list | tuple) or not all(isinstance(v, str) for v in values):
        raise SpecError(f"The {where} needs a list of texts for {key!r}.")
    return tuple(values)


def _decimal(given: Mapping[str, Any], key: str, where: str) -> Decimal | None:
    if given.get(key) is None:
        return None
    try:
        return Decimal(_text(given, key, where))
    except InvalidOperation:
        raise SpecError(f"The {where} needs a number written as text for {key!r}.") from None
