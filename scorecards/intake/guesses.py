"""Guessing what a column holds from a sample of its texts, and saying why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from indicators.measure.columns import ColumnType
from scorecards.intake.conversion import (
    FALSE_TEXTS,
    MARK_SHAPE,
    SURE_MARK_SHAPE,
    TRUE_TEXTS,
    convert,
)
from scorecards.intake.day_forms import DAY_FORMS, ISO_DAY, MOMENT_FORMS, clashing_forms, read_form
from scorecards.intake.identifiers import holds_identifier, pattern_hits
from scorecards.intake.spec_columns import DEFAULT_MISSING, MAX_PLACES, MAX_WIDTH, FeedColumn

SUPPRESSED_MARK = re.compile(
    r"(?i)too few.*|(fewer|less) than .*|.* or (fewer|less)|<.*|low volume|.*too small|\*+"
    r"|suppressed|withheld"
)
FAR_DAY = re.compile(r"9{4,}|[9/.-]{6,}|12/31/9999|31\.12\.9999|9999-12-31")
GROUPED = r"[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+"
NUMBER_WITH_MARKS = re.compile(rf"-?\$?-?({GROUPED})(?:\.([0-9]+))?( ?%)?")
DECIMAL_COMMA = re.compile(r"-?[0-9.]+,[0-9]{1,2}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
COUNT_WORDS = re.compile(r"(?i)(^|[\W_])(count|number|num|nbr|n|score|rating|total)([\W_]|$)|#")
FOOTNOTE = re.compile(r"(?i)foot ?note")
CODE_WORDS = re.compile(r"(?i)(^|[ _])(id|nbr|no|number|code|key|npi|ccn|drg|cd)$|Id$|ID$|Code$")
FEW_CODES = 20
ROWS_FOR_A_CODE_LIST = 50
ROWS_FOR_A_CODE = 10
SHARE_THAT_FITS = 0.8
LONG_TEXT = 60
MOST_FORMS = 3
TESTED_TEXTS = 1_000
FEWEST_DIGITS_WITH_WIDTH = 4


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column seems to hold.

    Args:
        parts: of a FeedColumn, beside its names.
        said: every guess in words.
        free_text: it reads like free text, or holds identifiers: why it is left out.
    """

    parts: dict[str, Any]
    said: tuple[str, ...]
    left_out: str = ""


def guess(name: str, cells: Sequence[str]) -> Guess:
    """Guess what a column holds.

    Args:
        name: of the column in the file.
        cells: its texts in the sample.
    """
    hits = pattern_hits(pa.array(cells, pa.string()))
    if hits:
        return Guess({}, (), f"A cell holds what looks like {hits[0].kind}.")
    texts = list(dict.fromkeys(cell.strip() for cell in cells))
    known = [text for text in texts if text not in DEFAULT_MISSING]
    marks = marks_among(known)
    values = [text for text in known if text not in marks]
    if not values:
        parts = {"type": ColumnType.CODE, **_marks(marks)}
        return Guess(parts, ("The sample has no value here: the type is a guess.",))
    if max(map(len, values)) > LONG_TEXT or any(map(CONTROL.search, values)):
        return Guess({}, (), "It reads like free text, which is never collected.")
    kinds = (_footnotes, _flags, _days, _moments, _digits, _numbers)
    found = next((made for kind in kinds if (made := kind(name, values))), None)
    parts, said = found or _codes(values, len(cells))
    if marks:
        said = [*said, f"{_listed(marks)} reads like no value: see what each of them means."]
    return Guess({**parts, **_marks(marks, parts)}, tuple(said))


def marks_among(texts: Sequence[str]) -> tuple[str, ...]:
    """Find the texts that read like marks for missing or suppressed.

    Args:
        texts: different ones of a column, trimmed. Beside numbers alone, or among many, a word is
            no code; among a few other words it may be one.
    """
    found = tuple(text for text in texts if re.match(MARK_SHAPE, text))
    others = [text for text in texts if text not in found]
    if len(texts) > FEW_CODES or (others and all(map(NUMBER_WITH_MARKS.fullmatch, others))):
        return found
    return tuple(text for text in found if re.match(SURE_MARK_SHAPE, text))


def fitting_types(cells: Sequence[str]) -> tuple[ColumnType, ...]:
    """List the types whose plain way of writing fits every cell."""
    texts = pa.array(list(dict.fromkeys(cells)), pa.string())
    return tuple(
        kind for kind in ColumnType if not convert(FeedColumn("a", "a", kind), texts).bad.any()
    )


def _marks(marks: tuple[str, ...], parts: dict[str, Any] | None = None) -> dict[str, Any]:
    """Part marks into missing and suppressed; a number of a footnote does not suppress."""
    suppressed = tuple(mark for mark in marks if SUPPRESSED_MARK.fullmatch(mark))
    also = (parts or {}).get("missing", ())
    missing = (*also, *(mark for mark in marks if mark not in suppressed))
    return {
        key: texts for key, texts in (("missing", missing), ("suppressed", suppressed)) if texts
    }


Found = tuple[dict[str, Any], list[str]]


def _footnotes(name: str, _: list[str]) -> Found | None:
    if not FOOTNOTE.search(name):
        return None
    return {"type": ColumnType.CODE}, ["Footnotes, of which a cell may have several: a code."]


def _flags(name: str, values: list[str]) -> Found | None:
    lowered = {value.lower() for value in values}
    if lowered == {"0", "1"} and COUNT_WORDS.search(name):
        return None
    pairs = [{yes, no} for yes, no in zip(TRUE_TEXTS, FALSE_TEXTS, strict=True)]
    if lowered not in pairs:
        return None
    said = f"Only {_listed(values)}: taken for yes and no."
    return {"type": ColumnType.FLAG}, [said]


def _days(_: str, values: list[str]) -> Found | None:
    far = tuple(value for value in values if FAR_DAY.fullmatch(value))
    days = [value for value in values if value not in far]
    forms = _covering(days, [*DAY_FORMS, *_moment_forms(days)], at_midnight=True)
    if not forms:
        return None
    said = [f"Every value is a day, written like {_joined(forms)}."]
    said += _other_order(days, forms)
    if far:
        said.append(f"{_listed(far)} is no real day: taken for missing.")
    declared = {} if forms == (ISO_DAY,) else {"forms": forms}
    return {"type": ColumnType.DATE, **declared, **({"missing": far} if far else {})}, said


def _moments(_: str, values: list[str]) -> Found | None:
    if not convert(FeedColumn("a", "a", ColumnType.MOMENT), pa.array(values)).bad.any():
        return {"type": ColumnType.MOMENT}, [
            "Every value is a moment, written like 2026-01-31 14:05."
        ]
    forms = _covering(values, _moment_forms(values), at_midnight=False)
    if not forms:
        return None
    said = [
        f"Every value is a moment, written like {_joined(forms)}.",
        *_other_order(values, forms),
    ]
    return {"type": ColumnType.MOMENT, "forms": forms}, said


def _moment_forms(values: list[str]) -> list[str]:
    """Keep the forms that fit one of a few values: there are many forms."""
    few = pa.array(values[:5], pa.string())
    return [form for form in MOMENT_FORMS if read_form(few, form).good.any()]


def _covering(values: list[str], forms: list[str], *, at_midnight: bool) -> tuple[str, ...]:
    """Choose few forms that read every value, the one that reads most first."""
    chosen: tuple[str, ...] = ()
    left = values[:TESTED_TEXTS]
    while left and len(chosen) < MOST_FORMS:
        texts = pa.array(left, pa.string())
        best, good = "", None
        for form in forms:
            read = read_form(texts, form)
            fits = read.good & (read.second == 0) if at_midnight else read.good
            if clashing_forms((*chosen, form)) is None and fits.sum() > (
                0 if good is None else good.sum()
            ):
                best, good = form, fits
        if good is None or not _is_recent(texts, best):
            return ()
        chosen = (*chosen, best)
        left = [value for value, fits in zip(left, good, strict=True) if not fits]
    return chosen if not left else ()


def _is_recent(texts: pa.Array, form: str) -> bool:
    """Take eight digits for a day only where the years are of our time."""
    read = read_form(texts, form)
    years = read.day[read.good] // 365 + 1970
    return bool(len(years)) and bool(((years >= 1900) & (years <= 2100)).all())


def _other_order(values: list[str], forms: tuple[str, ...]) -> Iterator[str]:
    for form in forms:
        turned = form.translate(str.maketrans("MD", "DM")).replace("DI", "MI")
        other = turned if turned in (*DAY_FORMS, *MOMENT_FORMS) and turned != form else ""
        texts = pa.array(values[:TESTED_TEXTS], pa.string())
        if other and (read_form(texts, other).good >= read_form(texts, form).good).all():
            yield f"The values could also be {other}: ask who makes the extract."


def _digits(name: str, values: list[str]) -> Found | None:
    """Take numbers that name something for codes, and see whether leading zeros were lost."""
    digits = [value for value in values if value.isascii() and value.isdigit()]
    if len(digits) < SHARE_THAT_FITS * len(values):
        return None
    has_zeros = any(value.startswith("0") and len(value) > 1 for value in digits)
    if not has_zeros and not CODE_WORDS.search(name):
        return None
    width = max(map(len, digits))
    parts: dict[str, Any] = {"type": ColumnType.CODE}
    said = ["These digits name something: taken for a code, not a number."]
    if has_zeros and FEWEST_DIGITS_WITH_WIDTH <= width <= MAX_WIDTH:
        parts["width"] = width
        said.append(f"The longest has {width} digits: shorter ones get leading zeros back.")
    return parts, said


def _numbers(_: str, values: list[str]) -> Found | None:
    found = [NUMBER_WITH_MARKS.fullmatch(value) for value in values]
    fitting = [(value, match) for value, match in zip(values, found, strict=True) if match]
    if len(fitting) < max(SHARE_THAT_FITS * len(values), 1):
        return None
    texts = [value for value, _ in fitting]
    has_percents = any(match[3] for _, match in fitting)
    places = max(len(match[2] or "") for _, match in fitting) + 2 * has_percents
    marks = tuple(
        mark
        for mark, sign in (("thousands", ","), ("percent", "%"), ("dollar", "$"))
        if any(sign in text for text in texts)
    )
    kind = ColumnType.DECIMAL if places else ColumnType.WHOLE
    parts: dict[str, Any] = {"type": kind, **({"marks": marks} if marks else {})}
    if places > MAX_PLACES:
        return None
    said = [f"Numbers{f' with {_joined(marks)}' if marks else ''}."]
    if places:
        parts["places"] = places
        said.append(f"At most {places} decimals are kept; a value with more is refused.")
    if len(fitting) < len(values):
        odd = [value for value in values if value not in set(texts)]
        said.append(f"{len(odd)} different values are no numbers: {_listed(odd)}.")
    return parts, said


def _codes(values: list[str], rows: int) -> Found:
    if (
        rows >= ROWS_FOR_A_CODE_LIST
        and len(values) <= FEW_CODES
        and len(values) * ROWS_FOR_A_CODE <= rows
    ):
        said = [f"Only {len(values)} different values: another one will be an error."]
        return {"type": ColumnType.CODE, "codes": tuple(sorted(values))}, said
    said = ["Texts: taken for a code."]
    if all(map(DECIMAL_COMMA.fullmatch, values)):
        said.append("Numbers with a decimal comma are not read: export them with a point.")
    return {"type": ColumnType.CODE}, said


def _listed(texts: Sequence[str]) -> str:
    shown = [repr(text) if not holds_identifier(text) else "a value" for text in texts[:3]]
    return ", ".join(shown) + (" and others" if len(texts) > len(shown) else "")


def _joined(texts: Sequence[str]) -> str:
    return " or ".join(texts)
