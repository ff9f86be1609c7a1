"""Reading CSV strictly: one separator, and the same number of fields in every row.

Structure is checked on the bytes, over whole blocks at once, before the parser sees them:
a lenient parser shifts columns or drops fields without a word. A row that is too long or too
short is reported and left out; anything that makes the rest doubtful ends the reading.
"""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from scorecards.intake.csv_form import (
    BYTES_LOOKED_AT,
    CsvForm,
    before_notes,
    identifiers_in,
    is_lone,
)
from scorecards.intake.csv_structure import (
    LINE_FEED,
    MAX_RECORD_BYTES,
    QUOTE,
    Positions,
    check_characters,
    check_fields,
    check_is_text,
    check_quotes,
    check_records,
    has_long_record,
    outside_quotes,
    too_long,
)
from scorecards.intake.reading import (
    MAX_FILE_COLUMNS,
    NO_TOLERANCE,
    Block,
    Extract,
    Fault,
    Tolerance,
    UnreadableError,
    header_name,
)
from scorecards.intake.spec_files import Notes
from scorecards.intake.text_files import TextFile, TextStream

CHUNK_BYTES = 8_000_000
MAX_NOTE_ROWS = 1_000
NOTES_HOLD = "The notes below the cases hold"


PLAIN = CsvForm()


@dataclass(frozen=True, slots=True)
class _Piece:
    """Whole records: their bytes, where each one ends, and how much of the file had been read.

    With quotes in them their fields have been counted; without, whoever wants them counts.
    """

    data: bytes
    first_row: int
    ends: Positions
    mark: int
    counted: Positions | None
    bytes_read: int

    @property
    def has_quotes(self) -> bool:
        """Whether a field is quoted."""
        return self.counted is not None

    @property
    def widths(self) -> Positions:
        """How many fields each record has."""
        if self.counted is not None:
            return self.counted
        codes = np.frombuffer(self.data, np.uint8)
        return _widths(np.flatnonzero((codes == self.mark) | (codes == LINE_FEED)), self.ends)

    def record(self, place: int) -> bytes:
        """Return one record without its line feed."""
        start = int(self.ends[place - 1]) + 1 if place else 0
        return self.data[start : int(self.ends[place])]

    def only(self, chosen: NDArray[np.bool_]) -> _Piece:
        """Keep the chosen records."""
        lengths = np.diff(self.ends, prepend=-1)
        codes = np.frombuffer(self.data, np.uint8)[: int(self.ends[-1]) + 1]
        return _Piece(
            codes[np.repeat(chosen, lengths)].tobytes(),
            self.first_row,
            np.cumsum(lengths[chosen]) - 1,
            self.mark,
            None if self.counted is None else self.counted[chosen],
            self.bytes_read,
        )

    def cut(self, place: int) -> tuple[_Piece, _Piece]:
        """Part the piece before one of its records."""
        byte = int(self.ends[place - 1]) + 1 if place else 0
        return (
            _Piece(
                self.data[:byte],
                self.first_row,
                self.ends[:place],
                self.mark,
                None if self.counted is None else self.counted[:place],
                self.bytes_read,
            ),
            _Piece(
                self.data[byte:],
                self.first_row + place,
                self.ends[place:] - byte,
                self.mark,
                None if self.counted is None else self.counted[place:],
                self.bytes_read,
            ),
        )


def read_csv(
    file: TextFile,
    wanted: frozenset[str],
    form: CsvForm = PLAIN,
    tolerance: Tolerance = NO_TOLERANCE,
) -> Extract:
    """Open a CSV file: the first record, or the one that the form names, is the header."""
    pieces = _pieces(file, form)
    first = next(pieces, None)
    above = form.header_row - 1
    if not isinstance(first, _Piece) or len(first.ends) <= above:
        raise UnreadableError("empty-file", "The file holds no rows. Export it again.")
    titles, below = first.cut(above)
    header_record, rest = below.cut(1)
    fields = int(header_record.widths[0])
    if fields > MAX_FILE_COLUMNS:
        raise UnreadableError(
            "too-many-columns",
            f"The header has {fields:,} columns; at most {MAX_FILE_COLUMNS:,} are "
            f"read. Export only the columns of the feed.",
            row=form.header_row,
        )
    header = _header(header_record.data, form)
    places = [n for n, name in enumerate(header) if name in wanted or not form.only_wanted]
    cases = _without_notes(chain([rest], pieces), len(header), form)
    found = identifiers_in(titles.data, "The titles above the header hold", tolerance.in_titles)
    parts = chain(found, _parts(cases, len(header), places, form))
    return Extract(header, parts, header_row=form.header_row)


def _header(record: bytes, form: CsvForm) -> tuple[str, ...]:
    text = StringIO(record.decode(), newline="")
    names = next(csv.reader(text, strict=True, delimiter=form.separator))
    if form.separator == "," and len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise UnreadableError(
            "not-comma",
            "The fields are not separated by commas. Declare the separator of the feed, or export "
            "with commas.",
            row=form.header_row,
        )
    return tuple(header_name(name) for name in names) or ("",)


def _without_notes(
    pieces: Iterator[_Piece | Fault], width: int, form: CsvForm
) -> Iterator[_Piece | Fault]:
    """Hold rows back of which only the first cell is filled, until others follow or none do."""
    if form.notes is not Notes.LONE_CELLS or width == 1:
        yield from pieces
        return
    held: list[_Piece] = []
    for piece in pieces:
        if isinstance(piece, Fault):
            yield piece
            continue
        lone = 0
        while lone < len(piece.ends) and is_lone(piece.record(len(piece.ends) - lone - 1), form):
            lone += 1
        cases, tail = piece.cut(len(piece.ends) - lone)
        if len(cases.ends) or sum(len(part.ends) for part in held) + lone > MAX_NOTE_ROWS:
            yield from held
            held = []
            yield cases
        held.append(tail)
    yield from identifiers_in(b"".join(part.data for part in held), NOTES_HOLD)


def _parts(
    pieces: Iterator[_Piece | Fault], width: int, places: list[int], form: CsvForm
) -> Iterator[Block | Fault]:
    """Turn pieces into faults for rows of another width, and a block of the others."""
    for piece in pieces:
        if isinstance(piece, Fault):
            yield piece
            continue
        even = None if form.only_wanted else _parse_even(piece, width, places, form)
        if even is not None:
            rows = piece.first_row + np.arange(len(piece.ends), dtype=np.int64)
            yield Block(rows, even, piece.bytes_read)
            continue
        widths = piece.widths
        good = widths == width
        for place in np.flatnonzero(~good):
            yield _width_fault(piece.first_row + int(place), int(widths[place]), width)
        rows = piece.first_row + np.flatnonzero(good).astype(np.int64)
        if not len(rows):
            continue
        kept_piece = piece if good.all() else piece.only(good)
        columns = _parse(kept_piece, width, places, form)
        if form.only_wanted and (blank := _without_values(kept_piece, form)).any():
            kept = pa.array(~blank)
            rows, columns = rows[~blank], [column.filter(kept) for column in columns]
        yield Block(rows, columns, piece.bytes_read)


def _without_values(piece: _Piece, form: CsvForm) -> NDArray[np.bool_]:
    """Find records of several fields that hold nothing but separators."""
    starts, widths = np.append(0, piece.ends[:-1] + 1), piece.widths
    # So short that each field is empty, but for a carriage return.
    short: NDArray[np.bool_] = (piece.ends - starts <= widths) & (widths > 1)
    for place in np.flatnonzero(short):
        record = piece.data[starts[place] : piece.ends[place]]
        short[place] = not record.strip(form.separator.encode() + b"\r")
    return short


def _width_fault(row: int, fields: int, wanted: int) -> Fault:
    more_or_fewer = "more" if fields > wanted else "fewer"
    return Fault(
        "wrong-width",
        f"Row {row} has {fields} fields, {more_or_fewer} than the {wanted} of the header. "
        f"Put quotes around text that holds the separator, and export again.",
        row=row,
        is_row_lost=True,
    )


def _parse_even(
    piece: _Piece, width: int, places: list[int], form: CsvForm
) -> list[pa.Array] | None:
    """Take records apart when none holds quotes and all have so many fields; otherwise None.

    Without quotes a field ends at every separator and a record at every line feed, so the
    parser counts as we would; but it takes an empty record for a whole one.
    """
    lengths = np.diff(piece.ends, prepend=-1) - 1  # with a carriage return, where there is one
    if piece.has_quotes or not len(lengths) or (width > 1 and lengths.min() <= 1):
        return None
    other: list[object] = []

    def note(row: object) -> str:
        other.append(row)
        return "skip"

    table = _table(piece, width, places, form, note)
    return None if other or len(table) != len(piece.ends) else _columns(table)


def _parse(piece: _Piece, width: int, places: list[int], form: CsvForm) -> list[pa.Array]:
    """Take good records apart; the parser must agree with the count made on the bytes."""
    table = _table(piece, width, places, form, lambda _row: "skip")
    if len(table) != len(piece.ends):
        raise _doubtful(piece.first_row)
    return _columns(table)


def _table(
    piece: _Piece,
    width: int,
    places: list[int],
    form: CsvForm,
    on_other_width: Callable[[object], str],
) -> pa.Table:
    names = [str(place) for place in range(width)]
    # The parser takes a byte order mark away, wherever in the file its bytes begin.
    is_marked = piece.data.startswith(BOM_UTF8)
    content = BOM_UTF8 + piece.data if is_marked else piece.data
    try:
        return pacsv.read_csv(
            BytesIO(content),
            read_options=pacsv.ReadOptions(
                use_threads=False, block_size=len(content) + 1, column_names=names
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=form.separator,
                newlines_in_values=piece.has_quotes,
                ignore_empty_lines=False,
                invalid_row_handler=on_other_width,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=[names[place] for place in places],
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:
        raise _doubtful(piece.first_row) from None


def _columns(table: pa.Table) -> list[pa.Array]:
    return [column.combine_chunks() for column in table.columns]


def _doubtful(row: int) -> UnreadableError:
    return UnreadableError(
        "unreadable", f"The rows from row {row} on cannot be taken apart. Export again.", row=row
    )


def _pieces(file: TextFile, form: CsvForm) -> Iterator[_Piece | Fault]:
    """Cut the file into pieces of whole records, checked for structure."""
    row, carried = 1, b""
    with file.opened() as stream:
        while chunk := stream.read(CHUNK_BYTES):
            if not carried and row == 1:
                check_is_text(chunk[:BYTES_LOOKED_AT])
            carried += chunk
            end = _end_of_whole_records(carried)
            whole, notes = before_notes(carried[:end], row, form)
            if whole:
                piece = _piece(whole, row, form, stream.bytes_read)
                row += len(piece.ends)
                yield piece
            if notes:
                yield from _checked_notes(notes + carried[end:], stream)
                return
            carried = carried[end:]
            if len(carried) > MAX_RECORD_BYTES:
                raise too_long(row)
    last = carried.rstrip(b"\r\n")
    whole, notes = before_notes(last + b"\n" if last else b"", row, form)
    if whole:
        yield _piece(whole, row, form, file.path.stat().st_size)
    yield from identifiers_in(notes, NOTES_HOLD)


def _checked_notes(notes: bytes, stream: TextStream) -> Iterator[Fault]:
    """Look for identifiers in all that follows the cases."""
    while notes:
        end = notes.rfind(b"\n") + 1 or len(notes)
        yield from identifiers_in(notes[:end], NOTES_HOLD)
        chunk = stream.read(CHUNK_BYTES)
        notes = notes[end:] + chunk if chunk else notes[end:]


def _end_of_whole_records(data: bytes) -> int:
    """Find the end of the last whole record that is not a blank line.

    Blank lines at the end wait for what follows: at the end of the file they are nothing,
    before another record they are rows without fields.
    """
    end = data.rfind(b"\n") + 1
    if b'"' not in data and end > 1 and data[end - 2] not in b"\r\n":
        return end  # the usual case, without a look at every byte
    codes = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(codes == QUOTE)
    ends = np.flatnonzero(codes == LINE_FEED)
    ends = ends[outside_quotes(ends, quotes)]
    if not len(ends):
        return 0
    last = int(ends[-1]) + 1
    body = len(data[:last].rstrip(b"\r\n"))
    following = ends[np.searchsorted(ends, body) :]
    return int(following[0]) + 1 if body else 0


def _piece(data: bytes, first_row: int, form: CsvForm, bytes_read: int) -> _Piece:
    """Check whole records and count their fields."""
    codes = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(codes == QUOTE) if b'"' in data else np.empty(0, np.intp)
    ends = np.flatnonzero(codes == LINE_FEED)
    ends = ends[outside_quotes(ends, quotes)] if len(quotes) else ends

    def row_of(place: int) -> int:
        return first_row + int(np.searchsorted(ends, place))

    check_quotes(codes, quotes, row_of, form.mark)
    if len(quotes) % 2:
        raise UnreadableError(
            "open-quote",
            f"A quote that opens in row {row_of(int(quotes[-1]))} or before is never closed. "
            f"Double the quotes inside a text, and export again.",
            row=row_of(int(quotes[-1])),
        )
    check_characters(data, codes, quotes, row_of)
    counted = None
    if len(quotes) or (not form.only_wanted and has_long_record(ends)):
        marks = np.flatnonzero((codes == form.mark) | (codes == LINE_FEED))
        marks = marks[outside_quotes(marks, quotes)]
        if not form.only_wanted:
            check_fields(marks, row_of)
        counted = _widths(marks, ends) if len(quotes) else None
    check_records(ends, row_of)
    return _Piece(data, first_row, ends, form.mark, counted, bytes_read)


def _widths(marks: Positions, ends: Positions) -> Positions:
    """Count the fields of each record; every mark ends one."""
    width, left = divmod(len(marks), max(1, len(ends)))
    if width and not left and np.array_equal(marks[width - 1 :: width], ends):
        return np.full(len(ends), width)
    return np.diff(np.searchsorted(marks, ends), prepend=-1)
