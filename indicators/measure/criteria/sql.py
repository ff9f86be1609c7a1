"""Criteria as SQL, for a hospital that wants to run them in its own warehouse.

The text is written for people and their databases. Nothing here runs it, and no result of
this product depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction

from indicators.measure.columns import Column, ColumnType
from indicators.measure.criteria.dialects import (
    Dialect,
    DialectName,
    dialect_named,
    quoted_name,
    quoted_table,
    quoted_text,
)
from indicators.measure.criteria.sql_numbers import SqlNumber, aligned, calculated, constant
from indicators.measure.criteria.tree import (
    AllOf,
    AnotherCase,
    AnyOf,
    Arithmetic,
    BeginsWith,
    Between,
    Call,
    ColumnValue,
    Comparison,
    Criterion,
    Function,
    IsMissing,
    Kind,
    Literal,
    Look,
    Not,
    OneOf,
    Order,
    Test,
    Value,
    walk,
)
from indicators.measure.criteria.typecheck import kind_of

THIS_CASE, OTHER_CASE = "this_case", "other_case"


def to_sql(
    part: Criterion | Value,
    columns: Mapping[str, Column],
    dialect: DialectName = "postgresql",
    *,
    table: str = "cases",
    row_key: str = "",
) -> str:
    """Write a criterion, or a value, as an SQL expression over the columns of a file or table.

    Comparisons are exact: minutes, hours and divisions are compared as whole multiples. A
    number that is asked for by itself is divided at the very end, as the database divides.

    Args:
        part: a criterion or value whose columns are all in `columns`.
        columns: by name; in SQL a column has its `source` name, or else its name.
        dialect: of the database; PostgreSQL from version 14.
        table: where the cases are. Only a look at other cases names it; around such an
            expression the table must have the alias `this_case`.
        row_key: column that tells the rows of the table apart; empty for the row's own
            place, which a view does not have.

    Raises:
        ValueError: there is no such dialect.
    """
    writer = SqlWriter(columns, dialect_named(dialect), table, row_key)
    if looks_at_others(part):
        writer = writer.speaking_of(THIS_CASE)
    if isinstance(part, Criterion):
        return writer.criterion(part)
    if kind_of(part, columns) is not Kind.NUMBER:
        return writer.value(part)
    number = writer.number(part)
    top, bottom = number.factor.numerator, number.factor.denominator
    multiplied = number.text if top == 1 else f"({top} * {number.with_room(writer.whole).text})"
    return multiplied if bottom == 1 else f"({multiplied} / {bottom}.0)"


def looks_at_others(*parts: Criterion | Value) -> bool:
    """Say whether any part looks at other cases than its own."""
    return any(isinstance(inner, AnotherCase) for part in parts for inner, _ in walk(part))


class SqlWriter:
    """SQL over the columns of one table, in one dialect."""

    def __init__(
        self, columns: Mapping[str, Column], dialect: Dialect, table: str, row_key: str
    ) -> None:
        """Speak of columns without an alias.

        Args:
            columns: by name.
            dialect: of the database.
            table: where the cases are.
            row_key: column that tells rows apart; empty for the row's own place.
        """
        self._columns = columns
        self._dialect = dialect
        self._table = table
        self._row_key = row_key
        self.alias = ""
        self.depth = 0

    @property
    def whole(self) -> str:
        """The type of whole numbers that a calculation does not overflow."""
        return self._dialect.whole

    def speaking_of(self, alias: str, depth: int = 0) -> SqlWriter:
        """Write of the table under an alias."""
        writer = SqlWriter(self._columns, self._dialect, self._table, self._row_key)
        writer.alias, writer.depth = alias, depth
        return writer

    def criterion(self, criterion: Criterion) -> str:
        """Write what is true, false or null for a case."""
        match criterion:
            case AllOf(terms):
                return " AND ".join(map(self._group, terms))
            case AnyOf(terms):
                return " OR ".join(map(self._group, terms))
            case Not(OneOf() | IsMissing() as turned_round):
                return self._test(turned_round, "NOT ")
            case Not(term):
                return f"NOT ({self.criterion(term)})"
        return self._test(criterion)

    def _group(self, term: Criterion) -> str:
        written = self.criterion(term)
        return f"({written})" if isinstance(term, AllOf | AnyOf) else written

    def _test(self, test: Test, negation: str = "") -> str:
        match test:
            case Comparison(left, order, right):
                first, second = self._comparable(left, right)
                return f"{first} {Order(order).value} {second}"
            case Between(value, low, high):
                first, lowest, highest = self._comparable(value, low, high)
                return f"{first} BETWEEN {lowest} AND {highest}"
            case OneOf(value, options):
                first, *listed = self._comparable(value, *options)
                return f"{first} {negation}IN ({', '.join(listed)})"
            case IsMissing(value):
                return f"{self.value(value)} IS {negation}NULL"
            case BeginsWith(value, prefix):
                return f"starts_with({self.value(value)}, {quoted_text(prefix)})"
        return self._exists(test)

    def _comparable(self, *values: Value) -> list[str]:
        if kind_of(values[0], self._columns) is Kind.NUMBER:
            return aligned([self.number(value) for value in values], self.whole)
        return [self.value(value) for value in values]

    def _exists(self, look: AnotherCase) -> str:
        """Ask for a row, and leave the answer open where this case cannot be placed."""
        other = self.speaking_of(f"{OTHER_CASE}_{self.depth + 1}", self.depth + 1)
        key, day = self.value(look.key), self.day(look.own_day)
        first, last = (day, f"{day} + {look.days}")
        if look.look is Look.PRECEDED:
            first, last = (f"{day} - {look.days}", day)
        found = [
            f"{other.value(look.key)} = {key}",
            f"{other.row()} <> {self.row()}",
            f"{other.day(look.other_day)} BETWEEN {first} AND {last}",
        ]
        if self._is_moment(look.own_day) and self._is_moment(look.other_day):
            order = ">=" if look.look is Look.FOLLOWED else "<="
            found.append(f"{other.value(look.other_day)} {order} {self.value(look.own_day)}")
        if look.criterion is not None:
            found.append(f"({other.criterion(look.criterion)})")
        return (
            f"CASE WHEN {key} IS NOT NULL AND {day} IS NOT NULL THEN EXISTS (SELECT 1 FROM "  # noqa: S608 - for people; names are quoted
            f"{quoted_table(self._table)} AS {other.alias} WHERE {' AND '.join(found)}) END"
        )

    def row(self) -> str:
        """Name what tells this row from the others."""
        row = quoted_name(self._row_key) if self._row_key else self._dialect.row
        return f"{self.alias}.{row}"

    def value(self, value: Value) -> str:
        """Write a value; a number without its factor."""
        match value:
            case ColumnValue(name):
                return self._named(name)
            case Literal(bool(flag)):
                return "TRUE" if flag else "FALSE"
            case Literal(str(text)):
                return quoted_text(text)
            case Literal(datetime() as moment):
                return f"TIMESTAMP '{moment.isoformat(' ', 'seconds')}'"
            case Literal(date() as day):
                return f"DATE '{day.isoformat()}'"
            case Call(Function.DATE_OF, (moment_value,)):
                return self.day(moment_value)
        return self.number(value).text

    def number(self, value: Value) -> SqlNumber:
        """Write a number as an expression and an exact factor."""
        match value:
            case ColumnValue(name):
                is_whole = self._columns[name].type is ColumnType.WHOLE
                return SqlNumber(self._named(name), may_overflow=is_whole)
            case Literal(written):
                return constant(Fraction(str(written)))
            case Arithmetic("/", left, Literal(divisor)):
                return self.number(left).times(1 / Fraction(str(divisor)))
            case Arithmetic(sign, left, right):
                return calculated(sign, self.number(left), self.number(right), self.whole)
        return self._answer(value.function, *value.arguments)

    def _answer(self, function: Function, *arguments: Value) -> SqlNumber:
        words = self._dialect
        match function:
            case Function.MINUTES_BETWEEN | Function.HOURS_BETWEEN:
                text = words.seconds.format(*map(self.value, arguments))
                seconds = 60 if function is Function.MINUTES_BETWEEN else 3600
                return SqlNumber(text, Fraction(1, seconds), may_overflow=True)
            case Function.DAYS_BETWEEN:
                text = words.days.format(*map(self.day, arguments))
            case Function.YEARS_BETWEEN:
                days = [words.written_day.format(self.day(day)) for day in arguments]
                text = words.completed_years.format(*days)
            case Function.MINUTE_OF_DAY:
                text = words.minute_of_day.format(self.value(arguments[0]))
            case _:
                text = f"EXTRACT(ISODOW FROM {self.day(arguments[0])})"
        return SqlNumber(text, may_overflow=True)

    def day(self, value: Value) -> str:
        """Write the calendar day of a date or a moment."""
        written = self.value(value)
        return f"CAST({written} AS date)" if self._is_moment(value) else written

    def _is_moment(self, value: Value) -> bool:
        return kind_of(value, self._columns) is Kind.MOMENT

    def _named(self, name: str) -> str:
        column = self._columns[name]
        written = quoted_name(column.source or column.name)
        return f"{self.alias}.{written}" if self.alias else written
