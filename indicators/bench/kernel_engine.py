"""Our kernel over the kernel-ready companion of a slice."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indicators.bench.cells import Frame, Whole, medians, roll_up
from indicators.bench.generator import FIRST_YEAR
from indicators.bench.indicators import PROPORTIONS, SUMS, definitions
from indicators.bench.layout import PERIOD_COLUMN, STRATUM_COLUMN
from indicators.measure.columns import CasesError
from indicators.measure.cube.axes import Axes, month_edges
from indicators.measure.cube.cells import Cells, KeptCells
from indicators.measure.cube.companion import open_companion
from indicators.measure.cube.plan import Cube, CubePlan, Watch
from indicators.measure.definition import Definition
from indicators.measure.kernel import COUNTED

_COLUMN = {name: place for place, name in enumerate(COUNTED)}


class Kernel:
    """The indicators of the bench, ready to be counted on slices."""

    def __init__(self, frame: Frame, *, with_hard: bool = False, watch: Watch = str) -> None:
        """Look at what the indicators ask."""
        self._frame, self._watch = frame, watch
        self.definitions = definitions(with_hard=with_hard)
        self.axes = axes_of(frame)
        self.plan = CubePlan(self.definitions, self.axes)

    def run(self, path: Path) -> list[Whole]:
        """Compute all cells of one slice."""
        companion = open_companion(path.parent, path.stem)
        if companion is None:
            raise CasesError(f"{path} has no companion; write it before the run.")
        self._watch("open")
        return self.results(self.plan.count(companion, watch=self._watch))

    def results(self, cube: Cube) -> list[Whole]:
        """Roll a cube up to the cells that every engine delivers, in the order of the rivals."""
        found = zip(self.definitions, cube.cells, strict=True)
        pairs: list[Whole] = []
        kept: list[KeptCells] = []
        for definition, cells in found:
            if cells.kept is not None:
                kept.append(cells.kept)
            else:
                pairs += _pair_of(definition, cells)
        shape = (len(pairs), self._frame.months, self._frame.strata)
        rolled = roll_up(np.array(pairs).reshape(shape), self._frame.periods)
        self._watch("roll-up")
        middles = [medians(cells, self._frame) for cells in kept]
        self._watch("medians")
        usual = 2 * len({**PROPORTIONS, **SUMS})
        hard = [rolled[usual:]] if len(rolled) > usual else []
        return [rolled[:usual], *hard, *middles]


def axes_of(frame: Frame) -> Axes:
    """Lay the months and physicians of a frame out as axes."""
    roster = frame.shape.roster
    edges = month_edges(FIRST_YEAR, 1, frame.months)
    return Axes(PERIOD_COLUMN, edges, STRATUM_COLUMN, roster)


def _pair_of(definition: Definition, cells: Cells) -> list[Whole]:
    """Return numerator and denominator as the rivals count them."""
    counts = cells.counts
    if definition.scoring == "proportion":
        eligible = counts[:, _COLUMN["numerator"]] + counts[:, _COLUMN["not_met"]]
        return [counts[:, _COLUMN["numerator"]], eligible]
    observations = counts[:, _COLUMN["observations"]]
    if definition.scoring == "mean":
        return [cells.above.scaled, observations]
    return [cells.above.scaled, cells.below.scaled]
