"""JSON without binary floats: numbers are read as int or Decimal and written as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from indicators.exchange.errors import ExchangeError, quoted

LONGEST_NUMBER = 60
DEEPEST = 100
INDENT = "  "
_HALF = re.compile("[\\ud800-\\udfff]")
# Legal in JSON, and able to steer the screen that it is read on.
_STEERING = re.compile("[\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]")


def parse_json(text: str) -> Any:
    """Read JSON strictly.

    Returns:
        dicts, lists, str, bool, None, int and Decimal (its decimals as written).

    Raises:
        ExchangeError: not JSON, an element named twice, a number or a nesting beyond reason,
            half a character (an unpaired surrogate), which no file in UTF-8 can hold.
    """
    try:
        value = json.loads(
            text,
            parse_float=_decimal,
            parse_int=_whole_number,
            parse_constant=_no_constant,
            object_pairs_hook=_named_once,
        )
    except json.JSONDecodeError as wrong:
        raise ExchangeError(
            f"This is not JSON: line {wrong.lineno}, column {wrong.colno}: {wrong.msg}."
        ) from wrong
    except RecursionError:
        raise _too_deep() from None
    _check_depth(value)
    if "\\u" in text:  # only an escape can name half a character
        _check_characters(value, "")
    return value


def write_json(value: Any) -> str:
    """Write a document with two spaces of indent; a Decimal keeps its digits.

    Args:
        value: dicts, lists, str, bool, None, int and Decimal; a float is a mistake.
    """
    return _written(value, "") + "\n"


def _written(value: Any, indent: str) -> str:
    inner = indent + INDENT
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping) and value:
        lines = [f"{inner}{_scalar(name)}: {_written(part, inner)}" for name, part in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list | tuple) and value:
        return "[\n" + ",\n".join(inner + _written(part, inner) for part in value) + f"\n{indent}]"
    if isinstance(value, float):
        raise TypeError("Binary floats are not written: use a Decimal.")
    return _scalar(value)


def _scalar(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _decimal(text: str) -> Decimal:
    number = Decimal(_short(text))
    if abs(number.adjusted()) > LONGEST_NUMBER:
        raise ExchangeError("A number in this file is too large or too small to be read.")
    return number


def _whole_number(text: str) -> int:
    return int(_short(text))


def _short(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise ExchangeError(f"A number in this file has more than {LONGEST_NUMBER} characters.")
    return text


def _no_constant(name: str) -> Any:
    raise ExchangeError(f"This is not JSON: {name} is not a number of JSON.")


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for place, name in enumerate(names) if name in names[:place])
        raise ExchangeError(
            f"The element {quoted(twice)} is named twice in one object, so that one of its "
            f"values would be lost. Keep one of them."
        )
    return found


def _check_depth(value: Any) -> None:
    """Refuse a nesting that later steps could not follow; without recursion itself."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise _too_deep()
        level = [
            part
            for parent in level
            if isinstance(parent, dict | list)
            for part in (parent.values() if isinstance(parent, dict) else parent)
        ]


def _check_characters(value: Any, place: str) -> None:
    if isinstance(value, str):
        if _HALF.search(value):
            raise ExchangeError(
                f"{place.lstrip('.') or 'The document'}: This text has half a character (an "
                f"unpaired surrogate), which cannot be written. Send the whole character."
            )
    elif isinstance(value, dict):
        for name, part in value.items():
            _check_characters(name, place)
            _check_characters(part, f"{place}.{name}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            _check_characters(part, f"{place}[{number}]")


def _too_deep() -> ExchangeError:
    return ExchangeError(f"This file is nested more than {DEEPEST} levels deep. Send it flatter.")
