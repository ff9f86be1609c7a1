"""When a program may be founded."""

from comanage.web.errors import PolicyError


def check_name_is_free(*, is_taken: bool, name: str) -> None:
    """Raise PolicyError when the hospital has a program of that name."""
    if is_taken:
        raise PolicyError(f"There is a program named “{name}” already. Open it, or choose a name.")
