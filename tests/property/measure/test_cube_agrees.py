"""The cube against the kernel that measures one indicator at a time."""

from contextlib import suppress
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.measure.columns import CasesError
from indicators.measure.criteria import parse
from indicators.measure.criteria.cases import TableColumns
from indicators.measure.cube.axes import Axes, month_edges
from indicators.measure.cube.cache import CubeCache, Slice
from indicators.measure.cube.cells import kept_cells
from indicators.measure.cube.companion import open_companion, write_companion
from indicators.measure.cube.joined import Joined
from indicators.measure.cube.order_statistics import neighbors
from indicators.measure.cube.plan import CubePlan, summed
from indicators.measure.definition import Definition
from indicators.measure.kernel import measure_groups
from indicators.measure.tally import Tally
from indicators.measure.values import KeptValues
from tests.laws import examples
from tests.property.measure.criteria_drawing import COLUMNS, case_criteria, many_cases, table
from tests.property.measure.definition_drawing import definitions

months = st.builds(month_edges, st.just(2024), st.just(2), st.integers(1, 13))
any_days = st.sets(st.dates(date(2023, 12, 1), date(2025, 4, 1)), min_size=2, max_size=5)
dated = st.tuples(
    st.sampled_from(["seen", "came_at"]),
    months | any_days.map(lambda days: tuple(sorted(days))),
    st.booleans(),
)
axes = st.builds(
    lambda spans, **strata: Axes(spans[0], spans[1], with_rest=spans[2], **strata),
    dated | st.just(("", (), True)),
    stratum_column=st.sampled_from(["", "code"]),
    strata=st.sampled_from([(), ("a",), ("b", "a", "not there")]),
).filter(lambda drawn: bool(drawn.stratum_column) or not drawn.strata)

few_definitions = st.lists(definitions, min_size=1, max_size=3)
scopes = st.none() | case_criteria


def indicators_of(drawn):
    return [
        Definition(
            f"indicator-{n}", "Any", fields.pop("scoring"), "increase", "u", COLUMN_LIST, **fields
        )
        for n, fields in enumerate(map(dict, drawn))
    ]


COLUMN_LIST = tuple(COLUMNS.values())


def measured(indicators, laid_out, cases, scope):
    """Measure one indicator after the other; the last group is not counted."""
    groups = laid_out.groups_of(TableColumns(cases))
    many = laid_out.groups + 1
    return [measure_groups(one, cases, groups, many, scope)[:-1] for one in indicators]


def every_group(cube):
    groups = range(cube.axes.groups)
    return [[cells.tally(np.array([group])) for group in groups] for cells in cube.cells]


@given(few_definitions, scopes, axes, many_cases, st.integers(1, 12))
def test_a_cube_counts_as_the_kernel_counts_each_indicator(drawn, scope, laid_out, rows, block):
    indicators, cases = indicators_of(drawn), table(rows)
    scope = scope and parse(scope, COLUMNS)
    try:
        expected = measured(indicators, laid_out, cases, scope)
    except CasesError:
        expected = None

    with suppress(CasesError):
        cube = CubePlan(indicators, laid_out, [scope] * len(indicators)).count(
            cases, block_rows=block
        )
        assert every_group(cube) == expected
        return
    assert expected is None


@given(few_definitions, axes, many_cases)
def test_a_companion_is_counted_as_the_table_it_was_written_from(drawn, laid_out, rows):
    indicators, cases = indicators_of(drawn), table(rows)
    plan = CubePlan(indicators, laid_out)

    with suppress(CasesError), TemporaryDirectory() as folder:
        expected = every_group(plan.count(cases))
        write_companion(cases, Path(folder), "slice")
        cube = plan.count(open_companion(Path(folder), "slice"), block_rows=5)
        assert every_group(cube) == expected


@given(few_definitions, axes, many_cases, st.data())
def test_spans_and_strata_add_up(drawn, laid_out, rows, data):
    indicators, cases = indicators_of(drawn), table(rows)
    first = data.draw(st.integers(0, laid_out.spans - 1))
    end = data.draw(st.integers(first + 1, laid_out.spans))
    stratum = data.draw(st.none() | st.integers(0, laid_out.width - 1))

    with suppress(CasesError):
        cube = CubePlan(indicators, laid_out).count(cases)
        for number, alone in enumerate(every_group(cube)):
            chosen = [
                tally
                for group, tally in enumerate(alone)
                if first <= group // laid_out.width < end
                and stratum in {None, group % laid_out.width}
            ]
            assert cube.tally(number, first, end, stratum) == sum(chosen, Tally())


@given(few_definitions, axes, many_cases, many_cases)
def test_cells_from_the_cache_are_those_of_all_cases_at_once(drawn, laid_out, some, others):
    plan = CubePlan(indicators_of(drawn), laid_out)
    slices = [
        Slice("some", lambda: TableColumns(table(some))),
        Slice("others", lambda: TableColumns(table(others))),
    ]

    with suppress(CasesError), TemporaryDirectory() as folder:
        expected = every_group(plan.count(table(some + others)))
        first, again = CubeCache(Path(folder)), CubeCache(Path(folder))
        assert every_group(first.cube(plan, slices)) == expected
        assert every_group(again.cube(plan, slices[::-1])) == expected
        assert (again.hits, again.misses) == (len(plan.definitions), 0)


@settings(max_examples=examples(20))
@given(few_definitions, axes, many_cases, many_cases)
def test_cubes_of_slices_add_up_unless_a_case_looks_at_others(drawn, laid_out, some, others):
    plan = CubePlan(indicators_of(drawn), laid_out)
    alone = [n for n in range(len(plan.definitions)) if not plan.looks_back(n)]

    with suppress(CasesError):
        total = summed([plan.count(table(part), only=alone) for part in (some, others)])
        assert every_group(total) == every_group(plan.count(table(some + others), only=alone))


@given(many_cases, many_cases)
def test_joined_slices_are_as_one(some, others):
    parts, whole = (some, others), TableColumns(table(some + others))
    together = Joined([TableColumns(table(part)) for part in parts])

    for name in COLUMNS:
        assert told(together.column(name)) == told(whole.column(name))


def told(column):
    """Tell a column's values, however they are kept."""
    if hasattr(column, "codes"):
        words = (*column.vocabulary.words, None)
        return [words[code] for code in column.codes]
    missing = np.broadcast_to(column.missing, column.scaled.shape)
    return [
        None if gone else Fraction(number * column.step, column.scale)
        for number, gone in zip(column.scaled.tolist(), missing.tolist(), strict=True)
    ]


values = st.integers(-3, 3) | st.sampled_from([2**40, -(2**62), 2**63 - 1, 2**70])


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), values), max_size=30),
    st.tuples(st.integers(0, 4), st.integers(0, 4)).map(sorted),
    st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(9, 10), Fraction(1, 3), Fraction(1)]),
)
def test_neighbors_lie_around_the_percentile_of_the_kept_values(rows, span, share):
    months, width = 4, 3
    groups = np.array([month * width + stratum for month, stratum, _ in rows], np.int64)
    largest = max((abs(value) for *_, value in rows), default=0)
    kind = np.int64 if largest < 2**63 else object
    kept = kept_cells(groups, np.array([value for *_, value in rows], kind), 1)
    first, end = np.array([span[0], 0]), np.array([span[1], months])

    found = neighbors(kept, width, first, end, share)

    for period in range(2):
        for stratum in range(width):
            inside = [
                Fraction(value)
                for month, of, value in rows
                if first[period] <= month < end[period] and (of == stratum or stratum == width - 1)
            ]
            low, high = found.low[period, stratum], found.high[period, stratum]
            assert found.counts[period, stratum] == len(inside)
            if inside:
                place = share * (len(inside) - 1)
                between = int(low) + (place - int(place)) * (int(high) - int(low))
                assert KeptValues.of(inside).percentile(share, "linear") == between
            else:
                assert (low, high) == (0, 0)
