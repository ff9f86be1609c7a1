"""When an opinion makes sense."""

from datetime import date

from comanage.values.money import Money
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
