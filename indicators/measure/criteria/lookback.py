"""Finding another case of the same patient within so many days, on whole columns.

The cases that may be found are sorted by patient and time, once for each end of the stretch
that a case looks over; how many lie between the two ends is a difference of two places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from indicators.measure.criteria.numbers import Bools

Codes = npt.NDArray[np.int64]
Times = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class End:
    """One end of the stretch that each case looks over, itself inside.

    Attributes:
        found: when each case is found, in days or in finer steps.
        asked: the first or last time that each case takes, in the same steps.
    """

    found: Times
    asked: Times


def with_another_case(keys: Codes, may_be_found: Bools, first: End, last: End) -> Bools:
    """Say for each case whether another case of its patient lies in the stretch it looks over.

    Args:
        keys: small whole numbers from 0, equal for cases of the same patient.
        may_be_found: the cases that can be found: key and time known, and what is asked of
            the other case true. A case never finds itself.
        first: where the stretch begins.
        last: where it ends.
    """
    if not may_be_found.any():
        return np.zeros(len(keys), np.bool_)
    itself = may_be_found & (first.found >= first.asked) & (last.found <= last.asked)
    before_end = _found_before(keys, may_be_found, last, "right")
    before_start = _found_before(keys, may_be_found, first, "left")
    others: Bools = before_end - before_start - itself > 0
    return others


def _found_before(
    keys: Codes, may_be_found: Bools, end: End, side: Literal["left", "right"]
) -> Codes:
    """Count, for each case, the cases to be found that are sorted before its end.

    Args:
        keys: as above.
        may_be_found: as above.
        end: of the stretch.
        side: `left` leaves out what is found at the very end, `right` takes it in.
    """
    times, ranks = np.unique(end.found[may_be_found], return_inverse=True)
    room = len(times) + 1  # keeps one patient apart from the next
    places = np.sort(keys[may_be_found] * room + ranks)
    return _places_of(places, keys * room + np.searchsorted(times, end.asked, side))


def _places_of(places: Codes, wanted: Codes) -> Codes:
    """Find where each would stand; in rising order, which memory answers far faster."""
    order = np.argsort(wanted)
    found = np.empty(len(wanted), np.int64)
    found[order] = np.searchsorted(places, wanted[order])
    return found
