"""When there is something to ask."""

from agreements.terms.models import MeasurementYear, YearStatus
from comanage.web.errors import PolicyError


def check_can_ask(year: MeasurementYear) -> None:
    """Raise PolicyError unless the year is on the clock, so that a part of it is still to come."""
    if year.status == YearStatus.OPEN:
        return
    if year.status == YearStatus.CLOSED:
        raise PolicyError(
            "The year is closed for adjudication, so nothing of it is still to come. The "
            "scorecard shows what was counted."
        )
    raise PolicyError(
        "The year is not on the clock yet. Once its terms are locked and it is, data can come in."
    )


def can_ask(year: MeasurementYear) -> bool:
    """Say whether the way to the page should be shown."""
    try:
        check_can_ask(year)
    except PolicyError:
        return False
    return True
