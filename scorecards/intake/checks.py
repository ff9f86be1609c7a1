"""Holding an extract against its feed: every row, all findings, a slice when all is well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from comanage.values.period import Period
from scorecards.intake.column_checks import ColumnChecks, Complaint, Mask, is_before
from scorecards.intake.conversion import Converted, arrow_type, as_mask
from scorecards.intake.header import Layout, check_header
from scorecards.intake.identifiers import CARD, CONTACTS, are_cards, bare_cards, written_hits
from scorecards.intake.keys import SeenKeys
from scorecards.intake.manner import AS_IT_IS, Manner
from scorecards.intake.opening import open_extract
from scorecards.intake.outcome import COUNTED, FindingLog, Outcome, Severity
from scorecards.intake.pipeline import ahead
from scorecards.intake.progress import Progress
from scorecards.intake.reading import MAX_ROWS, Block, Fault, Tolerance, UnreadableError
from scorecards.intake.slices import WrittenSlice, write_slice
from scorecards.intake.spec import SUPPRESSED_SUFFIX, DataLevel, FeedSpec
from scorecards.intake.texts import Cells

KEYED_HASH = r"^[0-9A-Za-z_-]{32,}={0,2}$"
BETWEEN_KEYS = "\x1f"  # in no code: control characters are refused there
Message = Callable[[int], tuple[str, str | None]]
OnProgress = Callable[[Progress], object]


def check_file(
    source: Path,
    filename: str,
    spec: FeedSpec,
    period: Period,
    target: Path,
    *,
    manner: Manner = AS_IT_IS,
    on_progress: OnProgress = lambda _: None,
) -> Outcome:
    """Check an extract; when nothing is wrong, write its slice to `target`.

    Call it through `sandbox.check_in_child` for a file from outside: this function bounds
    what it reads, the child bounds what reading it may cost. Rows stream through in blocks:
    one thread reads, one checks, one writes.

    Args:
        source: the file as received, under any name.
        filename: the name under which it came; its ending must fit the content.
        spec: what the feed declares.
        period: the days the slice is for.
        target: where the slice goes; working files lie beside it, without a name.
        manner: how faulty rows are taken, and how many rows were promised.
        on_progress: called after every block, in the thread that checks.

    Returns:
        The outcome. What was at `target` before is gone; when the file is not accepted,
        nothing is there.

    Raises:
        RowsLostError: nothing is at `target`, though nothing was wrong with the file.
    """
    target.unlink(missing_ok=True)
    with closing(SeenKeys(target.parent)) as keys:
        check = _FileCheck(spec, period, manner, keys)
        try:
            written = write_slice(
                ahead(check.rows_to_keep(source, filename, on_progress)), check.schema, target
            )
        except _RefusedError:
            return check.outcome(None)
        if written.rows != check.rows - check.skipped:
            target.unlink()
            raise RowsLostError(f"{check.rows - check.skipped} rows gave {written.rows} cases")
        return check.outcome(written)


class RowsLostError(OSError):
    """A slice holds other rows than were read and not left out: the fault is ours."""


class _RefusedError(Exception):
    """Stops the writing of a slice: the file has been read and is refused."""


class _FileCheck:
    """One pass over one file: what was found so far."""

    def __init__(self, spec: FeedSpec, period: Period, manner: Manner, keys: SeenKeys) -> None:
        self.spec, self.period, self.manner, self.keys = spec, period, manner, keys
        self.log = FindingLog()
        self.rows = self.skipped = 0
        self.at_fault: set[int] = set()  # rows that a reader found faulty, not yet passed
        self.counts = {column.name: Counter[str]() for column in spec.columns}
        self.unkeyed = 0  # case keys that are no keyed hash where they must be
        self.cards: dict[str, _CardColumn] = {}
        self.dropped: tuple[str, ...] = ()
        self.schema = slice_schema(spec)

    def rows_to_keep(
        self, source: Path, filename: str, on_progress: OnProgress
    ) -> Iterator[pa.RecordBatch]:
        """Yield typed rows while nothing refuses the file.

        Raises:
            _RefusedError: at the end, when something did.
        """
        try:
            yield from self._read(source, filename, on_progress)
        except UnreadableError as refused:
            self.log.add(refused.code, refused.message, row=refused.row, column=refused.column)
        if self._is_refused():
            raise _RefusedError

    def _is_refused(self) -> bool:
        if self.log.errors_of_file or self.log.identifiers_found:
            return True
        return bool(self.log.errors_of_rows) and not self.manner.skip_faulty

    def _read(
        self, source: Path, filename: str, on_progress: OnProgress
    ) -> Iterator[pa.RecordBatch]:
        """Read the file to its end, or to where it cannot be read."""
        size = source.stat().st_size
        wanted = frozenset(column.name_in_file for column in self.spec.columns)
        extract = open_extract(
            source,
            filename,
            wanted,
            self.spec.form,
            _tolerance(self.spec),
        )
        layout = check_header(extract, self.spec, self.log)
        self.dropped = layout.dropped
        checks = {
            place: ColumnChecks(column, self.spec, self.period, has_own_types=extract.has_own_types)
            for column, place in layout.declared
        }
        for part, cells in ahead(_with_cells(extract.parts, layout)):
            if isinstance(part, Fault):
                self._note(part)
                continue
            kept = self._take(part, cells, layout, checks)
            if kept is not None:
                yield kept
            on_progress(Progress(part.bytes_read, size, self.rows))
        self.skipped += len(self.at_fault)
        self._check_cards()
        self._check_hashes()
        self._check_amount()
        self._warn_of_columns(checks)

    def _note(self, fault: Fault) -> None:
        """Log what a reader found; if it is about one row, remember to leave that out."""
        self.log.identifiers_found |= fault.code.startswith("identifier")
        self.rows += fault.is_row_lost
        if fault.row is None:
            self.log.add(fault.code, fault.message, column=fault.column)
        else:
            said = fault.message, None
            self.log.add_rows(fault.code, fault.column, [fault.row], lambda _: said)
            self.at_fault.add(fault.row)

    def _faulty_by_now(self, rows: NDArray[np.int64]) -> Mask:
        """Mark the rows of a block that the reader found faulty, and count those not in it."""
        noted = np.array([row for row in self.at_fault if row <= rows[-1]], np.int64)
        self.at_fault.difference_update(noted.tolist())
        faulty = np.isin(rows, noted)
        self.skipped += len(noted) - int(np.count_nonzero(faulty))
        return faulty

    def _take(
        self,
        block: Block,
        cells: Mapping[int, Cells],
        layout: Layout,
        checks: Mapping[int, ColumnChecks],
    ) -> pa.RecordBatch | None:
        """Check a block; return its typed rows when they are to be written."""
        self.rows += len(block.rows)
        if self.rows > MAX_ROWS:
            raise UnreadableError("too-many-rows", f"At most {MAX_ROWS:,} rows are read.")
        faulty = self._faulty_by_now(block.rows)
        values: dict[str, pa.Array] = {}
        for place, column in cells.items():
            if place in checks:
                values |= self._check_column(block, checks[place], column, faulty)
            else:
                said = layout.spoken[place]
                self._check_identifiers(block, said, column, column.texts)
        self._check_orders(block, values, faulty)
        self._check_keys(block, values, faulty)
        self.skipped += int(np.count_nonzero(faulty))
        if self._is_refused():
            return None
        kept = pa.record_batch([values[name] for name in self.schema.names], schema=self.schema)
        return kept.filter(pa.array(~faulty)) if faulty.any() else kept

    def _check_column(
        self, block: Block, checks: ColumnChecks, cells: Cells, faulty: Mask
    ) -> dict[str, pa.Array]:
        """Type one column, report its faults and mark their rows; return what a slice keeps."""
        name, said = checks.column.name, checks.column.name_in_file
        converted = checks.convert(cells.texts)
        self._count(name, cells, converted)
        for complaint in checks.complaints(converted):
            found = cells.where(complaint.mask)
            if len(found):
                faulty[found] = True
                rows = block.rows[found]
                texts = cells.texts_at(converted.texts, found)
                message = _value_message(rows, texts, complaint)
                self.log.add_rows(complaint.code, said, rows.tolist(), message)
        if self.spec.level is DataLevel.KEYED_CASES and name == self.spec.case_key:
            is_hash = pc.match_substring_regex(converted.values, KEYED_HASH)
            is_hash = pc.fill_null(is_hash, fill_value=True)
            self.unkeyed += cells.count(~as_mask(is_hash))
        self._check_identifiers(block, said, cells, checks.doubtful(cells.texts, converted))
        kept = {name: cells.spread(converted.values)}
        if checks.keeps_suppressed:
            kept[name + SUPPRESSED_SUFFIX] = cells.spread(pa.array(converted.suppressed))
        return kept

    def _count(self, name: str, cells: Cells, converted: Converted) -> None:
        counts = self.counts[name]
        counts["missing"] += cells.count(converted.missing)
        counts["suppressed"] += cells.count(converted.suppressed)
        counts["restored"] += cells.count(converted.restored)
        counts["unwrapped"] += cells.count(converted.unwrapped)

    def _check_identifiers(self, block: Block, said: str, cells: Cells, texts: pa.Array) -> None:
        """Look for written identifiers in `texts`, which run beside those of the cells."""
        for hit in written_hits(texts):
            self.log.identifiers_found = True
            rows = block.rows[cells.at(hit.cells)]
            self.log.add_rows(
                "identifier-in-cell", said, rows.tolist(), _identifier_message(rows, said, hit.kind)
            )
        cards = bare_cards(texts)
        if len(cards.shaped):
            column = self.cards.setdefault(said, _CardColumn())
            column.shaped += len(cells.at(cards.shaped))
            column.fitting.append(block.rows[cells.at(cards.fitting)])

    def _check_cards(self) -> None:
        """Report bare card numbers, now that the whole column has been seen."""
        for said, column in self.cards.items():
            rows = np.concatenate(column.fitting)
            if are_cards(column.shaped, len(rows)):
                self.log.identifiers_found = True
                self.log.add_rows(
                    "identifier-in-cell", said, rows.tolist(), _identifier_message(rows, said, CARD)
                )

    def _check_hashes(self) -> None:
        """Refuse, once, case keys that somebody else than the hospital could read."""
        if self.unkeyed:
            said = self.spec.column(self.spec.case_key).name_in_file
            self.log.add(
                "case-key-not-keyed",
                f"{self.unkeyed:,} values of {said} are no keyed hash. At level L2 the hospital "
                f"hashes its case number with a key of its own: send 32 or more hexadecimal or "
                f"base64url characters.",
                column=said,
            )

    def _check_orders(self, block: Block, values: dict[str, pa.Array], faulty: Mask) -> None:
        """Report rows in which something happened before what it follows."""
        for order in self.spec.orders:
            if not {order.earlier, order.later} <= values.keys():
                continue
            found = np.flatnonzero(is_before(values[order.later], values[order.earlier]))
            faulty[found] = True
            later = self.spec.column(order.later).name_in_file
            earlier = self.spec.column(order.earlier).name_in_file
            rows = block.rows[found]
            words = f"{later} lies before {earlier}. Correct one of them."
            self.log.add_rows("wrong-order", later, rows.tolist(), _row_message(rows, words))

    def _check_keys(self, block: Block, values: dict[str, pa.Array], faulty: Mask) -> None:
        """Report every row whose key an earlier row has; the key itself is not repeated."""
        if not values.keys() >= set(self.spec.row_key):
            return
        columns = [values[name] for name in self.spec.row_key]
        present = np.arange(len(block.rows))
        if any(column.null_count for column in columns):
            present = np.flatnonzero(
                np.logical_and.reduce([as_mask(c.is_valid()) for c in columns])
            )
            columns = [column.take(pa.array(present)) for column in columns]
        rows = block.rows[present]
        found = self.keys.add(_joined(columns), rows)
        again = rows[found.places]
        faulty[present[found.places]] = True
        said = " and ".join(self.spec.column(name).name_in_file for name in self.spec.row_key)
        comes = "Each case comes once." if self.spec.case_key else "Each row comes once."
        self.log.add_rows(
            "duplicate-key",
            said,
            again.tolist(),
            lambda place: (
                f"Row {again[place]} has the same {said} as row {found.earlier[place]}. {comes}",
                None,
            ),
        )

    def _check_amount(self) -> None:
        """Hold the rows in all against what was promised, and what would be left of them."""
        stated = self.manner.stated_rows
        if stated is not None and stated != self.rows:
            self.log.add(
                "stated-rows",
                f"The file has {self.rows:,} rows, and {stated:,} were announced. Send the whole "
                f"file again, or correct the announcement.",
            )
        if not self.rows:
            self.log.add("no-rows", "The file has a header and no rows. Export the period again.")
        elif self.manner.skip_faulty and self.skipped * 2 > self.rows:
            self.log.add(
                "too-many-faulty",
                f"{self.skipped:,} of {self.rows:,} rows are faulty. At most half of a file is "
                f"left out: correct the export.",
            )

    def _warn_of_columns(self, checks: dict[int, ColumnChecks]) -> None:
        """Warn of what no row is to blame for and a person should know."""
        for each in checks.values():
            counts, said = self.counts[each.column.name], each.column.name_in_file
            if self.rows and counts["missing"] == self.rows and not each.is_required:
                self._warn("empty-column", said, f"The column {said} has no value in any row.")
            if counts["restored"]:
                self._warn(
                    "restored-zeros",
                    said,
                    f"{counts['restored']:,} values of {said} had lost leading zeros and got them "
                    f"back: {each.column.width} digits are declared.",
                )

    def _warn(self, code: str, said: str, message: str) -> None:
        self.log.add(code, message, column=said, severity=Severity.WARNING)

    def outcome(self, written: WrittenSlice | None) -> Outcome:
        """Sum up; accepted when a slice was written."""
        refused = Outcome(
            accepted=False,
            rows=self.rows,
            findings=self.log.findings(),
            findings_total=self.log.total,
            warnings_total=self.log.warnings,
            dropped_columns=self.dropped,
            counts={
                name: {what: counts[what] for what in COUNTED}
                for name, counts in self.counts.items()
            },
        )
        if written is None:
            return refused
        return replace(
            refused,
            accepted=True,
            rows_skipped=self.skipped,
            slice_sha256=written.sha256,
            logical_sha256=written.logical_sha256,
            slice_bytes=written.bytes,
        )


def _tolerance(spec: FeedSpec) -> Tolerance:
    """Let the titles of a file without persons say how its publisher is reached."""
    is_about_persons = spec.level is not DataLevel.AGGREGATES
    return Tolerance(
        organization=frozenset(spec.organization_columns),
        in_titles=frozenset() if is_about_persons else CONTACTS,
    )


def _with_cells(
    parts: Iterator[Block | Fault], layout: Layout
) -> Iterator[tuple[Block | Fault, dict[int, Cells]]]:
    """Encode the columns that are looked at, by their places."""
    places = [n for n in range(len(layout.spoken)) if n not in layout.organization]
    for part in parts:
        if isinstance(part, Fault):
            yield part, {}
        else:
            yield part, {place: Cells.of(part.columns[place]) for place in places}


@dataclass(slots=True)
class _CardColumn:
    """Cells of one column that are written like a bare payment card number.

    Attributes:
        shaped: how many.
        fitting: rows of those whose check digit fits, by block.
    """

    shaped: int = 0
    fitting: list[NDArray[np.int64]] = field(default_factory=list)


def slice_schema(spec: FeedSpec) -> pa.Schema:
    """Name and type what a slice keeps: the columns, and where their values are suppressed."""
    fields = []
    for column in spec.columns:
        fields.append(pa.field(column.name, arrow_type(column)))
        if spec.keeps_suppressed(column):
            fields.append(pa.field(column.name + SUPPRESSED_SUFFIX, pa.bool_()))
    return pa.schema(fields)


def _joined(columns: list[pa.Array]) -> pa.Array:
    """Write the key of each row as one text; different keys give different texts."""
    texts = [column.cast(pa.string()) for column in columns]
    return texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, BETWEEN_KEYS)


def _row_message(rows: NDArray[np.int64], words: str) -> Message:
    return lambda place: (f"Row {rows[place]}: {words}", None)


def _identifier_message(rows: NDArray[np.int64], said: str, kind: str) -> Message:
    return lambda place: (
        (
            f"Row {rows[place]} holds what looks like {kind} in {said}. Remove it from the "
            f"export; the value is neither shown nor kept."
        ),
        None,
    )


def _value_message(rows: NDArray[np.int64], texts: pa.Array, complaint: Complaint) -> Message:
    if not complaint.has_value:
        return lambda place: (f"Row {rows[place]} {complaint.words}", None)
    return lambda place: (f"Row {rows[place]}, {complaint.words}", texts[place].as_py() or "")
