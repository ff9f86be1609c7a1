"""What can be recorded of a license or a search."""

from collections.abc import Collection
from datetime import date

from comanage.values.period import day_text
from comanage.web.errors import PolicyError


def check_license(*, number: str, is_known: bool) -> None:
    """Raise PolicyError unless a license has its number and is new."""
    if not number.strip():
        raise PolicyError("Give the number of the license, as the state's board prints it.")
    if is_known:
        raise PolicyError("This license is recorded already, with the same last day.")


def check_search(
    *, people: int, lists: int, searched_on: date, today: date, is_clear: bool, note: str
) -> None:
    """Raise PolicyError unless somebody was looked up, on a day that has come."""
    if not people or not lists:
        raise PolicyError("Say who was looked up, and on which list.")
    if searched_on > today:
        raise PolicyError(f"{day_text(searched_on)} has not come yet. Record the search after it.")
    if not is_clear and not note.strip():
        raise PolicyError("Say what was found, and what is done to verify it.")


def check_says_how_it_was_cleared(matched: Collection[str], *, is_clear: bool, note: str) -> None:
    """Raise PolicyError for a clear search after a match without a word on the match."""
    if is_clear and matched and not note.strip():
        raise PolicyError(
            f"The search before found a match for {', '.join(sorted(matched))}. Say in the note "
            f"how it was cleared."
        )
