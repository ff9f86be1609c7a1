"""From text to typed values, a whole column at a time; what does not fit is marked, not guessed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indicators.measure.columns import ColumnType
from scorecards.intake import wrapped_texts
from scorecards.intake.day_forms import ISO_DAY, Days, read_form
from scorecards.intake.number_marks import decimals_of_percents, without_marks
from scorecards.intake.spec_columns import DEFAULT_MISSING, DOLLAR, PERCENT, THOUSANDS, FeedColumn
from scorecards.intake.texts import TextBytes

MAX_CODE_CHARACTERS = 100
DECIMAL_DIGITS = 18
WHOLE_SHAPE = r"^-?[0-9]{1,18}$"
DATE_SHAPE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
# A fraction of a second may be written only when it is zero: nothing is rounded.
MOMENT_SHAPE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.0{1,9})?)?$"
CODE_SHAPE = rf"^[^\x00-\x1f\x7f]{{1,{MAX_CODE_CHARACTERS}}}$"
TRUE_TEXTS = ("true", "yes", "y", "t", "1")
FALSE_TEXTS = ("false", "no", "n", "f", "0")
SECONDS_A_DAY = 86_400
# How public files say that a figure was never there or is withheld, with or without the
# number of a footnote. In a code column only what is surely no code counts.
_SURE_MARKS = r"n/a|not available|not applicable|not reported|too few to report|\*{2,}|#n/a"
_FEW = r"(?:fewer|less) than [0-9]+|[0-9]+ or (?:fewer|less)|< ?[0-9]+|low volume"
_SMALL = r"(?:number of )?cases too small|sample too small|insufficient data"
_UNRATED = r"not rated|not calculated|declined to respond"
_MARKS = (
    rf"{_SURE_MARKS}|na|null|none|nan|nat|unknown|suppressed|withheld|too few|\*|-+|\.+"
    "|\u2013|\u2014"
    rf"|{_FEW}|{_SMALL}|{_UNRATED}"
)
MARK_SHAPE = rf"^(?i:{_MARKS})(?: ?\([0-9, ]+\))?$"
SURE_MARK_SHAPE = rf"^(?i:{_SURE_MARKS})(?: ?\([0-9, ]+\))?$"
MOMENT_CHARACTERS = len("2026-01-31 14:05")
SPACE, DELETE = 32, 127
# What is certainly no space: the printed characters of ASCII.
PRINTED = np.zeros(256, np.bool_)
PRINTED[SPACE + 1 : DELETE] = True
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Converted:
    """One column of a block.

    Args:
        texts: trimmed cells; null where the value is missing or suppressed.
        values: typed values; null where missing, suppressed or bad.
        missing: cells that are empty or say that there is no value.
        bad: cells with a text that is no value of the type.
        suppressed: cells that say that the value is withheld.
        restored: cells that got lost leading zeros back.
        unwrapped: codes that were written like `="010001"`.
        undeclared: bad cells that look like a mark for missing or suppressed.
    """

    texts: pa.Array
    values: pa.Array
    missing: Mask
    bad: Mask
    suppressed: Mask
    restored: Mask
    unwrapped: Mask
    undeclared: Mask

    def spread(self, places: pa.Array) -> Converted:
        """Return what was converted once for each place."""
        taken = places.to_numpy(zero_copy_only=False)
        return Converted(
            self.texts.take(places),
            self.values.take(places),
            self.missing[taken],
            self.bad[taken],
            self.suppressed[taken],
            self.restored[taken],
            self.unwrapped[taken],
            self.undeclared[taken],
        )


def arrow_type(column: FeedColumn) -> pa.DataType:
    """Name the type that a column has in a slice."""
    return {
        ColumnType.CODE: pa.string(),
        ColumnType.WHOLE: pa.int64(),
        ColumnType.DECIMAL: pa.decimal128(DECIMAL_DIGITS, column.places),
        ColumnType.DATE: pa.date32(),
        ColumnType.MOMENT: pa.timestamp("s"),
        ColumnType.FLAG: pa.bool_(),
    }[column.type]


def convert(column: FeedColumn, cells: pa.Array, *, has_own_types: bool = False) -> Converted:
    """Trim, find the cells without a value, and type the others.

    Spaces around a value are no part of it; leading zeros of a code are. A code written like
    `="010001"`, by which Excel keeps its zeros, is what stands inside.

    Args:
        column: as `FeedSpec.in_full` gives it.
        cells: texts as the file has them; as a dictionary, each distinct text is read once.
        has_own_types: the file has types of its own: its days and moments come as ISO
            whatever forms are declared, and midnight as the day alone.
    """
    if isinstance(cells, pa.DictionaryArray):
        distinct = convert(column, cells.dictionary, has_own_types=has_own_types)
        return distinct.spread(cells.indices)
    unwrapped = np.zeros(len(cells), np.bool_)
    if column.type is ColumnType.CODE:
        cells, unwrapped = wrapped_texts.unwrapped(cells)
    trimmed, is_missing = _trimmed(cells, (*DEFAULT_MISSING, *column.missing))
    is_empty, suppressed = is_missing, np.zeros(len(cells), np.bool_)
    if column.suppressed:
        is_suppressed = pc.is_in(trimmed, value_set=pa.array(column.suppressed))
        suppressed = as_mask(is_suppressed)
        is_empty = pc.or_(is_missing, is_suppressed)
    texts = trimmed
    if pc.any(is_empty).as_py():
        texts = pc.if_else(is_empty, pa.scalar(None, pa.string()), trimmed)
    filled, restored = _with_lost_zeros(column, texts)
    values = _typed(column, filled, has_own_types=has_own_types)
    bad = np.zeros(len(cells), np.bool_)
    if values.null_count > texts.null_count:
        bad = as_mask(pc.is_null(values)) & ~as_mask(is_empty)
    return Converted(
        texts,
        values,
        as_mask(is_missing),
        bad,
        suppressed,
        restored,
        unwrapped,
        _undeclared(column, texts, bad),
    )


def _trimmed(cells: pa.Array, missing: tuple[str, ...]) -> tuple[pa.Array, pa.Array]:
    """Take outer spaces off, and mark what means "missing"."""
    inside = TextBytes.of(cells)
    if not inside.begin_and_end_with(PRINTED):
        cells = pc.utf8_trim_whitespace(cells)
        inside = TextBytes.of(cells)
    lengths = {len(text.encode()) for text in missing if text}
    if any((inside.lengths == length).any() for length in lengths):
        return cells, pc.is_in(cells, value_set=pa.array(missing))
    return cells, pa.array(inside.lengths == 0)


def as_mask(flags: pa.Array) -> Mask:
    """Turn flags without nulls into a NumPy mask."""
    mask: Mask = flags.to_numpy(zero_copy_only=False)
    return mask.astype(np.bool_)


def expected_shape(column: FeedColumn) -> str:
    """Say in words what a cell of the column looks like."""
    if column.type is ColumnType.DECIMAL:
        return _expected_decimal(column)
    if column.forms:
        kind = "a day" if column.type is ColumnType.DATE else "a moment"
        return f"{kind}, written like {' or '.join(column.forms)}"
    if column.width is not None:
        return f"a code of at most {column.width} digits, or one with letters"
    return {
        ColumnType.CODE: f"a code: one line of at most {MAX_CODE_CHARACTERS} characters",
        ColumnType.WHOLE: f"a whole number, written like {_example(column, '1234', '1,234')}",
        ColumnType.DATE: "a day, written like 2026-01-31",
        ColumnType.MOMENT: "a moment to the second, written like 2026-01-31 14:05",
        ColumnType.FLAG: "true or false",
    }[column.type]


def _expected_decimal(column: FeedColumn) -> str:
    if PERCENT in column.marks:
        example = _example(column, "85.2%", "1,085.2%")
        return (
            f"a percentage with its sign, written like {example}, whose hundredth has at most "
            f"{column.places} decimals"
        )
    before = DECIMAL_DIGITS - column.places
    return (
        f"a number with at most {before} digits and {column.places} decimals, written like "
        f"{_example(column, '1234.5', '1,234.5')}"
    )


def _example(column: FeedColumn, plain: str, grouped: str) -> str:
    dollar = "$" if DOLLAR in column.marks else ""
    return dollar + (grouped if THOUSANDS in column.marks else plain)


def _typed(column: FeedColumn, texts: pa.Array, *, has_own_types: bool) -> pa.Array:
    if column.type is ColumnType.CODE:
        return _codes(column, texts)
    if column.type is ColumnType.FLAG:
        return _flags(texts)
    if column.type is ColumnType.DATE:
        return _of_the_calendar(_days_of(column, texts, has_own_types=has_own_types))
    if column.type is ColumnType.MOMENT:
        return _of_the_calendar(_moments_of(column, texts, has_own_types=has_own_types))
    return _numbers(column, texts)


def _of_the_calendar(values: pa.Array) -> pa.Array:
    """Drop days and moments before the first day: the calendar has no year 0000."""
    is_real = pc.greater_equal(values, pa.scalar(date.min, pa.date32()).cast(values.type))
    return pc.if_else(is_real, values, pa.scalar(None, values.type))


def _with_lost_zeros(column: FeedColumn, texts: pa.Array) -> tuple[pa.Array, Mask]:
    """Give codes of too few digits the zeros back that a spreadsheet took."""
    none = np.zeros(len(texts), np.bool_)
    if column.width is None:
        return texts, none
    short = pc.match_substring_regex(texts, rf"^[0-9]{{1,{column.width}}}$")
    short = pc.and_(short, pc.less(pc.utf8_length(texts), column.width))
    short = pc.fill_null(short, fill_value=False)
    restored = as_mask(short)
    if not restored.any():
        return texts, none
    return pc.if_else(short, pc.utf8_lpad(texts, column.width, "0"), texts), restored


def _codes(column: FeedColumn, texts: pa.Array) -> pa.Array:
    codes = texts if _are_plain(texts) else _only(texts, CODE_SHAPE)
    if column.width is not None:
        is_long = pc.match_substring_regex(codes, rf"^[0-9]{{{column.width + 1},}}$")
        codes = pc.if_else(is_long, pa.scalar(None, pa.string()), codes)
    if not column.codes:
        is_mark = _sure_marks(codes)
        if is_mark.any():
            codes = pc.if_else(pa.array(is_mark), pa.scalar(None, pa.string()), codes)
    return codes


def _numbers(column: FeedColumn, texts: pa.Array) -> pa.Array:
    if PERCENT in column.marks:
        texts = decimals_of_percents(texts, grouped=THOUSANDS in column.marks)
    elif column.marks:
        texts = without_marks(
            texts, grouped=THOUSANDS in column.marks, dollar=DOLLAR in column.marks
        )
    if column.type is ColumnType.WHOLE:
        return _only(texts, WHOLE_SHAPE).cast(arrow_type(column))
    shape = _decimal_shape(column.places)
    numbers = _only(texts, shape)
    if numbers.null_count > texts.null_count:
        numbers = _only(_without_idle_zeros(texts, column.places), shape)
    return numbers.cast(arrow_type(column))


def _without_idle_zeros(texts: pa.Array, places: int) -> pa.Array:
    """Leave out the zeros beyond the places: 60.000000000000 is 60, however it is declared."""
    kept = rf"\.[0-9]{{{places}}}" if places else ""
    point = "" if places else r"\."
    return pc.replace_substring_regex(texts, rf"^(-?[0-9]+{kept}){point}0+$", r"\1")


def _only(texts: pa.Array, shape: str) -> pa.Array:
    """Keep the texts of a shape, so that the cast after it cannot fail."""
    fits = pc.match_substring_regex(texts, shape)
    return pc.if_else(fits, texts, pa.scalar(None, pa.string()))


def _decimal_shape(places: int) -> str:
    decimals = rf"(\.[0-9]{{1,{places}}})?" if places else ""
    return rf"^-?[0-9]{{1,{DECIMAL_DIGITS - places}}}{decimals}$"


def _days_of(column: FeedColumn, texts: pa.Array, *, has_own_types: bool) -> pa.Array:
    if not column.forms or column.forms == (ISO_DAY,):
        return _days(texts)
    read, places = _read_forms(column, texts, has_own_types=has_own_types)
    is_day = read.good & (read.second == 0)
    days = pa.array(read.day.astype(np.int32), pa.int32(), mask=~is_day).cast(pa.date32())
    return days.take(places)


def _moments_of(column: FeedColumn, texts: pa.Array, *, has_own_types: bool) -> pa.Array:
    if has_own_types:
        texts = pc.replace_substring_regex(texts, DATE_SHAPE, r"\0 00:00")
    if not column.forms:
        return _moments(texts)
    read, places = _read_forms(column, texts, has_own_types=False)
    seconds = pa.array(read.day * SECONDS_A_DAY + read.second, pa.int64(), mask=~read.good)
    moments = seconds.cast(pa.timestamp("s")).take(places)
    return pc.coalesce(moments, _moments(texts)) if has_own_types else moments


def _read_forms(
    column: FeedColumn, texts: pa.Array, *, has_own_types: bool
) -> tuple[Days, pa.Array]:
    """Read each distinct text in the first declared form that fits; say where each stands."""
    encoded = texts.dictionary_encode()
    forms = (*column.forms, ISO_DAY) if has_own_types else column.forms
    day, second = np.zeros((2, len(encoded.dictionary)), np.int64)
    good = np.zeros(len(encoded.dictionary), np.bool_)
    for form in dict.fromkeys(forms):
        read = read_form(encoded.dictionary, form)
        new = read.good & ~good
        day[new], second[new] = read.day[new], read.second[new]
        good |= read.good
    return Days(day, second, good), encoded.indices


def _days(texts: pa.Array) -> pa.Array:
    """Read ISO days; what the calendar lacks is dropped."""
    shaped = _only(texts, DATE_SHAPE)
    try:
        return shaped.cast(pa.date32())
    except pa.ArrowInvalid:  # one of them is no day
        return one_by_one(shaped, "%Y-%m-%d").cast(pa.date32())


def _moments(texts: pa.Array) -> pa.Array:
    """Read ISO moments to the second; what the clock or the calendar lacks is dropped."""
    with suppress(pa.ArrowInvalid):
        if _have_length(texts, MOMENT_CHARACTERS):
            return texts.cast(pa.timestamp("s"))  # of this length it takes the shape alone
    shaped = _only(texts, MOMENT_SHAPE)
    try:
        return shaped.cast(pa.timestamp("s"))
    except pa.ArrowInvalid:  # one of them is no moment, or is written with a fraction
        whole = pc.replace_substring_regex(shaped, r"\.0+$", "")
        to_the_second = pc.replace_substring_regex(whole, r"^(.{16})$", r"\1:00")
        return one_by_one(pc.replace_substring(to_the_second, "T", " "), "%Y-%m-%d %H:%M:%S")


def _have_length(texts: pa.Array, length: int) -> bool:
    """Say whether every text there is has so many bytes."""
    lengths = TextBytes.of(texts).lengths
    return bool(((lengths == length) | (lengths == 0)).all())


def _are_plain(texts: pa.Array) -> bool:
    """Say whether all texts are surely codes, by a look at their bytes alone."""
    inside = TextBytes.of(texts)
    if inside.lengths.max(initial=0) > MAX_CODE_CHARACTERS:
        return False
    return not ((inside.codes < SPACE) | (inside.codes == DELETE)).any()


def one_by_one(texts: pa.Array, form: str) -> pa.Array:
    """Read moments that may be none; what comes back changed is dropped."""
    moments = pc.strptime(texts, format=form, unit="s", error_is_null=True)
    is_same = pc.equal(pc.strftime(moments, format=form), texts)
    return pc.if_else(is_same, moments, pa.scalar(None, pa.timestamp("s")))


def _flags(texts: pa.Array) -> pa.Array:
    lowered = pc.utf8_lower(texts)
    is_true = pc.is_in(lowered, value_set=pa.array(TRUE_TEXTS))
    is_known = pc.is_in(lowered, value_set=pa.array(TRUE_TEXTS + FALSE_TEXTS))
    return pc.if_else(is_known, is_true, pa.scalar(None, pa.bool_()))


def _undeclared(column: FeedColumn, texts: pa.Array, bad: Mask) -> Mask:
    """Find, among the bad cells, marks that the feed could declare."""
    undeclared = np.zeros(len(bad), np.bool_)
    places = np.flatnonzero(bad)
    if len(places):
        shape = SURE_MARK_SHAPE if column.type is ColumnType.CODE else MARK_SHAPE
        found = pc.match_substring_regex(texts.take(pa.array(places)), shape)
        undeclared[places] = as_mask(found)
    return undeclared


def _sure_marks(texts: pa.Array) -> Mask:
    """Find what is surely no code; a text without one of the first letters is not tried."""
    candidates = pc.match_substring_regex(texts, r"^[nNtT*#]")
    candidates = pc.fill_null(candidates, fill_value=False)
    matching = as_mask(candidates)
    places = np.flatnonzero(matching)
    if len(places):
        found = pc.match_substring_regex(texts.take(pa.array(places)), SURE_MARK_SHAPE)
        matching[places] = as_mask(found)
    return matching
