"""Finding another case of the same patient within so many days, on whole columns.

Cases that may be found are sorted once by patient and day; each case then asks between
which places its own days lie.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indicators.measure.criteria.numbers import Bools
from indicators.measure.criteria.tree import Look

Codes = npt.NDArray[np.int64]


def with_another_case(
    look: Look, most_days: int, keys: Codes, own: Codes, other: Codes, may_be_found: Bools
) -> Bools:
    """Say for each case whether another case lies within so many days of it.

    Args:
        look: FOLLOWED looks forward from a case's own day, PRECEDED back from it.
        most_days: the most days between; day 0 is inside.
        keys: small whole numbers from 0, equal for cases of the same patient.
        own: day on which each case asks.
        other: day on which each case is found.
        may_be_found: the cases that can be found: key and day known, and what is asked of
            the other case true. A case never finds itself.
    """
    found_days = other[may_be_found]
    if not found_days.size:
        return np.zeros(len(keys), np.bool_)
    first_day = int(found_days.min())
    # One more than the days that occur: the room that keeps one patient apart from the next.
    room = int(found_days.max()) - first_day + 2
    places = np.sort(keys[may_be_found] * room + (found_days - first_day))
    ahead = look is Look.FOLLOWED
    first = np.clip(own - first_day - (0 if ahead else most_days), 0, room - 1)
    end = np.clip(own - first_day + (most_days if ahead else 0) + 1, 0, room - 1)
    begin = keys * room
    apart = other - own if ahead else own - other
    itself = may_be_found & (apart >= 0) & (apart <= most_days)
    # Where it finds itself, a second one must follow before the end.
    asked = _places_from(places, begin + first) + itself
    return np.append(places, np.iinfo(np.int64).max)[asked] < begin + end


def _places_from(places: Codes, wanted: Codes) -> Codes:
    """Find where each would stand; in rising order, which memory answers far faster."""
    order = np.argsort(wanted)
    found = np.empty(len(wanted), np.int64)
    found[order] = np.searchsorted(places, wanted[order])
    return found
