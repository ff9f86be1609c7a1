"""Cases out of stored slices, and their counts."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq

from comanage.vault.files import UnlockedFile, unlock
from comanage.web.errors import PolicyError
from indicators.measure.definition import Definition
from scorecards.intake.queries import SliceFacts


def read_columns(slices: Sequence[SliceFacts], columns: Iterable[str]) -> list[pa.Table]:
    """Read columns of each slice, in two queries however many there are.

    Raises:
        PolicyError: the feed does not carry one of them.
    """
    wanted = sorted(set(columns))
    files = unlock([slice_.storage_name for slice_ in slices])
    return [_read(file, wanted) for file in files]


def _read(file: UnlockedFile, wanted: Sequence[str]) -> pa.Table:
    with open_cases(file) as cases:
        check_columns(wanted, cases.schema_arrow.names)
        return cases.read(columns=wanted)


@contextmanager
def open_cases(file: UnlockedFile) -> Iterator[pq.ParquetFile]:
    """Open stored cases; their columns are decoded as they are asked for."""
    with file.open() as clear, pq.ParquetFile(clear) as cases:
        yield cases


def check_columns(wanted: Iterable[str], carried: Collection[str]) -> None:
    """Refuse to count without a column.

    Raises:
        PolicyError: the feed does not carry one of those that are wanted.
    """
    absent = sorted(name for name in wanted if name not in carried)
    if absent:
        raise PolicyError(
            f"The feed has no column {', '.join(absent)}, which the terms ask for. Declare it in "
            f"the feed and send the period again."
        )


def read_cases(slices: Sequence[SliceFacts], definition: Definition) -> list[pa.Table]:
    """Read the columns that one indicator needs, of each slice."""
    return read_columns(slices, definition.columns_by_name)


MOST_ROWS = 2_000_000


def read_all(slices: Sequence[SliceFacts], columns: Iterable[str]) -> pa.Table:
    """Read columns of several slices as one table, on request of a page.

    Raises:
        PolicyError: there is no row, there are too many for a page, or a column is lacking.
    """
    rows = sum(slice_.rows for slice_ in slices)
    if rows == 0:
        raise PolicyError("No case of this year has been received, so there is none to show.")
    if rows > MOST_ROWS:
        raise PolicyError(
            f"The year has {rows:,} cases; a page counts up to {MOST_ROWS:,}. Ask for the "
            f"figures of a larger year as a file, by `manage.py measure --by`."
        )
    return pa.concat_tables(read_columns(slices, columns))
