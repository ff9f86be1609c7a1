"""What a criterion may speak of: named, typed columns, and how cases carry them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_NAME = 63
RESERVED_WORDS = frozenset(
    {"and", "or", "not", "in", "between", "is", "null", "like", "date", "true", "false"}
    | {"days_between"}
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class ColumnError(ValueError):
    """A column that criteria could not name."""


class CasesError(ValueError):
    """A table of cases without a column that is asked for, or with it in another type."""


class ColumnType(StrEnum):
    """What the values of a column are; in a table of cases held as the type named beside."""

    CODE = "code"  # string: text, also when it looks like a number ("01" is not "1")
    WHOLE = "whole"  # int64
    DECIMAL = "decimal"  # decimal128, never a float
    DATE = "date"  # date32
    FLAG = "flag"  # bool


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a feed: its name in criteria, its type, its name for people."""

    name: str
    type: ColumnType
    label: str

    def __post_init__(self) -> None:
        """Refuse a name that the criteria language could not read back."""
        if not _NAME.fullmatch(self.name) or len(self.name) > LONGEST_NAME:
            raise ColumnError(
                f"{self.name!r} cannot name a column: use up to {LONGEST_NAME} letters, digits "
                f"and underscores, not beginning with a digit."
            )
        if self.name.lower() in RESERVED_WORDS:
            raise ColumnError(f"{self.name!r} is a word of the criteria language.")
