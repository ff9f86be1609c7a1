"""Counting the slices of a year over what is kept from before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from indicators.measure.cube.cache import CubeCache, Slice
from indicators.measure.cube.companion import Companion
from indicators.measure.cube.plan import Cube, CubePlan
from scorecards.cards.loading import check_columns
from scorecards.intake.companions import companion_of, kernel_cipher, kernel_folder
from scorecards.intake.queries import SliceFacts


@dataclass(frozen=True, slots=True)
class Counting:
    """What was counted, and how much of it was known before.

    Attributes:
        cube: of all slices.
        hits: how often the cells of an indicator were found, of a slice or of all together.
        misses: how often they were counted.
    """

    cube: Cube
    hits: int
    misses: int


def count_slices(tenant_id: UUID, plan: CubePlan, slices: Sequence[SliceFacts]) -> Counting:
    """Count slices; a slice whose cells are all known is not opened.

    Raises:
        PolicyError: the feed does not carry a column that is asked for.
        CasesError: a column is of another type than is asked for, or aggregates do not fit.
    """
    cache = CubeCache(kernel_folder(tenant_id), kernel_cipher(tenant_id))
    parts = [Slice(slice_.sha256, partial(_opened, tenant_id, slice_, plan)) for slice_ in slices]
    cube = cache.cube(plan, parts)
    return Counting(cube, cache.hits, cache.misses)


def _opened(tenant_id: UUID, slice_: SliceFacts, plan: CubePlan) -> Companion:
    companion = companion_of(tenant_id, slice_)
    check_columns(plan.columns, companion.names)
    return companion
