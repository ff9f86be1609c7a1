"""The criteria language: SQL's comparison words over typed columns, and nothing else.

A text is parsed to our own tree, checked against the columns, printed back in words and
evaluated on a table. It is never handed to a database, to pandas or to Python.
"""

from __future__ import annotations

from collections.abc import Mapping

from indicators.measure.columns import Column
from indicators.measure.criteria.english import to_english
from indicators.measure.criteria.errors import CriteriaError
from indicators.measure.criteria.evaluation import Evaluator, Masks, masks
from indicators.measure.criteria.parser import read_criterion, read_value
from indicators.measure.criteria.printer import to_text
from indicators.measure.criteria.sql import to_sql
from indicators.measure.criteria.tree import Criterion, Value, column_names
from indicators.measure.criteria.typecheck import check_criterion, check_number

__all__ = [
    "CriteriaError",
    "Criterion",
    "Evaluator",
    "Masks",
    "Value",
    "column_names",
    "masks",
    "parse",
    "parse_number",
    "to_english",
    "to_sql",
    "to_text",
]


def parse(text: str, columns: Mapping[str, Column]) -> Criterion:
    """Read a criterion over these columns.

    Args:
        text: for example `discharge_disposition_id in ('11', '19') and age >= 18`.
        columns: by name.

    Raises:
        CriteriaError: the first thing that is wrong, where it is and what was expected.
    """
    criterion = read_criterion(text)
    check_criterion(criterion, columns)
    return criterion


def parse_number(text: str, columns: Mapping[str, Column]) -> Value:
    """Read the number that is observed in each case, such as `days_between(a, b)`.

    Raises:
        CriteriaError: the first thing that is wrong, where it is and what was expected.
    """
    value = read_value(text)
    check_number(value, columns)
    return value
