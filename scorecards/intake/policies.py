"""When a file may come in."""

from collections.abc import Sequence

from agreements.terms.models import MeasurementYear, YearStatus
from comanage.values.period import Period
from comanage.web.errors import PolicyError


class KeyReusedError(PolicyError):
    """An idempotency key came back with another file or period."""


def check_period_is_open(period: Period, years: Sequence[MeasurementYear]) -> None:
    """Raise PolicyError unless a year on the clock covers the period, or it is history.

    History ends before the first year of every program that reads the feed: it pays nothing,
    and is what baselines are computed from.

    Args:
        period: the days of the file.
        years: the years of every program that reads the feed.
    """
    covering = [
        year for year in years if year.starts_on <= period.start and period.end <= year.ends_on
    ]
    if years and all(period.end <= year.starts_on for year in years):
        return
    if not covering:
        raise PolicyError(
            f"No measurement year covers {period}. Check the two days, or draft and open the year."
        )
    if any(year.status == YearStatus.OPEN for year in covering):
        return
    if any(year.status == YearStatus.CLOSED for year in covering):
        raise PolicyError(
            f"{period} is closed for adjudication, so no more data comes in. Only a signatory "
            f"who returns the year for changes, before all have signed, opens it again."
        )
    raise PolicyError(
        f"{period} is not open yet: the terms must be locked and the year put on the clock first."
    )


def check_period_fits(period: Period, accepted: Sequence[Period]) -> None:
    """Raise PolicyError when the period cuts across one that has been accepted."""
    for other in accepted:
        if other != period and other.overlaps(period):
            raise PolicyError(
                f"{period} cuts across {other}, which was accepted already. Send exactly that "
                f"period again, or one beside it; otherwise cases would count twice."
            )


def check_same_request(*, is_same: bool) -> None:
    """Raise KeyReusedError when a key stands for another file or period."""
    if not is_same:
        raise KeyReusedError(
            "This idempotency key was used for another file or period. Send a new key."
        )
