"""When a duty can be agreed, and when the fee can follow from the duties."""

from comanage.web.errors import PolicyError


def check_is_new(*, name: str, is_taken: bool) -> None:
    """Raise PolicyError for a duty that the terms have already: nobody pays for it twice."""
    if is_taken:
        raise PolicyError(
            f"“{name}” is among the duties of these terms already. Change that one, or name what "
            f"is different about this one."
        )


def check_has_duties(count: int) -> None:
    """Raise PolicyError where there is nothing to take the fee from."""
    if not count:
        raise PolicyError("These terms have no duties yet. Add those that the fixed fee pays for.")
