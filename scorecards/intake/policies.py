"""When a file may come in."""

from collections.abc import Collection, Sequence

from agreements.terms.models import MeasurementYear, YearStatus
from comanage.identity.roles import GRANTS, Permission, Role
from comanage.values.period import Period, day_text
from comanage.web.errors import PolicyError
from scorecards.intake.models import UNDECIDED, UploadStatus


class KeyReusedError(PolicyError):
    """An idempotency key came back with another file or period."""

    code = "idempotency-key-reused"


class PeriodLockedError(PolicyError):
    """The period is closed: it changes by a restatement alone."""

    code = "period-locked"


class SchemaChangedError(PolicyError):
    """The file was made for another version of the feed's map than the one that holds now."""

    code = "schema-changed"


class SkippingError(PolicyError):
    """The feed does not allow that faulty rows are left out."""

    code = "skipping-not-allowed"


class CannotCancelError(PolicyError):
    """What became of the file has been decided."""

    code = "cannot-cancel"


def check_period_is_open(
    period: Period, years: Sequence[MeasurementYear], *, restates: bool = False
) -> None:
    """Raise PolicyError unless a year on the clock covers the period, or it is history.

    History ends before the first year of every program that reads the feed: it pays nothing,
    and is what baselines are computed from. One closed year among several that count the period
    closes it for all: they read the same cases.

    Args:
        period: the days of the file.
        years: the years of every program that reads the feed.
        restates: whether the file asks for a restatement, which a closed year waits for.

    Raises:
        PeriodLockedError: a year that counts the period is closed.
        PolicyError: no year counts it, or none is on the clock yet.
    """
    covering = covering_years(period, years)
    if years and all(period.end <= year.starts_on for year in years):
        return
    if not covering:
        raise PolicyError(
            f"No measurement year covers {period}. Check the two days, or have the year drafted, "
            f"locked and opened: {_openers()} opens it."
        )
    if is_closed(period, years):
        if restates:
            return
        raise PeriodLockedError(
            f"{period} is closed for adjudication, so no more data comes in. Ask for a restatement "
            f"with its reason; counsel or compliance decides on it."
        )
    if any(year.status == YearStatus.OPEN for year in covering):
        return
    raise PolicyError(
        f"{period} is not open yet: the terms must be locked and the year put on the clock first. "
        f"{_openers().capitalize()} opens it."
    )


def check_is_of_one_year(
    period: Period, years: Sequence[MeasurementYear], accepted: Collection[Period]
) -> None:
    """Raise PolicyError when a period reaches from a year that ended early into the next one.

    One that was accepted before the next year was there may come again as it was.
    """
    if period in accepted:
        return
    for year in covering_years(period, years):
        next_on = [
            other.starts_on
            for other in years
            if other.program_id == year.program_id
            and other.in_effect is not None
            and year.pay_ends_on <= other.starts_on < period.end
        ]
        if next_on:
            raise PolicyError(
                f"{period} reaches into the next agreement's year, which begins on "
                f"{day_text(min(next_on))}, and its cases would not count there. Send two files: "
                f"one up to the day before, and one from that day on."
            )


def _openers() -> str:
    """Name who may put a year on the clock."""
    *others, last = (role.label for role in Role if Permission.PERIOD_OPEN in GRANTS[role])
    return f"the {', '.join(others)} or {last}".lower()


def covering_years(period: Period, years: Sequence[MeasurementYear]) -> list[MeasurementYear]:
    """List the years that a period lies in, and whose agreement had not ended before it began."""
    return [
        year
        for year in years
        if year.starts_on <= period.start < year.pay_ends_on and period.end <= year.ends_on
    ]


def is_closed(period: Period, years: Sequence[MeasurementYear]) -> bool:
    """Say whether a year that counts the period is closed."""
    return any(year.status == YearStatus.CLOSED for year in covering_years(period, years))


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


def check_map_version(stated: int | None, current: int) -> None:
    """Raise SchemaChangedError when a file was made for another version of the map."""
    if stated is not None and stated != current:
        raise SchemaChangedError(
            f"The feed's map is version {current} now, and the file was made for version "
            f"{stated}. Read the map, then export again and name its version, or name none."
        )


def check_may_skip(*, wished: bool, allowed: bool) -> None:
    """Raise SkippingError when faulty rows shall be left out and the feed does not allow it."""
    if wished and not allowed:
        raise SkippingError(
            "This feed is taken whole or not at all. Mend the faulty rows, or ask the "
            "service-line administrator to allow that they are left out."
        )


def check_can_cancel(status: str) -> None:
    """Raise CannotCancelError unless the file is still being checked or decided."""
    if UploadStatus(status) not in UNDECIDED:
        raise CannotCancelError(
            f"The file is {UploadStatus(status).label.lower()} already, so it cannot be cancelled."
        )
