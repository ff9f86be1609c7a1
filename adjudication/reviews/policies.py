"""Who records a review, and what of it a signature needs."""

from collections.abc import Collection

from adjudication.reviews.record import Record
from adjudication.years.policies import check_can_sign, check_not_restated
from adjudication.years.queries import Standing
from adjudication.years.steps import Step
from comanage.identity.actor import Actor
from comanage.web.errors import PolicyError


def check_can_record(standing: Standing, *, by: Actor) -> None:
    """Raise PolicyError unless the review is this person's, and its turn is now."""
    check_can_sign(standing, Step.REVIEW, by=by)
    check_not_restated(standing)


def can_record(standing: Standing, *, by: Actor) -> bool:
    """Say whether the forms of the record should be shown."""
    try:
        check_can_record(standing, by=by)
    except PolicyError:
        return False
    return True


def check_indicator_is_reviewed(slug: str, slugs: Collection[str]) -> None:
    """Raise PolicyError when a figure is of an indicator that the terms do not have."""
    if slug not in slugs:
        raise PolicyError("The terms of this year have no such indicator. Choose one of them.")


def check_mismatch_is_explained(note: str, *, is_match: bool) -> None:
    """Raise PolicyError for other figures without a word on them."""
    if not is_match and not note:
        raise PolicyError(
            "Your figures differ from the snapshot's. Check them; if they stand, say in the note "
            "where they differ.",
            field="note",
        )


def check_marks_are_of_the_sample(numbers: Collection[int], size: int) -> None:
    """Raise PolicyError when a mark is of no case of the sample, or there is none."""
    if not size:
        raise PolicyError("No case of this indicator was judged, so there is none to look at.")
    if not numbers:
        raise PolicyError("No case is marked yet. Say of at least one what its chart says.")
    if any(not 1 <= number <= size for number in numbers):
        raise PolicyError(f"The sample has {size} cases. Open the page again, then mark them.")


def check_record_bears_a_signature(record: Record) -> None:
    """Raise PolicyError unless every indicator matches and every sample is finished."""
    if record.mismatches:
        raise PolicyError(
            f"Your record has a mismatch: {_named(record.mismatches)}. Return the year, or put it "
            f"on hold; it cannot be approved so."
        )
    if record.missing:
        raise PolicyError(
            f"Record first whether your figures match: nothing is recorded of "
            f"{_named(record.missing)} yet."
        )
    if record.unfinished:
        raise PolicyError(
            f"Finish the sample of {_named(record.unfinished)}: a part of it would be a choice."
        )


def check_independence_is_confirmed(*, is_independent: bool) -> None:
    """Raise PolicyError unless the reviewer confirms the printed statement."""
    if not is_independent:
        raise PolicyError("Confirm the statement of independence; without it nobody reviews.")


def _named(titles: Collection[str]) -> str:
    first, *others = titles
    more = f" and {len(others)} more" if others else ""
    return f"“{first}”{more}"
