"""What a criterion may speak of: named, typed columns, and how cases carry them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_NAME = 63
RESERVED_WORDS = frozenset(
    {"and", "or", "not", "in", "between", "is", "null", "like", "date", "moment", "true", "false"}
    | {"days_between", "minutes_between", "hours_between", "years_between", "date_of"}
    | {"minute_of_day", "weekday_of", "followed_within", "preceded_within"}
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class ColumnError(ValueError):
    """A column that criteria could not name."""


class CasesError(ValueError):
    """A table of cases that cannot be measured: a column lacks, or holds another type.

    Attributes:
        message: what is wrong.
        case: place in the table, from 0, of the case to blame; None where there is none.
    """

    def __init__(self, message: str, case: int | None = None) -> None:
        """Keep the case beside the words, so that a door can name its file and row."""
        super().__init__(message if case is None else f"Row {case + 1} of the cases: {message}")
        self.message, self.case = message, case


class ColumnType(StrEnum):
    """What the values of a column are; in a table of cases held as the type named beside."""

    CODE = "code"  # string: text, also when it looks like a number ("01" is not "1")
    WHOLE = "whole"  # int64
    DECIMAL = "decimal"  # decimal128, never a float
    DATE = "date"  # date32
    MOMENT = "moment"  # timestamp[s], by the hospital's own clock
    FLAG = "flag"  # bool


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a feed.

    Attributes:
        name: as criteria write it.
        type: what its values are.
        label: as people read it; without one, the name.
        source: the header in a file, where it is not the name.
    """

    name: str
    type: ColumnType
    label: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse a name that the criteria language could not read back."""
        if not self.label:
            object.__setattr__(self, "label", self.name)
        if not _NAME.fullmatch(self.name) or len(self.name) > LONGEST_NAME:
            raise ColumnError(
                f"{self.name!r} cannot name a column: use up to {LONGEST_NAME} letters, digits "
                f"and underscores, not beginning with a digit."
            )
        if self.name.lower() in RESERVED_WORDS:
            raise ColumnError(f"{self.name!r} is a word of the criteria language.")
