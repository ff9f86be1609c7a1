"""Cases that were handed in twice: a whole file, or rows in front of a look at other cases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from indicators.measure.criteria.sql import looks_at_others
from indicators.measure.definition import Definition
from scorecards.offline.errors import OfflineError
from scorecards.offline.files import sha256_of
from scorecards.offline.table import Cases


def refuse_copies(paths: Sequence[Path]) -> None:
    """Refuse two files of the same content: each of their cases would count twice.

    Raises:
        OfflineError: two are the same, or one cannot be read.
    """
    sizes = [_size(path) for path in paths]
    seen: dict[str, str] = {}
    for path, size in zip(paths, sizes, strict=True):
        # Files of different lengths differ; only the others are read for their hash.
        if sizes.count(size) == 1:
            continue
        content = sha256_of(path)
        if content in seen:
            raise OfflineError(
                f"--data names {seen[content]} and {path.name}, which have the same content. "
                f"Give each file once."
            )
        seen[content] = path.name


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as broken:
        raise OfflineError(f"{path.name} cannot be read: {broken.strerror}.") from None


def repeated_rows(definition: Definition, cases: Cases) -> list[str]:
    """Note rows that repeat an earlier one, where an indicator looks at other cases.

    Two stays may be alike; but a copy of a stay is another case to a look-back, and can
    count as the return of the patient.

    Returns:
        One sentence with how many there are and where the first stands; none where no row
        repeats another, or where no criterion looks at other cases.
    """
    parts = (*definition.criteria.values(), *definition.numbers.values())
    if not looks_at_others(*parts):
        return []
    table = cases.table(definition)
    names = [f"c{place}" for place in range(table.num_columns)]
    numbered = table.rename_columns(names).append_column("row", pa.array(np.arange(len(table))))
    firsts = numbered.group_by(names).aggregate([("row", "min")])["row_min"].to_numpy()
    repeats = np.ones(len(table), np.bool_)
    repeats[firsts] = False
    count = int(repeats.sum())
    if not count:
        return []
    rows = "1 row repeats" if count == 1 else f"{count:,} rows repeat"
    first = cases.place(int(repeats.argmax()))
    said = (
        f"{rows} another in every column that is read, the first at {first}. Each counts, and a "
        f"look-back sees it: take out what is a copy."
    )
    return [f"{definition.slug}: {said}"]
