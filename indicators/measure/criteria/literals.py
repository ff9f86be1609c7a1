"""Values written in a criterion: text, numbers, days, moments, true and false."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from indicators.measure.criteria.cursor import Cursor
from indicators.measure.criteria.errors import CriteriaError
from indicators.measure.criteria.lexer import TokenKind
from indicators.measure.criteria.tree import Kind, Literal

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(?::[0-9]{2})?")


def read_literal(words: Cursor) -> Literal | None:
    """Take a literal, or nothing when the next word begins something else."""
    start = words.next
    if start.kind is TokenKind.TEXT:
        words.take()
        return Literal(start.text, Kind.TEXT, position=start.position)
    if start.kind is TokenKind.NUMBER:
        words.take()
        return Literal(_number(start.text), Kind.NUMBER, position=start.position)
    if start.says("true", "false"):
        words.take()
        return Literal(start.says("true"), Kind.FLAG, position=start.position)
    if start.says("-"):
        return _negative_number(words)
    if start.says("date"):
        return _date(words)
    return _moment(words) if start.says("moment") else None


def _negative_number(words: Cursor) -> Literal:
    minus = words.take()
    digits = words.next
    if digits.kind is not TokenKind.NUMBER:
        raise words.expected("a number after the minus sign")
    words.take()
    return Literal(-_number(digits.text), Kind.NUMBER, position=minus.position)


def _date(words: Cursor) -> Literal:
    word = words.take()
    written = words.next
    if written.kind is not TokenKind.TEXT:
        raise words.expected("a day such as '2026-01-31' after “date”")
    words.take()
    day = _day(written.text)
    if day is None:
        raise CriteriaError(
            f"{written.text!r} is not a day. Write date 'YYYY-MM-DD', such as date '2026-01-31'.",
            written.position,
        )
    return Literal(day, Kind.DATE, position=word.position)


def _moment(words: Cursor) -> Literal:
    word = words.take()
    written = words.next
    if written.kind is not TokenKind.TEXT:
        raise words.expected("a moment such as '2026-01-31 14:05' after “moment”")
    words.take()
    moment = _day_and_time(written.text)
    if moment is None:
        raise CriteriaError(
            f"{written.text!r} is not a moment. Write moment 'YYYY-MM-DD HH:MM', such as "
            f"moment '2026-01-31 14:05'; seconds may follow.",
            written.position,
        )
    return Literal(moment, Kind.MOMENT, position=word.position)


def _number(digits: str) -> int | Decimal:
    return Decimal(digits) if "." in digits else int(digits)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None  # not `20260131` or `2026-W05-6`


def _day_and_time(text: str) -> datetime | None:
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
