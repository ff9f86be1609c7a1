"""Months counted in the pass that counts the year."""

from datetime import date
from random import Random

import pyarrow as pa
import pytest

from comanage.values.period import Period
from indicators.measure.criteria import parse
from indicators.measure.criteria.cases import TableColumns
from indicators.measure.cube.cache import CubeCache, Slice
from indicators.measure.cube.plan import CubePlan
from indicators.measure.definition import Definition
from indicators.measure.kernel import measure, measure_slices
from indicators.measure.tally import Tally
from scorecards.trends.months import (
    UNDATED,
    Calendar,
    complete_months,
    counted_of,
    months_of,
    to_document,
)

YEAR = Period(date(2025, 1, 15), date(2026, 1, 15))
COLUMNS = [
    {"name": "unit", "type": "code"},
    {"name": "patient", "type": "code"},
    {"name": "left_on", "type": "date"},
    {"name": "came_on", "type": "date"},
    {"name": "nights", "type": "whole"},
]


def definition(scoring="proportion", **fields):
    given = {
        "slug": scoring,
        "title": scoring,
        "scoring": scoring,
        "improvement": "decrease",
        "unit": "x",
        "columns": COLUMNS,
    }
    return Definition.from_document(given | fields)


LONG = definition(numerator="nights > 4")
BACK = definition("count", numerator="followed_within(30, patient, left_on, came_on)", slug="back")
MEDIAN = definition("median", observation="nights")
ALL = [(LONG, None), (BACK, None), (MEDIAN, parse("unit = 'A'", MEDIAN.columns_by_name))]


def cases(count=400, *, seed=7):
    random = Random(seed)
    days = [date.fromordinal(random.randrange(*_ends())) for _ in range(count)]
    return pa.table(
        {
            "unit": [random.choice("AB") for _ in days],
            "patient": [f"N{random.randrange(60)}" for _ in days],
            "left_on": pa.array(days, pa.date32()),
            "came_on": pa.array([date.fromordinal(d.toordinal() - 3) for d in days], pa.date32()),
            "nights": pa.array([random.choice([1, 3, 5, 9, None]) for _ in days], pa.int64()),
        }
    )


def _ends():
    return YEAR.start.toordinal(), YEAR.end.toordinal()


CALENDAR = Calendar("left_on", tuple(YEAR.months()))


def count(pairs, slices, folder, axes=CALENDAR.axes):
    definitions, scopes = zip(*pairs, strict=True)
    parts = [
        Slice(f"slice {place}", lambda cases=cases: TableColumns(cases))
        for place, cases in enumerate(slices)
    ]
    folder.mkdir(exist_ok=True)
    return counted_of(CubeCache(folder).cube(CubePlan(definitions, axes, scopes), parts))


@pytest.mark.parametrize("place", range(len(ALL)))
def test_the_year_is_what_measuring_it_whole_gives_and_the_months_add_up_to_it(place, tmp_path):
    table = cases()
    one, scope = ALL[place]

    counted = count(ALL, [table], tmp_path)[place]

    assert counted.year == measure(one, table, scope)
    assert sum(counted.months, Tally()) == counted.year


def test_each_month_is_what_measuring_its_cases_alone_gives(tmp_path):
    table = cases()
    days = table.column("left_on").to_pylist()

    months = count([(LONG, None)], [table], tmp_path)[0].months

    for month, counted in zip(YEAR.months(), months, strict=True):
        alone = table.filter(pa.array([day in month for day in days]))
        assert counted == measure(LONG, alone)


def test_any_split_into_slices_gives_the_same_also_where_a_case_looks_at_others(tmp_path):
    table = cases()
    split = [table.slice(0, 90), table.slice(90, 200), table.slice(290)]

    counted = count(ALL, split, tmp_path / "split")

    assert counted == count(ALL, [table], tmp_path / "whole")
    assert counted[1].year == measure_slices(BACK, split)


def test_a_case_of_no_month_counts_for_the_year_alone(tmp_path):
    table = cases(3)
    strange = [None, date(2025, 1, 14), date(2026, 1, 15)]
    table = table.set_column(2, "left_on", pa.array(strange, pa.date32()))

    counted = count([(LONG, None)], [table], tmp_path)[0]

    assert counted.year.denominator == 3
    assert sum(counted.months, Tally()) == Tally()


def test_without_cases_every_month_is_empty(tmp_path):
    counted = count(ALL, [], tmp_path)

    assert [one.year for one in counted] == [Tally()] * len(ALL)
    assert {len(one.months) for one in counted} == {12}


def test_undated_cases_count_for_the_year_and_have_no_months(tmp_path):
    table = cases()

    for counted, (one, scope) in zip(count(ALL, [table], tmp_path, UNDATED), ALL, strict=True):
        assert counted.year == measure(one, table, scope)
        assert counted.months == ()


def test_each_indicator_is_counted_in_its_own_scope(tmp_path):
    table, north = cases(), parse("unit = 'A'", LONG.columns_by_name)

    everyone, some = count([(LONG, None), (LONG, north)], [table], tmp_path)

    assert everyone.year == measure(LONG, table)
    assert some.year == measure(LONG, table, north) != everyone.year


def test_a_month_is_complete_when_every_day_of_it_was_received():
    months = YEAR.months()[:3]  # 15 January to 14 April
    received = [
        Period(date(2025, 1, 1), date(2025, 2, 1)),
        Period(date(2025, 2, 1), date(2025, 4, 14)),
    ]

    assert complete_months(months, received) == [True, True, False]
    assert complete_months(months, received[1:]) == [False, True, False]


def test_a_document_gives_the_complete_months_back(tmp_path):
    table = cases()
    counted = dict(zip(["long", "back", "median"], count(ALL, [table], tmp_path), strict=True))

    document = to_document(CALENDAR, counted, [Period(YEAR.start, date(2025, 5, 1))])

    for slug, one in counted.items():
        found = months_of(document, slug)
        assert [month.month for month in found] == YEAR.months()[:3]
        assert tuple(month.tally for month in found) == one.months[:3]
    assert months_of(document, "another") == []
