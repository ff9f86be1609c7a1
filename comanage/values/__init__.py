"""Exact values: money in cents, half-open periods, rounding, canonical JSON.

Nothing here knows Django, a clock or a float.
"""

from comanage.values.canonical import CanonicalError, canonical_json, sha256_of
from comanage.values.money import Money, MoneyError, split_by_weight
from comanage.values.period import Period, PeriodError
from comanage.values.rounding import (
    NumberTextError,
    decimal_text,
    exact_text,
    fraction_from_text,
    round_half_up,
)

__all__ = [
    "CanonicalError",
    "Money",
    "MoneyError",
    "NumberTextError",
    "Period",
    "PeriodError",
    "canonical_json",
    "decimal_text",
    "exact_text",
    "fraction_from_text",
    "round_half_up",
    "sha256_of",
    "split_by_weight",
]
