"""Case tables made up from a seed: every shape the bench is run on, and no real case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from indicators.bench.layout import AMOUNTS, CODE_LISTS, FLAGS, MOMENTS, Amount, Flag, code_of

GENERATOR_VERSION = 1
FIRST_YEAR = 2026
MINUTES_A_DAY = 1_440
UPLOADS = 12
PATIENTS_PER_CASE = 0.7
# Which moments are missing, in percent; the others are sent for every case.
MISSING_MOMENTS = {"antibiotic_at": 20, "incision_at": 3, "wheels_out_at": 2, "pacu_out_at": 8}

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a case table is, and of what kind.

    Attributes:
        cases: rows.
        years: whole years from 2026 over which the discharges are spread.
        seed: equal shapes with equal seeds give equal tables.
        physicians: 1 or more; one case in a hundred has none.
        codes: length of the procedure and diagnosis lists, 40 or more.
        missing: factor on the shares of missing values, in percent; 0 for a full table.
    """

    cases: int
    years: int = 1
    seed: int = 1
    physicians: int = 40
    codes: int = 60
    missing: int = 100

    @property
    def roster(self) -> tuple[str, ...]:
        """The physicians, in the order in which their figures are given."""
        return tuple(code_of("DR", number) for number in range(self.physicians))


def generate(shape: Shape) -> pa.Table:
    """Make up a case table.

    Returns:
        One row a case: codes as dictionaries of text, whole numbers int64, moments
        timestamp[s] on full minutes, flags bool, in the order of `layout.COLUMNS`.
    """
    rng = np.random.default_rng([GENERATOR_VERSION, shape.seed])
    columns: dict[str, pa.Array] = {
        "case_key": pa.array(_case_keys(shape)),
        "upload_key": _numbered("up", rng.integers(0, UPLOADS, shape.cases), UPLOADS, None),
        "patient_key": _patient_keys(rng, shape),
        "physician": _physicians(rng, shape),
    }
    for codes in CODE_LISTS:
        length = codes.length or shape.codes
        numbers = (rng.random(shape.cases) ** 2 * length).astype(np.int64)  # some are frequent
        columns[codes.name] = _numbered(
            codes.prefix, numbers, length, _gaps(rng, shape, codes.missing)
        )
    for flag in FLAGS:
        columns[flag.name] = _flag(rng, shape, flag)
    columns |= _moments(rng, shape)
    for amount in AMOUNTS:
        columns[amount.name] = _amount(rng, shape, amount)
    return pa.table(columns)


def _gaps(rng: np.random.Generator, shape: Shape, percent: int) -> npt.NDArray[np.bool_]:
    return rng.random(shape.cases) * 10_000 < percent * shape.missing


def _case_keys(shape: Shape) -> list[str]:
    return [f"case-{shape.seed}-{number:08d}" for number in range(shape.cases)]


def _patient_keys(rng: np.random.Generator, shape: Shape) -> pa.Array:
    patients = max(1, int(shape.cases * PATIENTS_PER_CASE))
    return _numbered("pt", rng.integers(0, patients, shape.cases), patients, None)


def _physicians(rng: np.random.Generator, shape: Shape) -> pa.Array:
    chosen = rng.integers(0, shape.physicians, shape.cases)
    return _numbered("DR", chosen, shape.physicians, _gaps(rng, shape, 1))


def _numbered(
    prefix: str, numbers: Whole, length: int, missing: npt.NDArray[np.bool_] | None
) -> pa.DictionaryArray:
    words = [code_of(prefix, number) for number in range(length)]
    codes = pa.array(numbers.astype(np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(codes, pa.array(words))


def _flag(rng: np.random.Generator, shape: Shape, flag: Flag) -> pa.Array:
    yes = rng.integers(0, 100, shape.cases) < flag.yes
    return pa.array(yes, mask=_gaps(rng, shape, flag.missing))


def _amount(rng: np.random.Generator, shape: Shape, amount: Amount) -> pa.Array:
    # Squared, as costs and stays are: most are small, a few are large.
    numbers = amount.low + rng.random(shape.cases) ** 2 * (amount.high - amount.low)
    return pa.array(numbers.astype(np.int64), mask=_gaps(rng, shape, amount.missing))


def _moments(rng: np.random.Generator, shape: Shape) -> dict[str, pa.Array]:
    """Lay a case's moments one after the other, back from a discharge inside the years."""
    days = (date(FIRST_YEAR + shape.years, 1, 1) - date(FIRST_YEAR, 1, 1)).days
    zero = (date(FIRST_YEAR, 1, 1) - date(1970, 1, 1)).days
    day = zero + rng.integers(0, days, shape.cases)
    discharged = day * MINUTES_A_DAY + rng.integers(7 * 60, 21 * 60, shape.cases)
    admitted = discharged - rng.integers(240, 15 * MINUTES_A_DAY, shape.cases)
    surgery = admitted - admitted % MINUTES_A_DAY + 7 * 60 + 15 * rng.integers(2, 40, shape.cases)
    wheels_in = surgery + rng.integers(-20, 60, shape.cases)
    incision = wheels_in + rng.integers(8, 75, shape.cases)
    closure = incision + rng.integers(15, 400, shape.cases)
    wheels_out = closure + rng.integers(3, 40, shape.cases)
    minutes = {
        "admitted_at": admitted,
        "scheduled_at": surgery,
        "wheels_in_at": wheels_in,
        "antibiotic_at": incision - rng.integers(-15, 110, shape.cases),
        "incision_at": incision,
        "closure_at": closure,
        "wheels_out_at": wheels_out,
        "pacu_out_at": wheels_out + rng.integers(20, 300, shape.cases),
        "discharged_at": discharged,
    }
    return {
        name: pa.array(
            (minutes[name] * 60).astype("datetime64[s]"),
            mask=_gaps(rng, shape, MISSING_MOMENTS.get(name, 0)),
        )
        for name in MOMENTS
    }
