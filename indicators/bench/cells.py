"""What every engine must deliver: whole numbers for each indicator, period and stratum."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.bench.generator import Shape
from indicators.measure.cube.cells import KeptCells
from indicators.measure.cube.order_statistics import neighbors

MONTHS_A_YEAR = 12
MONTHS_A_QUARTER = 3

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods of some years: 12 months, 4 quarters, 12 years to date and the year.

    Attributes:
        first: the first month of each, counted from the first month of the first year.
        end: the month after the last of each.
    """

    first: Whole
    end: Whole

    @classmethod
    def of_years(cls, years: int) -> Periods:
        """Return the 29 periods of each year, one year after the other."""
        ranges = [
            (year + first, year + end)
            for year in range(0, years * MONTHS_A_YEAR, MONTHS_A_YEAR)
            for first, end in _ranges_of_a_year()
        ]
        return cls(*np.array(ranges, np.int64).T)

    def __len__(self) -> int:
        """Count the periods."""
        return len(self.first)


def _ranges_of_a_year() -> list[tuple[int, int]]:
    months = [(month, month + 1) for month in range(MONTHS_A_YEAR)]
    quarters = [(q, q + MONTHS_A_QUARTER) for q in range(0, MONTHS_A_YEAR, MONTHS_A_QUARTER)]
    to_date = [(0, month + 1) for month in range(MONTHS_A_YEAR)]
    return [*months, *quarters, *to_date, (0, MONTHS_A_YEAR)]


@dataclass(frozen=True, slots=True)
class Frame:
    """The months, physicians and periods that results are wanted for."""

    shape: Shape

    @property
    def months(self) -> int:
        """Months in all."""
        return self.shape.years * MONTHS_A_YEAR

    @property
    def strata(self) -> int:
        """The physicians, and one more for cases without one of them."""
        return self.shape.physicians + 1

    @property
    def periods(self) -> Periods:
        """29 a year."""
        return Periods.of_years(self.shape.years)

    def empty_cube(self, rows: int) -> Whole:
        """Make room for so many counts by month and stratum."""
        return np.zeros((rows, self.months, self.strata), np.int64)


def roll_up(cube: Whole, periods: Periods) -> Whole:
    """Add months up to periods, and strata up to everyone, who comes last.

    Args:
        cube: any leading axes, then months, then strata; the last stratum holds the cases
            without a physician, who count for everyone alone.
        periods: month ranges.
    """
    up_to = np.zeros((*cube.shape[:-2], cube.shape[-2] + 1, cube.shape[-1]), np.int64)
    np.cumsum(cube, axis=-2, out=up_to[..., 1:, :])
    sums = up_to[..., periods.end, :] - up_to[..., periods.first, :]
    sums[..., -1] = sums.sum(axis=-1)
    return sums


def medians(kept: KeptCells, frame: Frame) -> Whole:
    """Find how many values each period and stratum has, and twice their median.

    Twice, because the middle of two whole numbers may be half a number.

    Returns:
        Periods x (physicians, everyone) x (twice the median, number of values); 0 and 0
        where there is none.
    """
    periods = frame.periods
    found = neighbors(kept, frame.strata, periods.first, periods.end)
    return np.stack([found.low + found.high, found.counts], axis=-1)


def hash_of(parts: Sequence[Whole]) -> str:
    """Hash all cells: equal results have equal hashes."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(repr(part.shape).encode())
        digest.update(np.ascontiguousarray(part, np.int64).tobytes())
    return digest.hexdigest()
