"""Random criteria over every type of column, and random cases to ask them of."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
from hypothesis import strategies as st

from indicators.measure.columns import Column, ColumnType

TYPES = {
    "code": ColumnType.CODE,
    "other": ColumnType.CODE,
    "days": ColumnType.WHOLE,
    "cost": ColumnType.DECIMAL,
    "seen": ColumnType.DATE,
    "left_on": ColumnType.DATE,
    "came_at": ColumnType.MOMENT,
    "left_at": ColumnType.MOMENT,
    "died": ColumnType.FLAG,
}
COLUMNS = {name: Column(name, type_, source=f'The "{name}"') for name, type_ in TYPES.items()}
STORED = {
    ColumnType.CODE: pa.string(),
    ColumnType.WHOLE: pa.int64(),
    ColumnType.DECIMAL: pa.decimal128(30, 2),
    ColumnType.DATE: pa.date32(),
    ColumnType.MOMENT: pa.timestamp("s"),
    ColumnType.FLAG: pa.bool_(),
}
MIDDAY = datetime(2024, 2, 29, 12, 0)  # noqa: DTZ001 - a moment has no time zone

texts = st.sampled_from(["", "a", "ab", "b", "O'Brien", "1", "%", "a\\b"])
dates = st.integers(-3, 3).map(lambda days: MIDDAY.date() + timedelta(days)) | st.sampled_from(
    [date(2025, 2, 28), date(2025, 3, 1), date(1969, 12, 31)]
)
moments = st.integers(-40, 40).map(lambda hours: MIDDAY + hours * timedelta(hours=1)) | st.integers(
    -90, 90
).map(lambda seconds: MIDDAY + timedelta(seconds=seconds))
wholes = st.integers(-3, 3)
decimals = st.integers(-300, 300).map(lambda cents: Decimal(cents) / 100)
huge_wholes = wholes | st.sampled_from([2**63 - 1, -(2**63)])
huge_decimals = decimals | st.just(Decimal("9999999999999999999999.99"))


def cases_of(whole_numbers, decimal_numbers):
    """Draw cases whose every value may be missing."""
    values = {
        ColumnType.CODE: texts,
        ColumnType.WHOLE: whole_numbers,
        ColumnType.DECIMAL: decimal_numbers,
        ColumnType.DATE: dates,
        ColumnType.MOMENT: moments,
        ColumnType.FLAG: st.booleans(),
    }
    return st.fixed_dictionaries({name: st.none() | values[type_] for name, type_ in TYPES.items()})


cases = cases_of(huge_wholes, huge_decimals)
many_cases = st.lists(cases, max_size=12)
small_cases = st.lists(cases_of(wholes, decimals), max_size=12)


def table(rows):
    """Store cases as the intake does."""
    schema = pa.schema([(name, STORED[type_]) for name, type_ in TYPES.items()])
    return pa.Table.from_pylist(rows, schema)


def joined(*parts):
    """Write parts one after the other, with spaces."""
    return st.tuples(*(st.just(p) if isinstance(p, str) else p for p in parts)).map(" ".join)


def called(name, *arguments):
    """Write a call."""
    return st.tuples(*arguments).map(lambda found: f"{name}({', '.join(map(str, found))})")


def lists(options):
    """Write a list of one to three options."""
    return st.lists(options, min_size=1, max_size=3).map(lambda found: f"({', '.join(found)})")


quoted = texts.map(lambda text: "'" + text.replace("'", "''") + "'")
dated = dates.map(lambda day: f"date '{day}'")
timed = moments.map(lambda moment: f"moment '{moment}'")
written = st.integers(-5, 5).map(str) | st.sampled_from(["0.5", "-1.25", "2.0", "0.000001"])
divisors = st.sampled_from(["2", "-3", "0.7", "60", "-1.25"])

text_columns = st.sampled_from(["code", "other"])
day_values = st.sampled_from(["seen", "left_on", "date_of(came_at)", "date_of(left_at)"])
moment_columns = st.sampled_from(["came_at", "left_at"])
day_or_moment = day_values | moment_columns
answers = st.one_of(
    called("days_between", day_or_moment, day_or_moment | dated | timed),
    called("years_between", day_or_moment | dated, day_or_moment),
    called("minutes_between", moment_columns, moment_columns | timed),
    called("hours_between", moment_columns | timed, moment_columns),
    called("minute_of_day", moment_columns),
    called("weekday_of", day_or_moment),
)
numbers = st.recursive(
    st.sampled_from(["days", "cost"]) | answers,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner | written),
        st.tuples(inner, st.just("/"), divisors),
    ).map(lambda parts: f"({' '.join(parts)})"),
    max_leaves=4,
)
orders = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
membership = st.sampled_from(["in", "not in"])
plain_tests = st.one_of(
    joined(text_columns, st.sampled_from(["=", "<>"]), quoted | text_columns),
    joined(text_columns, membership, lists(quoted)),
    joined(text_columns, "like", st.sampled_from(["'a%'", "'O''%'", "'ab%'", "'a\\%'"])),
    joined(numbers, orders, numbers | written),
    joined(numbers, membership, lists(written)),
    joined(numbers, "between", written, "and", numbers | written),
    joined(day_values, orders, dated | day_values),
    joined(day_values, membership, lists(dated)),
    joined(moment_columns, orders, timed | moment_columns),
    joined(moment_columns, membership, lists(timed)),
    joined(moment_columns, "between", timed, "and", timed | moment_columns),
    joined("died", st.sampled_from(["=", "<>"]), st.sampled_from(["true", "false"])),
    joined(numbers | text_columns | day_or_moment, st.sampled_from(["is null", "is not null"])),
)


def combined(tests):
    """Nest tests in `not`, `and` and `or`."""
    return st.recursive(
        tests,
        lambda inner: st.one_of(
            inner.map(lambda term: f"not ({term})"),
            st.lists(inner, min_size=2, max_size=3).map(lambda ts: f"({' and '.join(ts)})"),
            st.lists(inner, min_size=2, max_size=3).map(lambda ts: f"({' or '.join(ts)})"),
        ),
        max_leaves=4,
    )


def looks(*criterion):
    """Look for another case."""
    return called(
        "followed_within", st.integers(0, 4), keys, day_or_moment, day_or_moment, *criterion
    ) | called("preceded_within", st.integers(0, 4), keys, day_or_moment, day_or_moment, *criterion)


keys = st.sampled_from(["code", "days"])
case_criteria = combined(plain_tests)
some_looks = looks() | looks(combined(plain_tests | looks()))
criteria = combined(plain_tests | some_looks)
