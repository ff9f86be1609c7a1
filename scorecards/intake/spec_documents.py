"""A specification as plain JSON: what may stand where. Decimals are text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from indicators.measure.columns import ColumnType
from scorecards.intake.spec_columns import DEFAULT_PLACES, FeedColumn, SpecError
from scorecards.intake.spec_files import PLAIN_FORM, FileForm, Notes

SPEC_KEYS = frozenset(
    {"level", "case_key", "date_column", "columns"}
    | {"row_key", "organization_columns", "missing", "suppressed", "orders", "form"}
)
FORM_KEYS = frozenset({"separator", "encoding", "sheet", "header_row", "notes"})
COLUMN_KEYS = frozenset(
    {"name_in_file", "name", "type", "label", "required", "codes", "missing"}
    | {"minimum", "maximum", "places", "unit", "width", "suppressed", "forms", "marks"}
)


def read_spec(document: Mapping[str, Any]) -> dict[str, Any]:
    """Read the parts of a specification, columns and form made, the rest as it is written.

    Raises:
        SpecError: something is missing, unknown or of another kind.
    """
    where = "specification"
    given = _mapping(document, where, SPEC_KEYS)
    date_column = given.get("date_column")
    return {
        "level": _text(given, "level", where),
        "case_key": _text({"case_key": "", **given}, "case_key", where),
        "date_column": None if date_column is None else _text(given, "date_column", where),
        "row_key": _texts(given, "row_key", where),
        "organization_columns": _texts(given, "organization_columns", where),
        "missing": _texts(given, "missing", where),
        "suppressed": _texts(given, "suppressed", where),
        "orders": [_order(order) for order in _list(given, "orders", "list of orders")],
        "form": read_form(given.get("form", {})),
        "columns": tuple(
            read_column(column, place)
            for place, column in enumerate(
                _list({"columns": None, **given}, "columns", "list of columns"), 1
            )
        ),
    }


def form_document(form: FileForm) -> dict[str, Any]:
    """Write how a file is laid out."""
    return {
        "separator": form.separator,
        "encoding": form.encoding,
        "sheet": form.sheet,
        "header_row": form.header_row,
        "notes": form.notes.value,
    }


def column_document(column: FeedColumn) -> dict[str, Any]:
    """Write one column."""
    return {
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
        "unit": column.unit,
        "width": column.width,
        "suppressed": list(column.suppressed),
        "forms": list(column.forms),
        "marks": list(column.marks),
    }


def read_column(document: Any, place: int) -> FeedColumn:
    """Read one column; `place` from 1 names it in messages."""
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
    width = given.get("width")
    if width is not None and type(width) is not int:
        raise SpecError(f"In {where} `width` is a whole number of digits, or null.")
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
        unit=_text({"unit": "", **given}, "unit", where),
        width=width,
        suppressed=_texts(given, "suppressed", where),
        forms=_texts(given, "forms", where),
        marks=_texts(given, "marks", where),
    )


def read_form(document: Any) -> FileForm:
    """Read how a file is laid out."""
    given = _mapping(document, "form", FORM_KEYS)
    header_row = given.get("header_row", PLAIN_FORM.header_row)
    if type(header_row) is not int:
        raise SpecError("In the form `header_row` is a whole number.")
    try:
        notes = Notes(_text({"notes": "", **given}, "notes", "form"))
    except ValueError:
        raise SpecError("In the form `notes` is after_blank, lone_cells or empty.") from None
    return FileForm(
        separator=_text({"separator": "", **given}, "separator", "form"),
        encoding=_text({"encoding": "", **given}, "encoding", "form"),
        sheet=_text({"sheet": "", **given}, "sheet", "form"),
        header_row=header_row,
        notes=notes,
    )


def _order(document: Any) -> tuple[str, str]:
    given = _mapping(document, "order of times", frozenset({"earlier", "later"}))
    where = "order of times"
    return _text(given, "earlier", where), _text(given, "later", where)


def _mapping(value: Any, where: str, keys: frozenset[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise SpecError(f"The {where} must be an object with named parts.")
    unknown = sorted(str(key) for key in value if key not in keys)
    if unknown:
        raise SpecError(f"The {where} has an unknown part {unknown[0]!r}.")
    return value


def _list(given: Mapping[str, Any], key: str, what: str) -> Sequence[Any]:
    values = given.get(key, [])
    if not isinstance(values, list | tuple):
        raise SpecError(f"The specification needs a {what}.")
    return values


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
