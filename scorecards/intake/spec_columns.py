"""One column of a feed: what it is called, what it holds, and how the file writes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from indicators.measure.columns import Column, ColumnError, ColumnType
from scorecards.intake.day_forms import DAY_FORMS, FORMS, clashing_forms
from scorecards.intake.identifiers import holds_identifier, identifier_kind

MAX_CODES = 10_000
MAX_TEXT = 100
MAX_UNIT = 20
MAX_WIDTH = 20
MAX_PLACES = 12
DEFAULT_PLACES = 6
DEFAULT_MISSING = ("", "?")
LIMIT_TOO_LARGE = Decimal(10) ** 18
NUMERIC = frozenset({ColumnType.WHOLE, ColumnType.DECIMAL})
TEMPORAL = frozenset({ColumnType.DATE, ColumnType.MOMENT})
THOUSANDS, PERCENT, DOLLAR = MARKS = ("thousands", "percent", "dollar")


class SpecError(ValueError):
    """A feed specification that cannot be used; the text names the place.

    Attributes:
        part: the field that is wrong, of the column or of the whole; empty where none is.
        column: our name of the column that is wrong, or its name in the file; empty for the whole.
    """

    def __init__(self, said: str, *, part: str = "", column: str = "") -> None:
        super().__init__(said)
        self.part, self.column = part, column


Complaints = Iterator[tuple[str, str]]  # the field, and what is wrong with it


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
        places: decimals kept of a decimal column; a cell with more is refused, never rounded,
            unless they are zeros.
        unit: what a number counts, for people: `minutes`, `USD`, `per 1,000 line days`.
        width: digits of a code; one of fewer digits gets its lost leading zeros back.
        suppressed: texts that mean "withheld by whoever published it": neither zero nor missing.
        forms: ways in which days or moments are written, see `day_forms`; empty is ISO.
        marks: what may stand in a number: `thousands` (1,931), `dollar` ($5.20), or `percent`,
            with which every cell carries the sign and 85.2% is kept as 0.852.
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
    unit: str = ""
    width: int | None = None
    suppressed: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a column that could never be filled or may never be sent."""
        try:
            for part, complaint in _complaints(self):
                raise SpecError(f"Column {self.name}: {complaint}", part=part, column=self.name)
            Column(self.name, self.type, self.label)
        except ColumnError as refused:
            raise SpecError(str(refused), part="name", column=self.name) from None
        for part in ("name_in_file", "name"):
            name = getattr(self, part)
            kind = identifier_kind(name)
            if kind:
                raise SpecError(
                    f"Column {name!r} looks like {kind}. Identifiers and free text are never "
                    f"collected: leave the column out.",
                    part=part,
                    column=self.name,
                )


def _complaints(column: FeedColumn) -> Complaints:
    yield from _name_complaints(column)
    if column.type not in list(ColumnType):
        yield "type", f"there is no type {column.type!r}."
    if column.codes and column.type is not ColumnType.CODE:
        yield "codes", "only a code column has a code list."
    for what, texts in (
        ("codes", column.codes),
        ("missing", column.missing),
        ("suppressed", column.suppressed),
    ):
        yield from ((what, complaint) for complaint in text_complaints(what, texts))
    if "" in column.codes:
        yield "codes", "an empty cell is missing, not a code."
    yield from meaning_complaints(column)
    yield from _number_complaints(column)
    yield from _writing_complaints(column)


def _name_complaints(column: FeedColumn) -> Complaints:
    name = column.name_in_file
    if not name.strip() or name != " ".join(name.split()):
        yield "name_in_file", "give its name in the file on one line, without outer spaces."
    if len(name) > MAX_TEXT or len(column.label) > MAX_TEXT:
        yield (
            "name_in_file" if len(name) > MAX_TEXT else "label",
            f"at most {MAX_TEXT} characters in a name or label.",
        )
    if len(column.unit) > MAX_UNIT or column.unit != column.unit.strip():
        yield "unit", f"a unit is a word or two, at most {MAX_UNIT} characters."


def text_complaints(what: str, texts: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with a list of texts that a cell may hold."""
    if len(set(texts)) != len(texts):
        yield f"the list of {what} names something twice."
    if len(texts) > MAX_CODES:
        yield f"at most {MAX_CODES:,} {what}."
    is_plain = all(text == text.strip() and len(text) <= MAX_TEXT for text in texts)
    if not is_plain or holds_identifier(*texts):
        yield f"one of the {what} is not a plain short text."


def meaning_complaints(column: FeedColumn) -> Complaints:
    """Yield the texts of a column that would mean two things."""
    missing = {*DEFAULT_MISSING, *column.missing}
    for text in sorted(missing.intersection(column.suppressed)):
        yield "suppressed", f"{text!r} cannot mean both missing and suppressed."
    for text in sorted(set(column.codes).intersection(column.suppressed)):
        yield "suppressed", f"{text!r} cannot be both a code and suppressed."


def _number_complaints(column: FeedColumn) -> Complaints:
    limits = [
        (part, limit)
        for part, limit in (("minimum", column.minimum), ("maximum", column.maximum))
        if limit is not None
    ]
    if limits and column.type not in NUMERIC:
        yield limits[0][0], "only numbers have a minimum or maximum."
    for part, limit in limits:
        if not isinstance(limit, Decimal) or not limit.is_finite():
            yield part, f"limits are decimals, not {limit!r}."
        if abs(limit) >= LIMIT_TOO_LARGE or _decimals(limit) > MAX_PLACES:
            yield part, f"the limit {limit} has too many digits."
        if column.type is ColumnType.WHOLE and limit != limit.to_integral_value():
            yield part, "a whole column has whole limits."
    if len(limits) > 1 and limits[0][1] > limits[1][1]:
        yield "minimum", "the minimum is above the maximum."
    if not 0 <= column.places <= MAX_PLACES:
        yield "places", f"places go from 0 to {MAX_PLACES}."


def _decimals(limit: Decimal) -> int:
    return len(format(limit, "f").partition(".")[2].rstrip("0"))


def _writing_complaints(column: FeedColumn) -> Complaints:
    if column.width is not None:
        if column.type is not ColumnType.CODE:
            yield "width", "only a code has a width in digits."
        if not 1 <= column.width <= MAX_WIDTH:
            yield "width", f"a width goes from 1 to {MAX_WIDTH} digits."
    yield from _mark_complaints(column)
    yield from _form_complaints(column)


def _mark_complaints(column: FeedColumn) -> Complaints:
    if column.marks and column.type not in NUMERIC:
        yield "marks", "only numbers carry marks."
    for mark in column.marks:
        if mark not in MARKS:
            yield "marks", f"there is no mark {mark!r}. Use {', '.join(MARKS)}."
    if len(set(column.marks)) != len(column.marks):
        yield "marks", "the list of marks names something twice."
    if PERCENT in column.marks and column.type is not ColumnType.DECIMAL:
        yield "marks", "a percentage is a decimal: 85% is kept as 0.85."
    if {PERCENT, DOLLAR}.issubset(column.marks):
        yield "marks", "a number is in percent or in dollars, not both."


def _form_complaints(column: FeedColumn) -> Complaints:
    if column.forms and column.type not in TEMPORAL:
        yield "forms", "only days and moments are written in forms."
    if len(set(column.forms)) != len(column.forms):
        yield "forms", "the list of forms names something twice."
    for form in column.forms:
        if form not in FORMS:
            yield "forms", f"there is no form {form!r}. Write it like {', '.join(DAY_FORMS[:3])}."
        elif form in DAY_FORMS and column.type is ColumnType.MOMENT:
            yield "forms", f"the form {form} has no time of day, which a moment needs."
    clash = clashing_forms(column.forms)
    if clash:
        yield "forms", f"{clash[0]} and {clash[1]} cannot be told apart. Declare one of them."
