"""Months, strata and slices of a cube, its exactness at the edges, and its cache."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest

from indicators.measure.columns import CasesError, Column, ColumnType
from indicators.measure.criteria import parse
from indicators.measure.criteria.cases import TableColumns
from indicators.measure.cube.axes import Axes, month_edges
from indicators.measure.cube.cache import CubeCache, Slice
from indicators.measure.cube.cells import Cells
from indicators.measure.cube.joined import Joined
from indicators.measure.cube.plan import Cube, CubePlan, summed
from indicators.measure.definition import Definition
from indicators.measure.kernel import COUNTED
from indicators.measure.tally import Tally

COLUMNS = {
    "left_on": (ColumnType.DATE, pa.date32()),
    "physician": (ColumnType.CODE, pa.string()),
    "patient": (ColumnType.CODE, pa.string()),
    "came_on": (ColumnType.DATE, pa.date32()),
    "minutes": (ColumnType.WHOLE, pa.int64()),
    "died": (ColumnType.FLAG, pa.bool_()),
}
AXES = Axes("left_on", month_edges(2025, 11, 3), "physician", ("DR1", "DR2"))


def cases(*rows):
    schema = pa.schema([(name, kind) for name, (_, kind) in COLUMNS.items()])
    return pa.Table.from_pylist([dict.fromkeys(COLUMNS) | row for row in rows], schema)


def stay(left_on, physician="DR1", **values):
    return {"left_on": date.fromisoformat(left_on), "physician": physician, **values}


def indicator(scoring="count", **fields):
    columns = tuple(Column(name, kind) for name, (kind, _) in COLUMNS.items())
    return Definition("any", "Any", scoring, "increase", "cases", columns, **fields)


def counted(*rows, axes=AXES, scope=None, **fields):
    return CubePlan([indicator(**fields)], axes, [scope]).count(cases(*rows))


def test_a_case_belongs_to_the_month_of_its_day_and_not_to_the_next():
    cube = counted(stay("2025-11-30"), stay("2025-12-01"), stay("2025-12-31"), stay("2026-01-01"))

    assert [cube.tally(0, month, month + 1).numerator for month in range(3)] == [1, 2, 1]


def test_a_case_outside_the_months_or_without_a_day_is_not_counted():
    without = {"left_on": None, "physician": "DR1"}

    cube = counted(stay("2025-10-31"), stay("2026-02-01"), without, stay("2025-11-01"))

    assert cube.tally(0, 0, 3).numerator == 1


def test_a_missing_day_is_not_the_first_day_of_1970():
    axes = Axes("left_on", month_edges(1970, 1, 1))

    cube = counted({"left_on": None}, stay("1970-01-01"), axes=axes)

    assert cube.tally(0, 0, 1).numerator == 1


def test_a_case_of_nobody_on_the_roster_counts_for_everyone_alone():
    day = "2025-12-24"

    cube = counted(stay(day, "DR2"), stay(day, "DR9"), stay(day, None))

    assert [cube.tally(0, 0, 3, stratum).numerator for stratum in (0, 1)] == [0, 1]
    assert cube.tally(0, 0, 3).numerator == 1 + 1 + 1


def test_months_without_strata_are_the_whole_of_the_axes():
    axes = Axes("left_on", month_edges(2025, 11, 2))

    cube = counted(stay("2025-11-02"), stay("2025-12-02", None), axes=axes)

    assert axes.groups == 2
    assert [cube.tally(0, month, month + 1).numerator for month in range(2)] == [1, 1]


def test_spans_begin_on_any_day_and_the_rest_is_one_more_when_it_is_wanted():
    edges = (date(2025, 11, 15), date(2025, 11, 16), date(2026, 1, 15))
    days = ["2025-11-14", "2025-11-15", "2025-11-16", "2026-01-14", "2026-01-15"]
    rows = [*map(stay, days), {"left_on": None}]

    cube = counted(*rows, axes=Axes("left_on", edges, with_rest=True))
    without = counted(*rows, axes=Axes("left_on", edges))

    assert [cube.tally(0, span, span + 1).numerator for span in range(3)] == [1, 2, 3]
    assert (cube.axes.spans, without.axes.spans) == (3, 2)
    assert without.tally(0, 0, 2).numerator == 1 + 2


def test_cases_without_a_period_column_are_one_group():
    cube = counted(stay("2025-11-02"), {"left_on": None}, axes=Axes("", (), with_rest=True))

    assert cube.axes.groups == 1
    assert cube.tally(0, 0, 1).numerator == 1 + 1


@pytest.mark.parametrize(
    ("column", "edges", "with_rest"),
    [
        ("left_on", (), True),
        ("", month_edges(2025, 11, 1), True),
        ("", (), False),
        ("left_on", (date(2025, 11, 1),), True),
        ("left_on", (date(2025, 11, 2), date(2025, 11, 1)), False),
    ],
    ids=["no edges", "no column", "nothing", "one edge", "falling"],
)
def test_axes_that_hold_no_case_are_refused(column, edges, with_rest):
    with pytest.raises(ValueError, match=r"edges|only the rest"):
        Axes(column, edges, with_rest=with_rest)


def test_months_go_over_the_turn_of_a_year():
    assert month_edges(2025, 11, 3) == tuple(
        date(*first) for first in [(2025, 11, 1), (2025, 12, 1), (2026, 1, 1), (2026, 2, 1)]
    )


def test_a_period_column_must_be_a_day_and_a_stratum_column_a_code():
    with pytest.raises(CasesError, match="must be a date or a moment"):
        counted(stay("2025-11-02"), axes=Axes("physician", month_edges(2025, 11, 1)))
    with pytest.raises(CasesError, match="must be a code"):
        counted(stay("2025-11-02"), axes=Axes("left_on", month_edges(2025, 11, 1), "died", ("x",)))


def test_a_scope_restricts_the_initial_population():
    scope = parse("died = false", dict(zip(COLUMNS, indicator().columns, strict=True)))

    cube = counted(
        stay("2025-11-02", died=True),
        stay("2025-11-02", died=False),
        stay("2025-11-02"),
        scope=scope,
    )

    tally = cube.tally(0, 0, 3)
    assert (tally.numerator, tally.missing) == (1, 1)


@pytest.mark.parametrize("largest", [2**22 - 1, 2**52, 2**53 - 1, 2**60, 2**62])
def test_sums_are_exact_where_doubles_would_not_be(largest):
    rows = [stay("2025-11-02", minutes=number) for number in (largest, largest, 1, -3)]

    cube = counted(*rows, scoring="sum", observation="minutes")

    assert cube.tally(0, 0, 3).numerator_sum == Fraction(2 * largest + 1 - 3)


def test_a_sum_beyond_64_bits_is_exact():
    rows = [stay("2025-11-02", minutes=2**62)] * 3

    cube = counted(*rows, scoring="sum", observation="minutes * 5 / 3")

    assert cube.tally(0, 0, 1).numerator_sum == Fraction(3 * 5 * 2**62, 3)


def test_an_indicator_of_every_population_counts_alike_for_two_and_for_1000_physicians():
    wanted = {
        "initial_population": "died = true or minutes > 0",
        "denominator": "minutes < 9 or died is null",
        "denominator_exclusion": "minutes = 3",
        "numerator": "died = true or minutes in (4, 5)",
        "numerator_exclusion": "minutes = 5 and died = true",
        "denominator_exception": "minutes = 2 or died = false",
    }
    roster = (*AXES.strata, *(f"DR{n}" for n in range(3, 1_001)))
    many = Axes("left_on", month_edges(2025, 11, 3), "physician", roster)
    rows = [
        stay("2025-12-02", physician, died=died, minutes=minutes)
        for physician in ("DR1", "DR2", None)
        for died in (True, False, None)
        for minutes in (*range(10), None)
    ]
    few_cube = counted(*rows, scoring="proportion", **wanted)
    many_cube = counted(*rows, scoring="proportion", axes=many, **wanted)

    for stratum in (0, 1, None):
        assert many_cube.tally(0, 0, 3, stratum) == few_cube.tally(0, 0, 3, stratum)
    assert few_cube.tally(0, 0, 3).numerator > 0


def test_aggregates_are_added_up_and_a_row_that_does_not_fit_is_refused():
    fields = {
        "scoring": "proportion",
        "data": "aggregates",
        "numerator_observation": "minutes - 1",
        "denominator_observation": "minutes",
    }

    tally = counted(*(stay("2025-11-02", minutes=n) for n in (5, 7)), **fields).tally(0, 0, 3)

    assert (tally.numerator_sum, tally.denominator_sum) == (4 + 6, 5 + 7)
    with pytest.raises(CasesError, match="Row 2"):
        counted(*(stay("2025-11-02", minutes=n) for n in (5, 0)), **fields)


def plan_columns():
    return {column.name: column for column in indicator().columns}


def test_only_the_indicators_that_are_asked_for_are_counted():
    plan = CubePlan([indicator(), indicator(numerator="died = true")], AXES)

    cube = plan.count(cases(stay("2025-11-02", died=False)), only=[1])

    assert len(cube.cells) == 1
    assert cube.tally(0, 0, 3).not_met == 1


def test_cubes_of_other_axes_do_not_add_up():
    one = counted(stay("2025-11-02"))
    other = counted(stay("2025-11-02"), axes=Axes("left_on", month_edges(2025, 11, 3)))

    with pytest.raises(ValueError, match="same spans, strata and indicators"):
        summed([one, other])
    with pytest.raises(ValueError, match="same spans, strata and indicators"):
        one + Cube(one.axes, ())


def test_cells_add_only_to_cells():
    cells = counted(stay("2025-11-02")).cells[0]

    assert Cells.__add__(cells, 1) is NotImplemented


def test_the_columns_of_cells_are_the_counts_of_a_tally():
    assert set(COUNTED) < set(Tally.__dataclass_fields__)


def opened(log, name, *rows):
    def open_columns():
        log.append(name)
        return TableColumns(cases(*rows))

    return Slice(name, open_columns)


def test_only_a_slice_that_changed_is_opened_again(tmp_path):
    log, plan = [], CubePlan([indicator(), indicator(numerator="died = true")], AXES)
    november = opened(log, "november", stay("2025-11-02", died=True))
    december = opened(log, "december", stay("2025-12-02", died=False))
    corrected = opened(log, "december corrected", stay("2025-12-02", died=True))
    CubeCache(tmp_path).cube(plan, [november, december])
    log.clear()
    cache = CubeCache(tmp_path)

    cube = cache.cube(plan, [november, corrected])

    assert log == ["december corrected"]
    assert (cache.hits, cache.misses) == (2, 2)
    assert [cube.tally(1, month, month + 1).numerator for month in range(2)] == [1, 1]


def test_nothing_is_opened_when_nothing_changed(tmp_path):
    log, plan = [], CubePlan([indicator(), indicator(numerator="died = true")], AXES)
    november = opened(log, "november", stay("2025-11-02", died=True))
    before = CubeCache(tmp_path).cube(plan, [november])
    cache = CubeCache(tmp_path)

    again = cache.cube(plan, [november])

    assert log == ["november"]
    assert (cache.hits, cache.misses) == (2, 0)
    assert again.tally(1, 0, 3) == before.tally(1, 0, 3)


@pytest.mark.parametrize(
    "changed",
    [
        {"axes": Axes("left_on", month_edges(2025, 11, 3), "physician", ("DR1",))},
        {"axes": Axes("left_on", month_edges(2025, 11, 2), "physician", ("DR1", "DR2"))},
        {"axes": replace(AXES, with_rest=True)},
        {"definition": indicator(numerator="died = false")},
        {"scope": "died is null"},
    ],
    ids=["roster", "months", "rest", "definition", "scope"],
)
def test_what_defines_a_cell_is_part_of_its_name(tmp_path, changed):
    log = []
    november = opened(log, "november", stay("2025-11-02", died=True))
    CubeCache(tmp_path).cube(CubePlan([indicator(numerator="died = true")], AXES), [november])
    scope = parse(changed["scope"], plan_columns()) if "scope" in changed else None
    definition = changed.get("definition", indicator(numerator="died = true"))
    cache = CubeCache(tmp_path)

    cache.cube(CubePlan([definition], changed.get("axes", AXES), [scope]), [november])

    assert (cache.hits, cache.misses, len(log)) == (0, 1, 2)


def test_a_new_indicator_joins_those_that_were_counted_before(tmp_path):
    november = opened([], "november", stay("2025-11-02", died=True))
    first, second = indicator(), indicator(numerator="died = true")
    for one in (first, second):
        CubeCache(tmp_path).cube(CubePlan([one], AXES), [november])
    cache = CubeCache(tmp_path)

    cache.cube(CubePlan([second, first], AXES), [november])

    assert (cache.hits, cache.misses) == (2, 0)


def test_a_slice_that_is_there_twice_counts_twice(tmp_path):
    november = opened([], "november", stay("2025-11-02"))

    cube = CubeCache(tmp_path).cube(CubePlan([indicator()], AXES), [november, november])

    assert cube.tally(0, 0, 3).numerator == 2


def test_no_slice_gives_empty_cells_also_for_a_look_back(tmp_path):
    looked = indicator("proportion", numerator="followed_within(30, patient, left_on, came_on)")

    cube = CubeCache(tmp_path).cube(CubePlan([indicator(), looked], AXES), [])

    assert [cube.tally(number, 0, 3) for number in (0, 1)] == [Tally(), Tally()]


def test_a_look_back_finds_the_patient_in_another_slice(tmp_path):
    days = {"came_on": date(2025, 12, 5)}
    november = opened([], "november", stay("2025-11-20", patient="p"))
    december = opened([], "december", stay("2025-12-09", patient="p", **days))
    looked = indicator("proportion", numerator="followed_within(30, patient, left_on, came_on)")

    cube = CubeCache(tmp_path).cube(CubePlan([looked], AXES), [november, december])

    assert [cube.tally(0, month, month + 1).numerator for month in range(2)] == [1, 0]


def test_equal_values_of_two_slices_are_counted_together():
    fields = {"scoring": "median", "observation": "minutes"}
    cubes = [counted(stay("2025-11-02", minutes=7), **fields) for _ in range(2)]

    kept = summed(cubes).cells[0].kept

    assert (kept.values.tolist(), kept.counts.tolist()) == ([7], [2])


def test_slices_with_a_column_of_different_types_are_not_joined():
    texts, numbers = (TableColumns(pa.table({"a": values})) for values in (["x"], [1]))

    with pytest.raises(CasesError, match="different types in the slices"):
        Joined([texts, numbers]).column("a")


def test_kept_values_of_many_strata_give_a_median_of_any_of_them():
    rows = [
        stay("2025-11-02", physician, minutes=m) for physician in ("DR1", "DR2") for m in (1, 5, 9)
    ]

    cube = counted(*rows, scoring="median", observation="minutes")

    assert cube.tally(0, 0, 1, 0).values.percentile(Fraction(1, 2), "linear") == 5
    assert len(cube.tally(0, 0, 3).values) == 2 * 3
    assert np.array_equal(cube.cells[0].kept.counts, [1] * 6)
