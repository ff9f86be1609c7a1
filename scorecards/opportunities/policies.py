"""What can be assessed, and when."""

from collections.abc import Collection, Sequence

from comanage.web.errors import PolicyError
from indicators.measure.definition import Definition
from scorecards.cards.loading import MOST_ROWS
from scorecards.feeds.models import Feed
from scorecards.intake.queries import SliceFacts
from scorecards.intake.spec import FeedSpec
from scorecards.opportunities.asking import Asked, AskedIndicator
from scorecards.opportunities.engine import benchmark_of
from scorecards.opportunities.models import AssessmentOutcome
from scorecards.opportunities.sizing import ReferenceKind

MOST_INDICATORS = 20


def fits(definition: Definition, spec: FeedSpec) -> bool:
    """Say whether a feed carries what an indicator reads, so that it can be counted."""
    carried = {column.name: column.type for column in spec.columns}
    return definition.is_executable and all(
        carried.get(column.name) == column.type for column in definition.columns
    )


def check_has_feed(feed: Feed | None) -> Feed:
    """Raise PolicyError unless the program reads a feed; return it."""
    if feed is None:
        raise PolicyError(
            "No feed sends data for this program yet, so there is nothing to assess. Declare one "
            "under “Hospital data”."
        )
    return feed


def check_asked(asked: Asked, columns: Collection[str]) -> None:
    """Raise PolicyError unless the question is whole.

    Args:
        asked: what is wanted.
        columns: that cases may be told apart by.
    """
    if not 1 <= len(asked.indicators) <= MOST_INDICATORS:
        raise PolicyError(
            f"Choose at least one indicator and at most {MOST_INDICATORS}: what one assessment "
            "says must be read in one sitting."
        )
    if asked.column not in columns:
        raise PolicyError("The feed has no such column to tell cases apart by. Choose another.")
    for one in asked.indicators:
        check_sources(one)


def check_sources(one: AskedIndicator) -> None:
    """Raise PolicyError for a figure without its source, or a source without its figure."""
    if one.reference is ReferenceKind.PEER and (one.peer is None or not one.peer_source):
        raise PolicyError(f"{one.title}: give the value of the peers, and where it is published.")
    if one.cost is not None and not one.cost_source:
        raise PolicyError(
            f"{one.title}: say where the cost comes from, so that others can check it."
        )
    if one.days is not None and not one.days_source:
        raise PolicyError(f"{one.title}: say who counted the days, so that others can check them.")


def check_can_be_counted(one: AskedIndicator, definition: Definition, spec: FeedSpec) -> None:
    """Raise PolicyError unless the feed carries the indicator, and its reference exists."""
    if not fits(definition, spec):
        raise PolicyError(f"{one.title}: the feed does not carry what this indicator reads.")
    if one.reference is ReferenceKind.BENCHMARK and benchmark_of(definition) is None:
        raise PolicyError(
            f"{one.title}: its definition has no published benchmark in figures. Choose another "
            "reference."
        )


def check_is_not_too_large(slices: Sequence[SliceFacts]) -> None:
    """Raise PolicyError for more cases than are read at once."""
    rows = sum(slice_.rows for slice_ in slices)
    if rows > MOST_ROWS:
        raise PolicyError(
            f"These days have {rows:,} cases; at most {MOST_ROWS:,} are assessed together. Choose "
            "fewer days."
        )


def check_is_running(outcome: AssessmentOutcome | None) -> None:
    """Raise PolicyError unless the assessment can still be stopped."""
    if outcome is not None:
        raise PolicyError("This assessment has ended already, so there is nothing to stop.")


def check_same_scope(asked: Asked, year_scope: str) -> None:
    """Raise PolicyError unless a draft counts the same cases as the assessment did."""
    if asked.scope != year_scope:
        raise PolicyError(
            f"The assessment counted {asked.scope or 'every case'}, the draft counts "
            f"{year_scope or 'every case'}. Assess with the scope of the draft, so that its "
            "baseline and goals are about the same cases."
        )
