"""An extract made up from a seed: 24 columns, some rows at fault in five ways, no real case."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from comanage.values.period import Period
from indicators.measure.columns import ColumnType
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec

GENERATOR_VERSION = 1
ROWS_AT_A_TIME = 250_000
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
FAULTY_PER_MILLION = 1_009
# The five ways, in turn: the code of the finding, and the column it is planted in.
FAULTS = (
    ("wrong-type", "total_cost"),
    ("out-of-range", "age"),
    ("unknown-code", "service_line"),
    ("required", "physician"),
    ("duplicate-key", "encounter_key"),
)
MOMENTS = (
    "admitted_at",
    "scheduled_at",
    "wheels_in_at",
    "incision_at",
    "closure_at",
    "discharged_at",
)
MISSING_MOMENTS = {"incision_at": 0.03, "closure_at": 0.02}
AGES = (0, 120)

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CodeList:
    """A column of codes: what they begin with, how many there are, and their digits."""

    name: str
    prefix: str
    length: int
    digits: int
    gaps: float = 0.0

    @property
    def codes(self) -> list[str]:
        """All codes."""
        return [f"{self.prefix}{number:0{self.digits}d}" for number in range(self.length)]


@dataclass(frozen=True)
class Recipe:
    """How large an extract is, and of what kind.

    Attributes:
        rows: of cases.
        seed: equal recipes give equal files.
        physicians: length of the physicians' list.
        codes: length of the procedure list.
        is_clean: without any faulty row, so that a slice is stored.
    """

    rows: int
    seed: int = 1
    physicians: int = 400
    codes: int = 2_000
    is_clean: bool = False

    @cached_property
    def lists(self) -> tuple[CodeList, ...]:
        """The columns of codes, in the order of the file."""
        return (
            CodeList("physician", "1", self.physicians, 9),
            CodeList("facility", "F", 12, 2),
            CodeList("service_line", "L", 30, 4),
            CodeList("drg", "", 740, 3),
            CodeList("procedure", "P", self.codes, 6),
            CodeList("diagnosis", "M", 5_000, 5),
            CodeList("admission_type", "", 5, 1),
            CodeList("disposition", "", 20, 2, gaps=0.01),
            CodeList("payer", "Y", 40, 3, gaps=0.02),
        )

    @cached_property
    def faulty_rows(self) -> Whole:
        """Places of the faulty rows, rising, none in the first 50; every fifth has one fault."""
        if self.is_clean:
            return np.empty(0, np.int64)
        rng = np.random.default_rng([GENERATOR_VERSION, self.seed, 1])
        wanted = max(len(FAULTS), self.rows * FAULTY_PER_MILLION // 1_000_000)
        return np.sort(rng.choice(np.arange(50, self.rows), wanted, replace=False))

    @property
    def planted(self) -> dict[str, int]:
        """Faulty rows by the code of their finding."""
        return dict(Counter(FAULTS[n % len(FAULTS)][0] for n in range(len(self.faulty_rows))))

    def places(self, fault: int) -> Whole:
        """Places of the rows with one of the faults, by its number."""
        return self.faulty_rows[fault :: len(FAULTS)]


def spec_of(recipe: Recipe) -> FeedSpec:
    """Declare the columns of an extract."""
    code, moment = ColumnType.CODE, ColumnType.MOMENT
    low, high = map(Decimal, AGES)
    columns = [FeedColumn("encounter_key", "encounter_key", code, required=True)]
    columns += [
        FeedColumn(one.name, one.name, code, one.name == "physician", tuple(one.codes))
        for one in recipe.lists
    ]
    columns.append(FeedColumn("discharged_on", "discharged_on", ColumnType.DATE, required=True))
    columns += [FeedColumn(name, name, moment) for name in MOMENTS]
    columns += [
        FeedColumn("length_of_stay", "length_of_stay", ColumnType.WHOLE, minimum=Decimal(0)),
        FeedColumn("age", "age", ColumnType.WHOLE, minimum=low, maximum=high),
        FeedColumn("supply_cost", "supply_cost", ColumnType.DECIMAL, places=2),
        FeedColumn("total_cost", "total_cost", ColumnType.DECIMAL, places=2),
    ]
    columns += [FeedColumn(name, name, ColumnType.FLAG) for name in FLAGS]
    return FeedSpec(tuple(columns), "encounter_key", "discharged_on", DataLevel.CODED_CASES)


FLAGS = ("first_case", "readmitted", "died")


def write_extract(recipe: Recipe, target: Path) -> None:
    """Write the extract as CSV, a part at a time."""
    with target.open("wb") as stream:
        writer = None
        for part in parts(recipe):
            if writer is None:
                stream.write((",".join(part.schema.names) + "\n").encode())
                bare = pacsv.WriteOptions(include_header=False, quoting_style="none")
                writer = pacsv.CSVWriter(stream, part.schema, write_options=bare)
            writer.write(part)
        if writer is not None:
            writer.close()


def write_json(recipe: Recipe, target: Path) -> None:
    """Write the extract as a JSON array of objects, numbers as numbers; all at once."""
    numbers = {
        column.name
        for column in spec_of(recipe).columns
        if column.type in (ColumnType.WHOLE, ColumnType.DECIMAL)
    }
    rows = [
        {
            name: text if name not in numbers else float(text) if "." in text else int(text)
            for name, text in row.items()
        }
        for part in parts(recipe)
        for row in part.to_pylist()
    ]
    target.write_text(json.dumps(rows))


def parts(recipe: Recipe) -> Iterator[pa.RecordBatch]:
    """Make up the rows as texts, some at a time."""
    for start in range(0, recipe.rows, ROWS_AT_A_TIME):
        rows = np.arange(start, min(start + ROWS_AT_A_TIME, recipe.rows))
        yield _part(recipe, rows)


def _part(recipe: Recipe, rows: Whole) -> pa.RecordBatch:
    rng = np.random.default_rng([GENERATOR_VERSION, recipe.seed, 2, int(rows[0])])
    columns: dict[str, pa.Array] = {"encounter_key": _keys(recipe, rows)}
    for one in recipe.lists:
        numbers = (rng.random(len(rows)) ** 2 * one.length).astype(np.int32)  # some are frequent
        gaps = rng.random(len(rows)) < one.gaps
        chosen = pa.array(numbers, mask=gaps)
        columns[one.name] = pa.array(one.codes).take(chosen).fill_null("")
    columns |= _days_and_moments(rng, len(rows))
    columns["age"] = _texts(rng.integers(18, 95, len(rows)))
    columns["supply_cost"] = _cents(rng, len(rows), 2_000_000)
    columns["total_cost"] = _cents(rng, len(rows), 9_000_000)
    for name in FLAGS:
        yes = rng.random(len(rows)) < 0.2
        columns[name] = pa.array(["N", "Y"]).take(pa.array(yes.astype(np.int8)))
    for name, bad in (
        ("total_cost", "pending"),
        ("age", "150"),
        ("service_line", "L9999"),
        ("physician", ""),
    ):
        fault = next(n for n, (_, column) in enumerate(FAULTS) if column == name)
        at_fault = pa.array(np.isin(rows, recipe.places(fault)))
        columns[name] = pc.if_else(at_fault, bad, columns[name])
    order = [column.name_in_file for column in spec_of(recipe).columns]
    return pa.record_batch([columns[name] for name in order], names=order)


def _keys(recipe: Recipe, rows: Whole) -> pa.Array:
    """Number the cases; a duplicate has the key of a row some way above, itself no duplicate."""
    again = recipe.places(FAULTS.index(("duplicate-key", "encounter_key")))
    numbers, doubled = rows.copy(), np.isin(rows, again)
    earlier = np.setdiff1d(rows[doubled] // 2, again)
    numbers[doubled] = np.resize(earlier, int(doubled.sum())) if doubled.any() else 0
    digits = _texts(numbers + 10**11 + recipe.seed * 10**8)
    return pc.utf8_replace_slice(digits, 0, 1, "E")


def _texts(numbers: Whole) -> pa.Array:
    return pa.array(numbers).cast(pa.string())


def _cents(rng: np.random.Generator, rows: int, most: int) -> pa.Array:
    # Squared, as costs are: most are small, a few are large.
    cents = (rng.random(rows) ** 2 * most).astype(np.int64) + 1_000
    dollars, rest = _texts(cents // 100), _texts(cents % 100)
    return pc.binary_join_element_wise(dollars, pc.utf8_lpad(rest, 2, "0"), ".")


def _days_and_moments(rng: np.random.Generator, rows: int) -> dict[str, pa.Array]:
    """Lay the moments of a case one after the other, back from a discharge inside the year."""
    zero = (YEAR.start - date(1970, 1, 1)).days
    day = zero + rng.integers(0, YEAR.days, rows)
    discharged = day * 1_440 + rng.integers(7 * 60, 21 * 60, rows)
    stay = rng.integers(600, 9 * 1_440, rows)
    admitted = discharged - stay
    scheduled = admitted + rng.integers(30, 120, rows)
    wheels_in = scheduled + rng.integers(0, 60, rows)
    incision = wheels_in + rng.integers(8, 75, rows)
    minutes = {
        "admitted_at": admitted,
        "scheduled_at": scheduled,
        "wheels_in_at": wheels_in,
        "incision_at": incision,
        "closure_at": incision + rng.integers(15, 300, rows),
        "discharged_at": discharged,
    }
    texts = {
        name: _moment_texts(values, rng.random(rows) < MISSING_MOMENTS.get(name, 0))
        for name, values in minutes.items()
    }
    days = pa.array(day.astype(np.int32)).cast(pa.date32()).cast(pa.string())
    return {"discharged_on": days, **texts, "length_of_stay": _texts(stay // 1_440)}


def _moment_texts(minutes: Whole, gaps: npt.NDArray[np.bool_]) -> pa.Array:
    moments = pa.array(minutes * 60).cast(pa.timestamp("s")).cast(pa.string())
    to_the_minute = pc.utf8_slice_codeunits(moments, 0, 16)
    return pc.if_else(pa.array(gaps), "", to_the_minute)
