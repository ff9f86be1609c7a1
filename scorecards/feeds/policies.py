"""When a feed may be declared or changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from comanage.web.errors import PolicyError
from scorecards.dataagreements.models import DataAgreement
from scorecards.dataagreements.policies import (
    ENOUGH_FOR,
    NEEDED,
    NotCoveredError,
    check_level_is_covered,
)
from scorecards.feeds.models import Cadence, Feed
from scorecards.intake.spec import DataLevel, FeedSpec


def check_name_is_free(name: str, *, is_taken: bool) -> None:
    """Raise PolicyError when another feed has the name."""
    if is_taken:
        raise PolicyError(f"There is a feed named “{name}” already.", field="name")


def check_programs_are_free(programs_with_a_feed: Sequence[str]) -> None:
    """Raise PolicyError when one of the programs reads another feed."""
    if programs_with_a_feed:
        raise PolicyError(
            f"{programs_with_a_feed[0]} reads another feed already; a program reads one feed.",
            field="programs",
        )


def check_calendar(cadence: Cadence, first_period_on: date | None) -> None:
    """Raise PolicyError when a feed that is awaited has no first period."""
    if cadence != Cadence.ON_REQUEST and first_period_on is None:
        raise PolicyError(
            "A feed that is awaited needs a first period: give the first day it should cover, or "
            "say that files come on request.",
            field="first_period_on",
        )


def check_agreement_is_chosen(level: DataLevel, *, are_on_file: bool) -> None:
    """Raise PolicyError when rows need an agreement, some are on file, and none was chosen."""
    if ENOUGH_FOR[level] and are_on_file:
        raise NotCoveredError(
            f"Choose the agreement under which the rows come in. {NEEDED[level]}; aggregates "
            f"need none.",
            field="agreement",
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


@dataclass(frozen=True, slots=True)
class AskedColumn:
    """A column that locked terms count by: its name, the indicator's title and the year."""

    name: str
    title: str
    year: str


def check_map_is_new(*, note: str, is_same: bool) -> None:
    """Raise PolicyError unless the new map differs, and says why."""
    if is_same:
        raise PolicyError("Nothing is changed, so there is no new version of the map.")
    if not note.strip():
        raise PolicyError("Say in a note what is changed and why; it stays with the version.")


def check_map_keeps_terms(current: FeedSpec, new: FeedSpec, asked: Sequence[AskedColumn]) -> None:
    """Raise PolicyError when a new map takes from locked terms what they count by.

    Args:
        current: the map that holds.
        new: the map that would follow it.
        asked: the columns of every locked or open year that reads the feed.
    """
    if not asked:
        return
    if new.row_key != current.row_key:
        raise PolicyError(
            f"The key stays {', '.join(current.row_key)} while locked terms count this feed: under "
            f"another key the same case would count twice. Declare another feed for the next year."
        )
    types_now = {column.name: column.type for column in current.columns}
    types_then = {column.name: column.type for column in new.columns}
    for each in asked:
        held = types_now.get(each.name)
        if held is not None and types_then.get(each.name) != held:
            raise PolicyError(
                f"“{each.title}” in the year {each.year} counts by the column {each.name}, and its "
                f"terms are locked. Keep it, of type {held}; or declare another feed for the next "
                f"year."
            )
