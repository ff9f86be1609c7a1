"""When history can be a baseline."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from comanage.values.period import Period
from comanage.web.errors import PolicyError
from scorecards.intake.queries import SliceFacts

MOST_ROWS = 2_000_000
TOO_LARGE = 10**12  # twelve digits before the six places


def check_is_history(period: Period, *, year_starts_on: date) -> None:
    """Raise PolicyError unless every day is before the measurement year."""
    if period.end > year_starts_on:
        raise PolicyError("A baseline is history: choose days before the measurement year begins.")


def check_is_covered(period: Period, slices: Sequence[SliceFacts]) -> None:
    """Raise PolicyError unless the slices are the period, no day more and none less.

    Args:
        period: the days asked for.
        slices: those inside the period; none shares a day with another.
    """
    if sum(slice_.period.days for slice_ in slices) != period.days:
        received = "; ".join(str(slice_.period) for slice_ in slices) or "nothing"
        raise PolicyError(
            f"The hospital's data does not cover {period}. Received inside it: {received}. Choose "
            f"days that are covered, or ask the hospital to send the rest."
        )


def check_can_be_counted(period: Period, slices: Sequence[SliceFacts]) -> None:
    """Raise PolicyError for more cases than can be counted while a page waits."""
    if sum(slice_.rows for slice_ in slices) > MOST_ROWS:
        raise PolicyError(
            f"{period} has more than {MOST_ROWS:,} cases. Choose a shorter stretch of history."
        )


def check_can_be_kept(numerator: Fraction, denominator: Fraction) -> None:
    """Raise PolicyError unless terms can hold the two parts of a baseline."""
    if numerator < 0 or denominator <= 0:
        raise PolicyError(
            "The baseline is below zero, which terms cannot hold. Choose other days, or an "
            "indicator that counts what was reached."
        )
    if max(numerator, denominator) >= TOO_LARGE:
        raise PolicyError(
            "The baseline has more than twelve digits before the decimal point, which terms "
            "cannot hold. Choose a shorter stretch of history."
        )


def check_is_what_was_shown(sha256: str, *, shown_sha256: str) -> None:
    """Raise PolicyError when data or scope changed after the counts were shown."""
    if sha256 != shown_sha256:
        raise PolicyError(
            "The data or the scope changed after these counts were shown. Count again and freeze "
            "what you then see."
        )
