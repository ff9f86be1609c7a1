"""A feed's columns as people write them: one a line.

encounter_id code required
length_of_stay whole 1..14 file=time_in_hospital
discharge_disposition_id code missing=18|25|26
readmitted code codes=<30|>30|NO
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from indicators.measure.columns import ColumnType
from scorecards.intake.spec import FeedColumn, FeedSpec, SpecError


def read_lines(text: str) -> tuple[FeedColumn, ...]:
    """Read the columns.

    Raises:
        SpecError: with the number of the line.
    """
    columns = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                columns.append(_column(line.split()))
            except SpecError as wrong:
                raise SpecError(f"Line {number}: {wrong}") from wrong
    return tuple(columns)


def write_lines(spec: FeedSpec) -> str:
    """Write the columns so that `read_lines` gives them back."""
    return "\n".join(_line(column) for column in spec.columns)


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
    if key == "file" and value:
        return {"name_in_file": value}
    if key in {"codes", "missing"} and value:
        return {key: tuple(value.split("|"))}
    if ".." in word:
        low, _, high = word.partition("..")
        return {"minimum": _limit(low), "maximum": _limit(high)}
    raise SpecError(
        f"{word!r} is not known here. Write required, 1..14, codes=A|B, missing=18|25 or "
        f"file=name_in_file."
    )


def _limit(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation as wrong:
        raise SpecError(f"{text!r} is not a number.") from wrong


def _line(column: FeedColumn) -> str:
    words = [column.name, column.type.value]
    if column.name_in_file != column.name:
        words.append(f"file={column.name_in_file}")
    if column.required:
        words.append("required")
    if column.minimum is not None or column.maximum is not None:
        words.append(f"{_text(column.minimum)}..{_text(column.maximum)}")
    if column.codes:
        words.append("codes=" + "|".join(column.codes))
    if column.missing:
        words.append("missing=" + "|".join(column.missing))
    return " ".join(words)


def _text(limit: Decimal | None) -> str:
    return "" if limit is None else format(limit, "f")
