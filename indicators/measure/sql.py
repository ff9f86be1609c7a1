"""A whole indicator as one SQL statement, for a hospital that counts in its own warehouse.

The text is for people and their databases; nothing here runs it. It counts what `kernel`
counts, except the cases with a missing value on the way.
"""

from __future__ import annotations

from collections.abc import Iterator

from indicators.measure.criteria import Criterion
from indicators.measure.criteria.dialects import (
    DialectName,
    dialect_named,
    quoted_table,
)
from indicators.measure.criteria.sql import THIS_CASE, SqlWriter, looks_at_others
from indicators.measure.criteria.sql_numbers import ONE, SqlNumber
from indicators.measure.criteria.tree import ColumnValue
from indicators.measure.definition import Definition
from indicators.measure.populations import CRITERIA
from indicators.measure.scoring import OBSERVED, OF_KEPT_VALUES

ABOVE, BELOW = ("observation", "numerator_observation"), ("denominator_observation", "expected")
MET = "numerator IS TRUE AND numerator_exclusion IS NOT TRUE"
NOT_KNOWN = "(numerator IS NULL OR (numerator IS TRUE AND NOT evidence))"
INSIDE = "placement NOT IN ('outside_initial_population', 'outside_denominator')"

_WITHOUT = {  # what an empty criterion answers
    "denominator": "TRUE",
    "denominator_exclusion": "FALSE",
    "numerator": "TRUE",
    "numerator_exclusion": "FALSE",
    "denominator_exception": "FALSE",
}


def select_statement(
    definition: Definition,
    table_name: str,
    dialect: DialectName = "postgresql",
    *,
    row_key: str = "",
    scope: Criterion | None = None,
) -> str:
    """Write one statement that counts every population of an indicator.

    Its one row has the columns of a tally: `initial_population`, `denominator`,
    `denominator_exclusions`, `denominator_exceptions`, `numerator`, `numerator_exclusions`,
    `not_met`, `not_known`, `observations`, and for cases that add numbers `numerator_sum`
    and `denominator_sum`, each to be divided by its `..._divisor` (60 for minutes that are
    summed as seconds). A median or percentile is `percentile_value`, also to be divided.

    Args:
        definition: of the indicator; executable.
        table_name: where the cases are; a point parts it from its schema.
        dialect: of the database; PostgreSQL from version 14.
        row_key: column that tells the rows of the table apart, for a look at other cases;
            empty for the row's own place, which a view does not have.
        scope: restricts the initial population; None for all cases.

    Raises:
        ValueError: there is no such dialect, or the definition cannot be executed.
    """
    if not definition.is_executable:
        raise ValueError("The definition lacks a field that its scoring needs. Fill it first.")
    statement = _Statement(definition, table_name, dialect, row_key, scope)
    return statement.text()


class _Statement:
    """The parts of one statement."""

    def __init__(
        self,
        definition: Definition,
        table_name: str,
        dialect: DialectName,
        row_key: str,
        scope: Criterion | None,
    ) -> None:
        self._definition = definition
        self._scope = scope
        self._is_observed = definition.data == "aggregates" or definition.scoring in OBSERVED
        self._from = quoted_table(table_name)
        parts = [*definition.criteria.values(), *([scope] if scope else [])]
        self._writer = SqlWriter(
            definition.columns_by_name, dialect_named(dialect), table_name, row_key
        )
        if looks_at_others(*parts):
            self._writer = self._writer.speaking_of(THIS_CASE)
            self._from += f" AS {THIS_CASE}"
        self._above, self._below = self._number(*ABOVE), self._number(*BELOW)

    def text(self) -> str:
        """Write the statement: what each case answers, where it stands, how many stand where."""
        lines = [
            f"-- {' '.join(self._definition.title.split())}",
            "WITH answers AS (",
            "  SELECT",
            _listed(self._answers()),
            f"  FROM {self._from}",
            "),",
            "placed AS (",
            "  SELECT answers.*, CASE",
            *self._placements(),
            "  END AS placement",
            "  FROM answers",
            ")",
            "SELECT",
            _listed(self._counts()),
            "FROM placed",
        ]
        return "\n".join(lines)

    def _answers(self) -> Iterator[str]:
        """Ask each criterion of each case: true, false, or null where a value is missing."""
        initial = self._asked("initial_population", "TRUE")
        if self._scope is not None:
            initial = f"({self._writer.criterion(self._scope)}) AND ({initial})"
        yield f"{initial} AS initial_population"
        for name in CRITERIA[1:]:
            yield f"{self._asked(name, _WITHOUT[name])} AS {name}"
        if self._definition.evidence_column:
            evidence = self._writer.value(ColumnValue(self._definition.evidence_column))
            yield f"{evidence} IS NOT NULL AS evidence"
        else:
            yield "TRUE AS evidence"
        yield f"{self._above.text if self._above else '1'} AS adds_to_numerator"
        yield f"{self._below.text if self._below else '1'} AS adds_to_denominator"

    def _asked(self, name: str, otherwise: str) -> str:
        criterion = self._definition.criteria.get(name)
        return self._writer.criterion(criterion) if criterion else otherwise

    def _placements(self) -> list[str]:
        """Place each case once, in the standard order of the populations."""
        places = [
            ("initial_population IS NOT TRUE", "outside_initial_population"),
            ("denominator IS NOT TRUE", "outside_denominator"),
            ("denominator_exclusion IS TRUE", "denominator_exclusion"),
        ]
        if self._is_observed:
            lacking = "adds_to_denominator IS NULL"
            if self._definition.numerator_from == "denominator":
                lacking += f" OR ({MET} AND adds_to_numerator IS NULL)"
            places += [(lacking, "not_observed"), ("TRUE", "observed")]
        else:
            places += [
                ("numerator IS TRUE AND numerator_exclusion IS TRUE", "numerator_exclusion"),
                ("numerator IS TRUE AND evidence", "numerator"),
                ("denominator_exception IS TRUE", "denominator_exception"),
                ("TRUE", "numerator_not_met"),
            ]
        return [f"    WHEN {asked} THEN '{place}'" for asked, place in places]

    def _counts(self) -> Iterator[str]:
        yield _count("placement <> 'outside_initial_population'", "initial_population")
        yield _count(INSIDE, "denominator")
        yield _count("placement = 'denominator_exclusion'", "denominator_exclusions")
        yield _count("placement = 'denominator_exception'", "denominator_exceptions")
        yield _count(self._in_numerator, "numerator")
        yield _count("placement = 'numerator_exclusion'", "numerator_exclusions")
        yield _count("placement IN ('numerator_exclusion', 'numerator_not_met')", "not_met")
        yield _count(f"placement = 'numerator_not_met' AND {NOT_KNOWN}", "not_known")
        yield _count("placement = 'observed'", "observations")
        if self._is_observed:
            yield from self._sums()

    @property
    def _in_numerator(self) -> str:
        if not self._is_observed:
            return "placement = 'numerator'"
        among = "placement = 'observed'"
        if self._definition.numerator_from == "initial_population":
            among = "initial_population IS TRUE AND adds_to_numerator IS NOT NULL"
        return f"{among} AND {MET}"

    def _sums(self) -> Iterator[str]:
        scoring, factor = self._definition.scoring, self._above.factor if self._above else ONE
        yield _sum("adds_to_numerator", factor.numerator, self._in_numerator, "numerator_sum")
        yield f"{factor.denominator} AS numerator_sum_divisor"
        if scoring == "ratio" or self._below is not None:
            below = self._below.factor if self._below else ONE
            where = "placement = 'observed'"
            yield _sum("adds_to_denominator", below.numerator, where, "denominator_sum")
            yield f"{below.denominator} AS denominator_sum_divisor"
        if scoring in OF_KEPT_VALUES:
            yield self._percentile(factor.numerator)

    def _percentile(self, times: int) -> str:
        """Ask for the percentile of the values; between two of them the database is binary."""
        share = self._definition.percentile_share
        value, function = f"{times} * adds_to_numerator", "percentile_disc"
        if self._definition.percentile_method == "linear":
            value, function = f"CAST({value} AS double precision)", "percentile_cont"
        return (
            f"{function}({share.numerator}.0 / {share.denominator}) WITHIN GROUP "
            f"(ORDER BY {value}) FILTER (WHERE {self._in_numerator}) AS percentile_value"
        )

    def _number(self, *names: str) -> SqlNumber | None:
        for name in names:
            if name in self._definition.numbers:
                number = self._writer.number(self._definition.numbers[name])
                return number.with_room(self._writer.whole)
        return None


def _count(where: str, name: str) -> str:
    return f"COUNT(*) FILTER (WHERE {where}) AS {name}"


def _sum(what: str, times: int, where: str, name: str) -> str:
    multiplied = what if times == 1 else f"{times} * {what}"
    return f"COALESCE(SUM({multiplied}) FILTER (WHERE {where}), 0) AS {name}"


def _listed(parts: Iterator[str]) -> str:
    return ",\n".join(f"    {part}" for part in parts)
