"""Laws of the offline door: the layout of the files never changes a figure."""

import csv
import tempfile
from io import StringIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.offline.conftest import Door

NAMES = ("patient", "admitted_on", "discharged_on", "ward", "cost", "died")
KINDS = ("code", "date", "date", "code", "decimal", "flag")
SHARED = {
    "title": "Example",
    "improvement": "decrease",
    "unit": "%",
    "columns": [{"name": n, "type": k} for n, k in zip(NAMES, KINDS, strict=True)],
}
DEFINITIONS = [
    {
        **SHARED,
        "slug": "returned",
        "scoring": "proportion",
        "denominator_exclusion": "died = true",
        "numerator": "followed_within(30, patient, discharged_on, admitted_on, cost > 1)",
    },
    {**SHARED, "slug": "cost", "scoring": "median", "observation": "cost * 2"},
    {
        **SHARED,
        "slug": "deaths",
        "scoring": "observed_over_expected",
        "numerator": "died = true",
        "expected": "cost / 7",
    },
]
DAYS = st.one_of(st.none(), st.integers(1, 28).map("2026-02-{:02d}".format), st.just("2026-03-15"))
COSTS = st.one_of(
    st.none(), st.integers(0, 999).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from([None, "A", "B", "C"]),
        DAYS,
        DAYS,
        st.sampled_from([None, "East", "West; 2", 'the "old" wing']),
        COSTS,
        st.sampled_from([None, "true", "false"]),
    ),
    min_size=1,
    max_size=12,
)


def csv_bytes(rows, separator):
    stream = StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator)
    writer.writerows([NAMES, *[["?" if cell is None else cell for cell in row] for row in rows]])
    return stream.getvalue().encode()


def results(files):
    """Measure files given as name and bytes; return the CSV."""
    with tempfile.TemporaryDirectory() as folder:
        door = Door(Path(folder))
        paths = [door.put(name, content) for name, content in files]
        return door.run(
            DEFINITIONS, *paths, by=["ward"], period="discharged_on", grain=["month", "quarter"]
        ).read_text("utf-8")


@given(ROWS, st.randoms(use_true_random=False), st.integers(0, 12), st.sampled_from(",;\t|"))
def test_order_split_and_separator_change_nothing(rows, random, cut, separator):
    shuffled = random.sample(rows, len(rows))
    parts = [csv_bytes(shuffled[:cut], separator), csv_bytes(shuffled[cut:], separator)]

    assume(parts[0] != parts[1])  # a file given twice is refused

    whole = results([("all.csv", csv_bytes(rows, ","))])

    assert results([(f"{place}.csv", part) for place, part in enumerate(parts)]) == whole


@given(ROWS)
def test_parquet_gives_what_csv_gives(rows):
    columns = list(zip(*rows, strict=True))
    table = pa.table({n: pa.array(c, pa.string()) for n, c in zip(NAMES, columns, strict=True)})
    coded = table.set_column(3, "ward", table["ward"].dictionary_encode())
    binary = coded.set_column(4, "cost", table["cost"].cast(pa.float64()))
    stream = pa.BufferOutputStream()
    pq.write_table(binary, stream)

    assert results([("a.parquet", stream.getvalue().to_pybytes())]) == results(
        [("a.csv", csv_bytes(rows, ","))]
    )
