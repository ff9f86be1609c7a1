"""What is asked of the values of one column, and of two columns of times together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from comanage.values.period import Period
from indicators.measure.columns import ColumnType
from scorecards.intake.conversion import Converted, arrow_type, as_mask, convert, expected_shape
from scorecards.intake.spec import FeedColumn, FeedSpec
from scorecards.intake.spec_columns import NUMERIC

EXPORT_THE_PERIOD = "Export that period, or remove the row."
# A text that is a day, a moment or a flag is no identifier of any written shape.
SAFE_WHEN_TYPED = frozenset({ColumnType.DATE, ColumnType.MOMENT, ColumnType.FLAG})
# As accountants write what is below zero, with the marks that a number may carry.
IN_PARENTHESES = r"^[$-]? ?\( ?[$-]? ?[0-9][0-9,]*(?:\.[0-9]*)? ?%? ?\) ?%?$"
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with some texts of a column.

    Args:
        code: of the finding.
        mask: the texts.
        words: after "Row 7, ", without the value; after "Row 7 " when there is none.
        has_value: the texts are values.
    """

    code: str
    mask: Mask
    words: str
    has_value: bool = True


class ColumnChecks:
    """The checks of one declared column, made ready once for all blocks of a file."""

    def __init__(
        self, column: FeedColumn, spec: FeedSpec, period: Period, *, has_own_types: bool
    ) -> None:
        """Take the column as its feed declares it.

        Args:
            column: one of the feed's.
            spec: the feed.
            period: the days the file is for.
            has_own_types: as for `convert`.
        """
        self.column = spec.in_full(column)
        self.is_required = spec.is_required(column)
        self.keeps_suppressed = spec.keeps_suppressed(column)
        self._has_own_types = has_own_types
        self._codes = pa.array(column.codes, pa.string())
        self._period = period if column.name == spec.date_column else None

    def convert(self, texts: pa.Array) -> Converted:
        """Type the texts as declared."""
        return convert(self.column, texts, has_own_types=self._has_own_types)

    def doubtful(self, texts: pa.Array, converted: Converted) -> pa.Array:
        """Return the texts in which an identifier could be, the others emptied."""
        if self.column.type not in SAFE_WHEN_TYPED:
            return texts
        if not converted.bad.any():
            return texts.slice(0, 0)
        return pc.if_else(pa.array(converted.bad), texts, "")

    def complaints(self, converted: Converted) -> Iterator[Complaint]:
        """Yield what is wrong, and where."""
        name = self.column.name_in_file
        if self.is_required:
            row = "Every row needs one."
            lacking = f"has no value in {name}. {row}"
            yield Complaint("required", converted.missing, lacking, has_value=False)
            withheld = f"has a suppressed value in {name}. {row}"
            yield Complaint("required", converted.suppressed, withheld, has_value=False)
        if converted.bad.any():
            yield from self._untyped(converted)
        if self.column.codes:
            known = as_mask(pc.is_in(converted.values, value_set=self._codes))
            yield Complaint(
                "unknown-code",
                ~known & as_mask(converted.values.is_valid()),
                f"{name}: the value is not on the code list. Correct it, or add it to the feed.",
            )
        yield from self._beyond_limits(converted.values)
        if self._period is not None:
            yield Complaint(
                "outside-period",
                _outside(self._period, converted.values),
                f"{name}: the value is outside {self._period}. {EXPORT_THE_PERIOD}",
            )

    def _untyped(self, converted: Converted) -> Iterator[Complaint]:
        name = self.column.name_in_file
        yield Complaint(
            "undeclared-mark",
            converted.undeclared,
            f"{name}: the text is no value. If it means missing or suppressed, declare it in "
            f"the map of the feed.",
        )
        wrong = converted.bad & ~converted.undeclared
        if self.column.type in NUMERIC:
            enclosed = wrong & _true(pc.match_substring_regex(converted.texts, IN_PARENTHESES))
            wrong &= ~enclosed
            yield Complaint(
                "in-parentheses",
                enclosed,
                f"{name}: the number stands in parentheses. If it is below zero, write it with a "
                f"minus sign; if it is the number of a footnote, leave the cell empty.",
            )
        yield Complaint(
            "wrong-type",
            wrong,
            f"{name}: the value is not {expected_shape(self.column)}. Correct it.",
        )

    def _beyond_limits(self, values: pa.Array) -> Iterator[Complaint]:
        name, low, high = self.column.name_in_file, self.column.minimum, self.column.maximum
        if low is not None:
            below = _true(pc.less(values, _limit(self.column, low)))
            words = f"{name}: the value is below {low:f}. Correct it."
            yield Complaint("out-of-range", below, words)
        if high is not None:
            above = _true(pc.greater(values, _limit(self.column, high)))
            words = f"{name}: the value is above {high:f}. Correct it."
            yield Complaint("out-of-range", above, words)


def is_before(later: pa.Array, earlier: pa.Array) -> Mask:
    """Mark rows in which the later time lies before the earlier; a missing one is no fault."""
    return _true(pc.less(later, earlier))


def _outside(period: Period, days: pa.Array) -> Mask:
    """Mark days outside the period.

    Why: a hospital that sends last quarter's export again would be paid twice for the
    same cases.
    """
    early = pc.less(days, pa.scalar(period.start, pa.date32()))
    late = pc.greater_equal(days, pa.scalar(period.end, pa.date32()))
    return _true(pc.or_(early, late))


def _limit(column: FeedColumn, limit: Decimal) -> pa.Scalar:
    """Make a limit comparable: a whole column has whole limits."""
    is_whole = pa.types.is_integer(arrow_type(column))
    return pa.scalar(int(limit), pa.int64()) if is_whole else pa.scalar(limit)


def _true(flags: pa.Array) -> Mask:
    """Take a missing answer for no."""
    return as_mask(pc.fill_null(flags, fill_value=False))
