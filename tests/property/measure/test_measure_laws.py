"""Laws of measuring: the kernel against the slow, obvious meaning of the same words."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.measure.columns import Column, ColumnType
from indicators.measure.criteria import masks, parse, parse_number, to_english, to_text
from indicators.measure.criteria.reference import holds, value_of
from indicators.measure.definition import CRITERIA, Definition
from indicators.measure.kernel import measure
from indicators.measure.population import CaseCriteria, Placement, place
from indicators.measure.rate import NotScored, performance_rate
from indicators.measure.tally import Tally

COLUMNS = (
    Column("code", ColumnType.CODE, "Code"),
    Column("other", ColumnType.CODE, "Other code"),
    Column("days", ColumnType.WHOLE, "Days"),
    Column("cost", ColumnType.DECIMAL, "Cost"),
    Column("seen", ColumnType.DATE, "Seen"),
    Column("left_on", ColumnType.DATE, "Left"),
    Column("died", ColumnType.FLAG, "Died"),
)
BY_NAME = {column.name: column for column in COLUMNS}
SCHEMA = pa.schema(
    [
        ("code", pa.string()),
        ("other", pa.string()),
        ("days", pa.int64()),
        ("cost", pa.decimal128(30, 2)),
        ("seen", pa.date32()),
        ("left_on", pa.date32()),
        ("died", pa.bool_()),
    ]
)

texts = st.sampled_from(["", "a", "ab", "b", "O'Brien", "1", "%"])
dates = st.integers(-3, 3).map(lambda days: date(2026, 3, 1) + timedelta(days))
wholes = st.integers(-3, 3) | st.sampled_from([2**63 - 1, -(2**63)])
decimals = st.integers(-300, 300).map(lambda cents: Decimal(cents) / 100) | st.just(
    Decimal("9999999999999999999999.99")
)
cases = st.fixed_dictionaries(
    {
        "code": st.none() | texts,
        "other": st.none() | texts,
        "days": st.none() | wholes,
        "cost": st.none() | decimals,
        "seen": st.none() | dates,
        "left_on": st.none() | dates,
        "died": st.none() | st.booleans(),
    }
)
many_cases = st.lists(cases, max_size=12)

text_columns = st.sampled_from(["code", "other"])
date_columns = st.sampled_from(["seen", "left_on"])
quoted = texts.map(lambda text: "'" + text.replace("'", "''") + "'")
dated = dates.map(lambda day: f"date '{day}'")
written = st.integers(-5, 5).map(str) | st.sampled_from(["0.5", "-1.25", "2.0", "0.000001"])
days = st.tuples(date_columns, dated | date_columns).map(
    lambda pair: f"days_between({pair[0]}, {pair[1]})"
)
numbers = st.recursive(
    st.sampled_from(["days", "cost"]) | days,
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner | written).map(
        lambda parts: f"({' '.join(parts)})"
    ),
    max_leaves=4,
)
orders = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])


def joined(*parts):
    return st.tuples(*(st.just(p) if isinstance(p, str) else p for p in parts)).map(" ".join)


def lists(options):
    return st.lists(options, min_size=1, max_size=3).map(lambda found: f"({', '.join(found)})")


membership = st.sampled_from(["in", "not in"])
tests_of_cases = st.one_of(
    joined(text_columns, st.sampled_from(["=", "<>"]), quoted | text_columns),
    joined(text_columns, membership, lists(quoted)),
    joined(text_columns, "like", st.sampled_from(["'a%'", "'O''%'", "'ab%'"])),
    joined(numbers, orders, numbers | written),
    joined(numbers, membership, lists(written)),
    joined(numbers, "between", written, "and", numbers | written),
    joined(date_columns, orders, dated | date_columns),
    joined(date_columns, membership, lists(dated)),
    joined("died", st.sampled_from(["=", "<>"]), st.sampled_from(["true", "false"])),
    joined(numbers | text_columns | date_columns, st.sampled_from(["is null", "is not null"])),
)
criteria = st.recursive(
    tests_of_cases,
    lambda inner: st.one_of(
        inner.map(lambda term: f"not ({term})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda ts: f"({' and '.join(ts)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda ts: f"({' or '.join(ts)})"),
    ),
    max_leaves=5,
)
# Half of the time a plain question, so that cases get past the first populations.
plain_questions = st.sampled_from(
    ["died = true", "died = false", "code <> 'a'", "other like 'a%'", "days > 0", "cost < 1"]
)
questions = plain_questions | criteria
populations = st.fixed_dictionaries(
    {"numerator": questions},
    optional={name: questions for name in CRITERIA if name != "numerator"},
)


def table(rows):
    return pa.Table.from_pylist(rows, SCHEMA)


def definition(**fields):
    scoring = "mean" if "observation" in fields else "proportion"
    return Definition("any", "Any", scoring, "increase", "percent", COLUMNS, **fields)


def placed_slowly(indicator, scope, case):
    """Say where a case stands and whether a missing value was met on the way."""
    said = {name: holds(term, case) for name, term in indicator.criteria.items()}
    said["scope"] = scope is None or holds(scope, case)
    placement = place(CaseCriteria(**said))
    on_the_way = ["scope"]
    if said["scope"]:
        on_the_way.append("initial_population")
    if placement != Placement.OUTSIDE_INITIAL_POPULATION:
        on_the_way.append("denominator")
    if placement > Placement.OUTSIDE_DENOMINATOR:
        on_the_way.append("denominator_exclusion")
    if placement > Placement.DENOMINATOR_EXCLUSION:
        on_the_way.append("numerator")
        if said.get("numerator"):
            on_the_way.append("numerator_exclusion")
        if placement != Placement.NUMERATOR:
            on_the_way.append("denominator_exception")
    return placement, any(said.get(name, True) is None for name in on_the_way)


@given(criteria, many_cases)
def test_masks_agree_with_the_slow_meaning(text, rows):
    criterion = parse(text, BY_NAME)

    found = masks(criterion, table(rows))

    said = [holds(criterion, case) for case in rows]
    assert found.true.tolist() == [truth is True for truth in said]
    assert found.unknown.tolist() == [truth is None for truth in said]


@given(criteria)
def test_a_printed_criterion_is_read_as_the_same(text):
    criterion = parse(text, BY_NAME)

    assert parse(to_text(criterion), BY_NAME) == criterion
    assert to_english(criterion, BY_NAME)


@given(numbers)
def test_a_printed_observation_is_read_as_the_same(text):
    observed = parse_number(text, BY_NAME)

    assert parse_number(to_text(observed), BY_NAME) == observed


@settings(max_examples=300)
@given(populations, st.none() | questions, st.lists(cases, min_size=4, max_size=12))
def test_every_case_is_placed_once_as_the_slow_rule_places_it(fields, scope_text, rows):
    indicator, scope = definition(**fields), scope_text and parse(scope_text, BY_NAME)

    tally = measure(indicator, table(rows), scope)

    placed = [placed_slowly(indicator, scope, case) for case in rows]
    where = [placement for placement, _ in placed]
    outside = where.count(Placement.OUTSIDE_INITIAL_POPULATION)
    assert tally == Tally(
        initial_population=len(rows) - outside,
        denominator=len(rows) - outside - where.count(Placement.OUTSIDE_DENOMINATOR),
        denominator_exclusions=where.count(Placement.DENOMINATOR_EXCLUSION),
        denominator_exceptions=where.count(Placement.DENOMINATOR_EXCEPTION),
        numerator=where.count(Placement.NUMERATOR),
        not_met=where.count(Placement.NUMERATOR_NOT_MET),
        missing=sum(missing for _, missing in placed),
    )


@given(numbers, many_cases)
def test_a_mean_sums_the_observed_values_exactly(text, rows):
    indicator = definition(observation=text)

    tally = measure(indicator, table(rows))

    values = [value_of(indicator.observed, case) for case in rows]
    known = [value for value in values if value is not None]
    assert tally.observation_sum == sum(known, Fraction(0))
    assert (tally.observations, tally.missing) == (len(known), len(rows) - len(known))


@given(populations, st.permutations(range(8)), st.lists(cases, min_size=8, max_size=8))
def test_the_order_of_cases_does_not_matter(fields, order, rows):
    indicator = definition(**fields)

    assert measure(indicator, table([rows[i] for i in order])) == measure(indicator, table(rows))


@given(numbers, populations, many_cases, st.integers(0, 12))
def test_slices_add_up_to_the_whole(observation, fields, rows, cut):
    for indicator in (definition(**fields), definition(observation=observation)):
        parts = measure(indicator, table(rows[:cut])) + measure(indicator, table(rows[cut:]))

        assert parts == measure(indicator, table(rows))


@given(populations, many_cases)
def test_a_rate_stays_within_0_and_1(fields, rows):
    tally = measure(definition(**fields), table(rows))

    rate = performance_rate(tally, scoring="proportion", minimum_cases=0)

    assert isinstance(rate, NotScored) or 0 <= rate <= 1


@given(populations, many_cases)
def test_a_tally_and_a_definition_survive_their_documents(fields, rows):
    indicator = definition(**fields)
    tally = measure(indicator, table(rows))

    assert Tally.from_document(tally.to_document()) == tally
    assert Definition.from_document(indicator.to_document()) == indicator
