"""However a file is damaged, a cell is read as it is written or the row is refused: no shifts."""

import csv
import json
import tempfile
from codecs import BOM_UTF8
from io import StringIO
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from scorecards.intake.csv_reading import read_csv
from scorecards.intake.json_reading import read_ndjson
from scorecards.intake.reading import Block, UnreadableError
from scorecards.intake.text_files import TextFile
from tests.laws import examples

CSV = b'a,b,c\n1,"x, y",3\n4,"say ""no""",6\r\n7,,9\n'
LINES = b'{"a": 1.50, "b": "x"}\n{"a": null, "b": "\\u00e9"}\n{"a": true}\n'
PIECES = st.sampled_from(
    [b'"', b",", b"\n", b"\r", b"x", b"{", b"}", b":", b"\\", b"", b"1", b" ", BOM_UTF8]
)
MUTATIONS = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 3), PIECES), max_size=4)
EXAMPLES = examples(200)


def mutated(content, mutations):
    for place, taken, put in mutations:
        content = content[:place] + put + content[place + taken :]
    return content


def rows_read(reader, content):
    """Rows by number, as far as the file is read."""
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "received"
        source.write_bytes(content)
        try:
            extract = reader(TextFile(source), frozenset())
            for part in extract.parts:
                if isinstance(part, Block):
                    columns = [column.to_pylist() for column in part.columns]
                    cells = [tuple(column[n] for column in columns) for n in range(len(part.rows))]
                    rows |= dict(zip(part.rows.tolist(), cells, strict=True))
        except UnreadableError:
            return None, rows
    return extract.header, rows


def check_csv_rows(content, header, rows):
    """Hold what was read of a CSV file against a plain reader."""
    whole = content.removeprefix(BOM_UTF8).decode(errors="replace")
    text = StringIO(whole.rstrip("\r\n"), newline="")
    plain = list(csv.reader(text)) if rows else []
    for number, cells in rows.items():
        assert list(cells) == (plain[number - 1] or [""])  # a blank line is one empty cell
        assert header is None or len(cells) == len(header)


def check_json_rows(content, header, rows):
    """Hold what was read of lines of JSON against a plain reader of each line."""
    lines = content.split(b"\n")
    for number, cells in rows.items() if header else ():
        row = json.loads(lines[number - 1], parse_float=str, parse_int=str)
        written = {None: "", True: "true", False: "false"}
        expected = {" ".join(name.split()): written.get(v, v) for name, v in row.items()}
        assert {n: c for n, c in zip(header, cells, strict=True) if c} == {
            n: v for n, v in expected.items() if v
        }


@settings(max_examples=EXAMPLES)
@given(MUTATIONS)
def test_a_damaged_csv_never_shifts_a_column(mutations):
    content = mutated(CSV, mutations)

    check_csv_rows(content, *rows_read(read_csv, content))


@settings(max_examples=EXAMPLES)
@given(MUTATIONS)
def test_a_damaged_json_line_gives_its_own_values_or_none(mutations):
    content = mutated(LINES, mutations)

    check_json_rows(content, *rows_read(read_ndjson, content))
