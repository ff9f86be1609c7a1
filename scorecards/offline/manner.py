"""How the cells of a column are to be read, as far as the column itself cannot tell."""

from __future__ import annotations

from dataclasses import dataclass

MONTH_FIRST, DAY_FIRST = "month-first", "day-first"
ORDERS = (MONTH_FIRST, DAY_FIRST)


@dataclass(frozen=True, slots=True)
class Manner:
    """What is said about cells from outside.

    Args:
        missing: further texts that mean missing.
        order: of day and month between slashes, one of ORDERS; empty where nobody said.
        at_any_time: of days, also take moments for the day they lie on.
        says_withheld: of codes, the words for a withheld value mean missing too.
        is_comma_open: in this file a comma could part thousands or decimals.
    """

    missing: tuple[str, ...] = ()
    order: str = ""
    at_any_time: bool = False
    says_withheld: bool = False
    is_comma_open: bool = False
