"""The count of another engine: DuckDB takes the extract apart by rules of its own.

Nothing here is shared with the intake but the names and types of the columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indicators.measure.columns import ColumnType
from scorecards.bench.extract import AGES, YEAR, Recipe, spec_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SQL_TYPES = {
    ColumnType.CODE: "VARCHAR",
    ColumnType.WHOLE: "BIGINT",
    ColumnType.DECIMAL: "DECIMAL(18,2)",
    ColumnType.DATE: "DATE",
    ColumnType.MOMENT: "TIMESTAMP",
    ColumnType.FLAG: "BOOLEAN",
}
NUMBERS = frozenset({ColumnType.WHOLE, ColumnType.DECIMAL})
Print = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Recount:
    """What is in a file, by its own count.

    Attributes:
        faulty: rows by what is wrong with them; empty for a slice.
        kept: the other rows.
        columns: of each column of these, how many values, all of them as one number, and the
            sum where it is one of numbers.
    """

    faulty: dict[str, int]
    kept: int
    columns: dict[str, Print]


def recount_extract(recipe: Recipe, source: Path) -> Recount:
    """Count an extract.

    Raises:
        ModuleNotFoundError: DuckDB is not installed.
    """
    import duckdb

    with duckdb.connect() as database:
        _load(database, recipe, source)
        counted = database.execute(
            "SELECT fault, count(*) FROM cases WHERE fault IS NOT NULL GROUP BY ALL"
        ).fetchall()
        columns = [column.name for column in spec_of(recipe).columns]
        typed = ", ".join(
            f"CAST({_filled(column.name)} AS {SQL_TYPES[column.type]}) AS {column.name}"
            for column in spec_of(recipe).columns
        )
        database.execute(f"CREATE TABLE kept AS SELECT {typed} FROM cases WHERE fault IS NULL")  # noqa: S608 - our own names
        kept, prints = _prints(database, recipe, "kept")
    return Recount(dict(sorted(counted)), kept, dict(zip(columns, prints, strict=True)))


def recount_slice(recipe: Recipe, stored: Path) -> Recount:
    """Count a stored slice.

    Raises:
        ModuleNotFoundError: DuckDB is not installed.
    """
    import duckdb

    columns = [column.name for column in spec_of(recipe).columns]
    with duckdb.connect() as database:
        kept, prints = _prints(database, recipe, f"read_parquet('{stored}')")
    return Recount({}, kept, dict(zip(columns, prints, strict=True)))


def _load(database: DuckDBPyConnection, recipe: Recipe, source: Path) -> None:
    """Read every cell as text, and say of each row what is wrong with it."""
    database.execute(
        "CREATE TABLE raw AS SELECT row_number() OVER () AS place, * "
        "FROM read_csv($source, all_varchar = true, header = true)",
        {"source": str(source)},
    )
    database.execute(
        "CREATE TABLE doubled AS SELECT encounter_key, min(place) AS first_place FROM raw "
        "GROUP BY encounter_key HAVING count(*) > 1"
    )
    unknown = " OR ".join(
        f"({_filled(one.name)} IS NOT NULL AND NOT list_contains($codes['{one.name}'], {one.name}))"
        for one in recipe.lists
    )
    low, high = AGES
    database.execute(
        f"""CREATE TABLE cases AS SELECT raw.*, CASE
            WHEN NOT regexp_full_match(coalesce(total_cost, ''), '(-?[0-9]+(\\.[0-9]{{1,2}})?)?')
                THEN 'wrong-type'
            WHEN CAST(age AS BIGINT) NOT BETWEEN {low} AND {high} THEN 'out-of-range'
            WHEN {unknown} THEN 'unknown-code'
            WHEN {_filled("physician")} IS NULL OR {_filled("raw.encounter_key")} IS NULL
                OR {_filled("discharged_on")} IS NULL THEN 'required'
            WHEN CAST(discharged_on AS DATE) < DATE '{YEAR.start}'
                OR CAST(discharged_on AS DATE) >= DATE '{YEAR.end}' THEN 'outside-period'
            WHEN place > first_place THEN 'duplicate-key'
        END AS fault FROM raw LEFT JOIN doubled USING (encounter_key)""",  # noqa: S608 - our own names
        {"codes": {one.name: one.codes for one in recipe.lists}},
    )


def _filled(name: str) -> str:
    return f"nullif({name}, '')"


def _prints(database: DuckDBPyConnection, recipe: Recipe, table: str) -> tuple[int, list[Print]]:
    """Count the rows of a table, and press each of its columns into three numbers."""
    asked = ["count(*)"]
    for column in spec_of(recipe).columns:
        value = f"CAST({column.name} AS {SQL_TYPES[column.type]})"
        total = f"CAST(sum({value}) AS VARCHAR)" if column.type in NUMBERS else "NULL"
        asked += [f"count({value})", f"bit_xor(hash({value}, {column.name} IS NULL))", total]
    kept, *numbers = database.execute(f"SELECT {', '.join(asked)} FROM {table}").fetchall()[0]  # noqa: S608 - our own names
    return kept, [tuple(numbers[place : place + 3]) for place in range(0, len(numbers), 3)]
