"""Holding an extract against its feed: every row, all findings, a slice when all is well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from comanage.values.period import Period
from scorecards.intake.conversion import Converted, arrow_type, as_mask, convert, expected_shape
from scorecards.intake.csv_reading import read_csv
from scorecards.intake.header import Layout, check_header
from scorecards.intake.identifiers import pattern_hits
from scorecards.intake.outcome import FindingLog, Outcome, Severity
from scorecards.intake.parquet_reading import read_parquet
from scorecards.intake.reading import MAX_ROWS, Block, Fault, Reader, UnreadableError, kind_of
from scorecards.intake.slices import write_slice
from scorecards.intake.spec import FeedColumn, FeedSpec
from scorecards.intake.xlsx_reading import read_xlsx

READERS: dict[str, Reader] = {"csv": read_csv, "xlsx": read_xlsx, "parquet": read_parquet}
EXPORT_THE_PERIOD = "Export that period, or remove the row."
Mask = NDArray[np.bool_]
Message = Callable[[int], tuple[str, str | None]]


def check_file(
    source: Path, filename: str, spec: FeedSpec, period: Period, target: Path
) -> Outcome:
    """Check an extract; when nothing is wrong, write its slice to `target`.

    Call it through `sandbox.check_in_child` for a file from outside: this function bounds
    what it reads, the child bounds what reading it may cost.

    Args:
        source: the file as received, under any name.
        filename: the name under which it came; its ending must fit the content.
        spec: what the feed declares.
        period: the days the slice is for.
        target: where the slice goes.

    Returns:
        The outcome. What was at `target` before is gone; when the file is not accepted,
        nothing is there.
    """
    target.unlink(missing_ok=True)
    check = _FileCheck(spec, period)
    try:
        check.read(source, filename)
    except UnreadableError as refused:
        check.log.add(refused.code, refused.message, row=refused.row, column=refused.column)
    return check.finish(target)


class _FileCheck:
    """One pass over one file: what was found, and the typed cases so far."""

    def __init__(self, spec: FeedSpec, period: Period) -> None:
        self.spec, self.period = spec, period
        self.log = FindingLog()
        self.rows = 0
        self.has_own_types = False
        self.missing: Counter[str] = Counter()
        self.dropped: tuple[str, ...] = ()
        self.typed: list[pa.RecordBatch] = []
        self.keys: list[pa.Array] = []
        self.key_rows: list[NDArray[np.int64]] = []
        self.schema = pa.schema([(column.name, arrow_type(column)) for column in spec.columns])

    def read(self, source: Path, filename: str) -> None:
        """Read the file to its end, or to where it cannot be read."""
        kind = kind_of(source, filename)
        reader = READERS[kind]
        self.has_own_types = kind != "csv"
        extract = reader(source, frozenset(column.name_in_file for column in self.spec.columns))
        layout = check_header(extract.header, self.spec, self.log)
        self.dropped = layout.dropped
        for part in extract.parts:
            if isinstance(part, Fault):
                self.log.identifiers_found |= part.code.startswith("identifier")
                self.log.add(part.code, part.message, row=part.row, column=part.column)
                self.rows += part.code == "wrong-width"
            else:
                self._take(part, layout)
        self._check_keys()
        self._check_amount(layout)

    def _take(self, block: Block, layout: Layout) -> None:
        self.rows += len(block.rows)
        if self.rows > MAX_ROWS:
            raise UnreadableError("too-many-rows", f"At most {MAX_ROWS:,} rows are read.")
        for said, cells in zip(layout.spoken, block.columns, strict=True):
            self._check_identifiers(block, said, cells)
        values = [
            self._check_column(block, column, block.columns[place])
            for column, place in layout.declared
        ]
        # After the first error there will be no slice: keep no more cases in memory.
        if not self.log.errors:
            self.typed.append(pa.record_batch(values, schema=self.schema))
        else:
            self.typed.clear()

    def _check_identifiers(self, block: Block, said: str, cells: pa.Array) -> None:
        for hit in pattern_hits(cells):
            self.log.identifiers_found = True
            rows = block.rows[hit.cells]
            self.log.add_rows(
                "identifier-in-cell", said, rows.tolist(), _identifier_message(rows, said, hit.kind)
            )

    def _check_column(self, block: Block, column: FeedColumn, cells: pa.Array) -> pa.Array:
        """Type one column and report its faults; return the typed values."""
        converted = convert(self.spec.in_full(column), cells, has_own_types=self.has_own_types)
        self.missing[column.name] += int(converted.missing.sum())
        for code, mask, complaint in self._complaints(column, converted):
            places = np.flatnonzero(mask)
            message = _value_message(block.rows[places], converted.texts.take(places), complaint)
            self.log.add_rows(code, column.name_in_file, block.rows[places].tolist(), message)
        if column.name == self.spec.case_key:
            self.keys.append(converted.values)
            self.key_rows.append(block.rows)
        return converted.values

    def _complaints(
        self, column: FeedColumn, converted: Converted
    ) -> Iterator[tuple[str, Mask, str]]:
        """Yield the code, the cells and the words of everything asked of one column."""
        name = column.name_in_file
        if self.spec.is_required(column):
            yield "required", converted.missing, f"has no value in {name}. Every row needs one."
            held = converted.suppressed
            yield "required", held, f"has a suppressed value in {name}. Every row needs one."
        declare = "If it means missing or suppressed, declare it in the map of the feed."
        yield "undeclared-mark", converted.undeclared, f"{name}: {{value}} is no value. {declare}"
        wrong = converted.bad & ~converted.undeclared
        yield "wrong-type", wrong, f"{name}: {{value}} is not {expected_shape(column)}. Correct it."
        if column.codes:
            known = pc.is_in(converted.values, value_set=pa.array(column.codes, pa.string()))
            unknown = ~as_mask(known) & as_mask(pc.is_valid(converted.values))
            yield (
                "unknown-code",
                unknown,
                f"{name}: {{value}} is not on the code list. Correct it, or add it to the feed.",
            )
        if column.minimum is not None:
            low = _true(pc.less(converted.values, _limit(column, column.minimum)))
            yield "out-of-range", low, f"{name}: {{value}} is below {column.minimum:f}. Correct it."
        if column.maximum is not None:
            high = _true(pc.greater(converted.values, _limit(column, column.maximum)))
            yield (
                "out-of-range",
                high,
                f"{name}: {{value}} is above {column.maximum:f}. Correct it.",
            )
        if column.name == self.spec.date_column:
            yield (
                "outside-period",
                self._outside_period(converted.values),
                f"{name}: {{value}} is outside {self.period}. {EXPORT_THE_PERIOD}",
            )

    def _outside_period(self, days: pa.Array) -> Mask:
        """Mark days outside the period.

        Why: a hospital that sends last quarter's export again would be paid twice for the
        same cases.
        """
        early = pc.less(days, pa.scalar(self.period.start, pa.date32()))
        late = pc.greater_equal(days, pa.scalar(self.period.end, pa.date32()))
        return _true(pc.or_(early, late))

    def _check_keys(self) -> None:
        """Report every row whose case key an earlier row has; the key itself is not repeated."""
        if not self.keys:
            return
        keys = pa.chunked_array(self.keys).combine_chunks()
        rows = np.concatenate(self.key_rows)[as_mask(pc.is_valid(keys))]
        codes = keys.drop_null().dictionary_encode().indices.to_numpy()
        _, first = np.unique(codes, return_index=True)
        earlier = rows[first[codes]] if len(codes) else rows
        again = np.flatnonzero(earlier != rows)
        column = self.spec.column(self.spec.case_key).name_in_file

        def message(place: int) -> tuple[str, None]:
            row, before = rows[again[place]], earlier[again[place]]
            return f"Row {row} has the same {column} as row {before}. Each case comes once.", None

        self.log.add_rows("duplicate-key", column, rows[again].tolist(), message)

    def _check_amount(self, layout: Layout) -> None:
        if not self.rows:
            self.log.add("no-rows", "The file has a header and no rows. Export the period again.")
            return
        for column, _ in layout.declared:
            if self.missing[column.name] == self.rows and not self.spec.is_required(column):
                self.log.add(
                    "empty-column",
                    f"The column {column.name_in_file} has no value in any row.",
                    column=column.name_in_file,
                    severity=Severity.WARNING,
                )

    def finish(self, target: Path) -> Outcome:
        """Write the slice when there is no error, and sum up."""
        missing = {column.name: self.missing[column.name] for column in self.spec.columns}
        if self.log.errors:
            return Outcome(
                accepted=False,
                rows=self.rows,
                findings=self.log.findings(),
                findings_total=self.log.total,
                dropped_columns=self.dropped,
                missing_by_column=missing,
            )
        written = write_slice(pa.Table.from_batches(self.typed, schema=self.schema), target)
        return Outcome(
            accepted=True,
            rows=self.rows,
            findings=self.log.findings(),
            findings_total=self.log.total,
            dropped_columns=self.dropped,
            missing_by_column=missing,
            slice_sha256=written.sha256,
            logical_sha256=written.logical_sha256,
            slice_bytes=written.bytes,
        )


def _identifier_message(rows: NDArray[np.int64], said: str, kind: str) -> Message:
    return lambda place: (
        (
            f"Row {rows[place]} holds what looks like {kind} in {said}. Remove it from the "
            f"export; the value is neither shown nor kept."
        ),
        None,
    )


def _value_message(rows: NDArray[np.int64], texts: pa.Array, complaint: str) -> Message:
    joint = ", " if "{value}" in complaint else " "
    return lambda place: (f"Row {rows[place]}{joint}{complaint}", texts[place].as_py() or "")


def _limit(column: FeedColumn, limit: Decimal) -> pa.Scalar:
    """Make a limit comparable: a whole column has whole limits."""
    is_whole = pa.types.is_integer(arrow_type(column))
    return pa.scalar(int(limit), pa.int64()) if is_whole else pa.scalar(limit)


def _true(flags: pa.Array) -> Mask:
    """Take a missing answer for no."""
    return as_mask(flags.fill_null(False))  # noqa: FBT003 - pyarrow's own signature
