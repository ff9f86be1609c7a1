"""Texts that Excel is made to keep as they are: `="010001"`, a formula whose result is a text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from scorecards.intake.texts import TextBytes

EQUALS = ord("=")
SHAPE = r'^\s*="([^"]*)"\s*$'


def unwrapped(cells: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
    """Return each text without such a wrapping, and where there was one."""
    none = np.zeros(len(cells), np.bool_)
    if not (TextBytes.of(cells).codes == EQUALS).any():
        return cells, none
    is_wrapped = pc.fill_null(pc.match_substring_regex(cells, SHAPE), fill_value=False)
    wrapped: NDArray[np.bool_] = is_wrapped.to_numpy(zero_copy_only=False).astype(np.bool_)
    return pc.replace_substring_regex(cells, SHAPE, r"\1"), wrapped
