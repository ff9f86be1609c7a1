"""When a feed may be declared or changed."""

from collections.abc import Sequence
from datetime import date

from comanage.web.errors import PolicyError
from scorecards.dataagreements.models import DataAgreement
from scorecards.dataagreements.policies import check_level_is_covered
from scorecards.feeds.models import Cadence, Feed
from scorecards.intake.spec import DataLevel


def check_name_is_free(name: str, *, is_taken: bool) -> None:
    """Raise PolicyError when another feed has the name."""
    if is_taken:
        raise PolicyError(f"There is a feed named “{name}” already.")


def check_programs_are_free(programs_with_a_feed: Sequence[str]) -> None:
    """Raise PolicyError when one of the programs reads another feed."""
    if programs_with_a_feed:
        raise PolicyError(
            f"{programs_with_a_feed[0]} reads another feed already; a program reads one feed."
        )


def check_calendar(cadence: Cadence, first_period_on: date | None) -> None:
    """Raise PolicyError when a feed that is awaited has no first period."""
    if cadence != Cadence.ON_REQUEST and first_period_on is None:
        raise PolicyError(
            "A feed that is awaited needs a first period: give the first day it should cover, or "
            "say that files come on request."
        )


def check_may_take_files(feed: Feed, agreements: Sequence[DataAgreement], *, today: date) -> None:
    """Raise PolicyError unless an agreement in force lets the feed's rows in.

    A sandbox takes synthetic data alone, which needs none.

    Args:
        feed: for which a file comes in.
        agreements: its agreement and the renewals, oldest first.
        today: at the hospital.
    """
    if not feed.is_sandbox:
        check_level_is_covered(DataLevel(feed.level), agreements, today=today)
