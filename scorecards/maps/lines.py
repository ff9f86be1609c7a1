"""A feed's columns as people write them: one a line.

encounter_id code required
length_of_stay whole 1..14 unit=days file=time_in_hospital
discharge_disposition_id code missing=18|25|26
readmitted code codes=<30|>30|NO
facility code width=6 file="Facility ID"
discharged_on date forms=MM/DD/YYYY|M/D/YY missing=99/99/9999
score decimal places=3 marks=percent suppressed="Too Few to Report|***" label="Rate in percent"

A part with a space or a quote in it stands in quotes; within a list, a bar after a backslash is
a bar of the text.
"""

import re
import shlex
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from indicators.measure.columns import ColumnType
from scorecards.intake.spec import DEFAULT_PLACES, FeedColumn, SpecError

LISTS = ("codes", "missing", "suppressed", "forms", "marks")
NUMBERS = ("places", "width")
TEXTS = {"file": "name_in_file", "label": "label", "unit": "unit"}
NEEDS_QUOTES = re.compile(r"""[\s"'\\]""")


def read_lines(text: str) -> tuple[FeedColumn, ...]:
    """Read the columns.

    Raises:
        SpecError: with the number of the line.
    """
    columns = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                columns.append(_column(_words(line)))
            except SpecError as wrong:
                raise SpecError(f"Line {number}: {wrong}") from wrong
    return tuple(columns)


def write_lines(columns: Iterable[FeedColumn]) -> str:
    """Write the columns so that `read_lines` gives them back."""
    return "\n".join(map(_line, columns))


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as wrong:
        raise SpecError("a quote is not closed.") from wrong


def _column(words: list[str]) -> FeedColumn:
    if len(words) < 2 or words[1] not in list(ColumnType):
        raise SpecError(f"write a name and a type: {', '.join(ColumnType)}.")
    parts: dict[str, Any] = {"name_in_file": words[0]}
    for word in words[2:]:
        parts |= _part(word)
    return FeedColumn(name=words[0], type=ColumnType(words[1]), **parts)


def _part(word: str) -> dict[str, Any]:
    key, _, value = word.partition("=")
    if word == "required":
        return {"required": True}
    if key in TEXTS and value:
        return {TEXTS[key]: value}
    if key in LISTS and value:
        return {key: read_texts(value)}
    if key in NUMBERS and value:
        return {key: _whole(value)}
    if "=" not in word and ".." in word:
        low, _, high = word.partition("..")
        return {"minimum": read_limit(low), "maximum": read_limit(high)}
    raise SpecError(
        f"{word!r} is not known here. Write required, 1..14, codes=A|B, missing=18|25, "
        f"suppressed=***, forms=MM/DD/YYYY, marks=thousands, places=2, width=6, unit=days, "
        f'label="Length of stay" or file=name_in_file.'
    )


def read_texts(texts: str) -> tuple[str, ...]:
    """Take a list apart at its bars, but not at one after a backslash; outer spaces go."""
    parts = re.findall(r"(?:\\.|[^|\\]|\\$)+", texts)
    return tuple(re.sub(r"\\(.)", r"\1", part.strip()) for part in parts if part.strip())


def write_texts(texts: Sequence[str], bar: str = "|") -> str:
    """Write a list so that `read_texts` gives it back."""
    return bar.join(text.replace("\\", "\\\\").replace("|", "\\|") for text in texts)


def read_limit(text: str) -> Decimal | None:
    """Read the lowest or highest value allowed; None where nothing is written.

    Raises:
        SpecError: it is no number.
    """
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation as wrong:
        raise SpecError(f"{text!r} is not a number.") from wrong


def write_limit(limit: Decimal | None) -> str:
    """Write a limit without an exponent."""
    return "" if limit is None else format(limit, "f")


def _whole(text: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", text):
        raise SpecError(f"{text!r} is not a small whole number.")
    return int(text)


def _line(column: FeedColumn) -> str:
    words = [column.name, column.type.value]
    if column.name_in_file != column.name:
        words.append(_quoted(f"file={column.name_in_file}"))
    if column.required:
        words.append("required")
    if column.minimum is not None or column.maximum is not None:
        words.append(f"{write_limit(column.minimum)}..{write_limit(column.maximum)}")
    for key in LISTS:
        texts = getattr(column, key)
        if texts:
            words.append(_quoted(f"{key}={write_texts(texts)}"))
    if column.places != DEFAULT_PLACES:
        words.append(f"places={column.places}")
    if column.width is not None:
        words.append(f"width={column.width}")
    words += [
        _quoted(f"{key}={getattr(column, key)}")
        for key in ("unit", "label")
        if getattr(column, key)
    ]
    return " ".join(words)


def _quoted(word: str) -> str:
    """Put what follows the equals sign in quotes where it needs them."""
    key, _, value = word.partition("=")
    if not NEEDS_QUOTES.search(value):
        return word
    inner = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{key}="{inner}"'
