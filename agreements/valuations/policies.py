"""When an opinion makes sense."""

from datetime import date
from decimal import Decimal

from comanage.values.money import Money
from comanage.values.period import day_text
from comanage.vault.models import SealedFile
from comanage.web.errors import PolicyError


def check_can_file(*, valid_from: date, valid_until: date, parts: Money, total: Money) -> None:
    """Raise PolicyError when dates or amounts contradict each other."""
    if valid_until <= valid_from:
        raise PolicyError("The opinion would end before it begins. Check the two days.")
    if total > parts:
        raise PolicyError(
            f"The total of {total} is more than its parts together, {parts}. "
            f"Copy the amounts from the opinion."
        )


def check_can_write(*, approved_on: date, today: date) -> None:
    """Raise PolicyError for a memo that nobody approved yet."""
    if approved_on > today:
        raise PolicyError(
            f"{day_text(approved_on)} has not come yet. Put the memo on record once it is "
            "approved.",
            field="approved_on",
        )


def check_can_download(document: SealedFile | None) -> SealedFile:
    """Return a paper; raise PolicyError when none is on file."""
    if document is None or document.shredded_at is not None:
        raise PolicyError("The paper itself is not on file here, only what was copied from it.")
    return document


def check_range(what: str, low: Money | Decimal | None, high: Money | Decimal | None) -> None:
    """Raise PolicyError unless a range has both ends in order, or none.

    Args:
        what: the thing whose worth it is, for the sentence.
        low: of the range.
        high: of the range.
    """
    if (low is None) != (high is None):
        raise PolicyError(
            f"The opinion's range for one {what} has two ends. Give both, or neither."
        )
    if low is not None and high is not None and _cents(low) > _cents(high):
        raise PolicyError(f"The range for one {what} ends below where it begins. Check the two.")


def _cents(value: Money | Decimal) -> Decimal:
    return Decimal(value.cents) if isinstance(value, Money) else value
