"""Every engine of the bench gives the same cells, also for shapes it was not tuned to."""

import numpy as np
import pytest

from indicators.bench.cells import Frame, hash_of
from indicators.bench.contestant import Stopwatch, engine
from indicators.bench.generator import Shape, generate
from indicators.bench.indicators import definitions
from indicators.bench.kernel_engine import Kernel, axes_of
from indicators.bench.workloads import write_slice
from indicators.measure.columns import CasesError
from indicators.measure.criteria.cases import TableColumns
from indicators.measure.kernel import measure_groups

SHAPES = {
    "usual": Shape(cases=900, seed=3),
    "two years, many gaps": Shape(cases=700, years=2, seed=4, physicians=7, missing=250),
    "no gaps": Shape(cases=300, seed=5, physicians=1, missing=0),
    "more physicians than cases": Shape(cases=60, seed=6, physicians=100, codes=500),
    "one case": Shape(cases=1, seed=7),
}


@pytest.fixture(params=SHAPES.values(), ids=SHAPES.keys())
def written(request, tmp_path):
    path = tmp_path / "slice.parquet"
    write_slice(generate(request.param), path)
    return request.param, path


def cells(name, shape, path, *, with_hard):
    spec = {
        "engine": name,
        "threads": 1,
        "is_together": False,
        "with_hard": with_hard,
        "shape": {field: getattr(shape, field) for field in shape.__slots__},
    }
    (found,) = engine(spec, Stopwatch())([path])
    return found


@pytest.mark.parametrize("rival", ["duckdb", "duckdb-filter", "polars"])
def test_a_rival_gives_the_cells_of_the_kernel(rival, written):
    pytest.importorskip(rival.partition("-")[0])
    ours = cells("kernel", *written, with_hard=True)

    theirs = cells(rival, *written, with_hard=True)

    for our, their in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(our, their)
    assert hash_of(ours) == hash_of(theirs)


@pytest.mark.parametrize("name", ["usual", "more physicians than cases"])
def test_a_group_by_in_pandas_gives_the_cells_of_the_kernel(name, tmp_path):
    shape, path = SHAPES[name], tmp_path / "slice.parquet"
    write_slice(generate(shape), path)
    ours = cells("kernel", shape, path, with_hard=False)

    theirs = cells("pandas", shape, path, with_hard=False)

    assert hash_of(ours) == hash_of(theirs)


@pytest.mark.parametrize("rival", ["duckdb", "polars"])
def test_one_query_over_many_slices_gives_the_cells_of_each(rival, tmp_path):
    pytest.importorskip(rival)
    shapes = [Shape(cases=90, seed=seed) for seed in (1, 2)]
    paths = [tmp_path / f"{shape.seed}.parquet" for shape in shapes]
    for shape, path in zip(shapes, paths, strict=True):
        write_slice(generate(shape), path)
    spec = {"engine": rival, "threads": 1, "with_hard": True, "shape": {"cases": 90}}

    together = engine({**spec, "is_together": True}, Stopwatch())(paths)
    alone = engine({**spec, "is_together": False}, Stopwatch())(paths)

    assert list(map(hash_of, together)) == list(map(hash_of, alone))
    assert hash_of(together[0]) != hash_of(together[1])


def test_the_cube_of_the_bench_holds_the_tallies_of_the_kernel():
    shape = SHAPES["two years, many gaps"]
    frame, table = Frame(shape), generate(shape)
    kernel = Kernel(frame, with_hard=True)
    groups = axes_of(frame).groups_of(TableColumns(table))

    cube = kernel.plan.count(table)

    for number, definition in enumerate(definitions(with_hard=True)):
        expected = measure_groups(definition, table, groups, kernel.axes.groups + 1)[:-1]
        found = [cube.cells[number].tally(np.array([g])) for g in range(kernel.axes.groups)]
        assert found == expected, definition.slug


def test_the_kernel_runs_on_companions_alone(tmp_path):
    with pytest.raises(CasesError, match="has no companion"):
        Kernel(Frame(Shape(cases=1))).run(tmp_path / "absent.parquet")


def test_equal_shapes_give_equal_tables_and_other_seeds_others():
    shape = Shape(cases=50, seed=8)

    assert generate(shape).equals(generate(shape))
    assert not generate(shape).equals(generate(Shape(cases=50, seed=9)))


def test_a_year_has_29_periods():
    periods = Frame(Shape(cases=1, years=2)).periods

    assert len(periods) == 2 * (12 + 4 + 12 + 1)
    assert (periods.end - periods.first).sum() == 2 * (12 + 4 * 3 + sum(range(1, 13)) + 12)
    assert periods.end.max() == 2 * 12
