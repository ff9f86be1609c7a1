"""How sure a proportion is, for drawing only: the one place where floats are allowed."""

from __future__ import annotations

from math import sqrt

# The 97.5th percentile of the standard normal distribution: 95 % between both ends.
Z_95 = 1.959963984540054


def wilson_interval(numerator: int, eligible: int) -> tuple[float, float] | None:
    """Return the Wilson 95 % interval of a proportion, from 0 to 1.

    Args:
        numerator: cases that met, from 0 to `eligible`.
        eligible: cases judged.

    Returns:
        Low and high end; None without cases.

    Source:
        E. B. Wilson, Probable inference, the law of succession, and statistical inference,
        JASA 22 (1927) 209-212. Without continuity correction.
    """
    if not 0 <= numerator <= eligible:
        raise ValueError(f"{numerator} of {eligible} cases is not a proportion.")
    if eligible == 0:
        return None
    share = numerator / eligible
    spread = Z_95**2 / eligible
    middle = (share + spread / 2) / (1 + spread)
    reach = Z_95 / (1 + spread) * sqrt(share * (1 - share) / eligible + spread / (4 * eligible))
    return max(0.0, middle - reach), min(1.0, middle + reach)
