"""When a feed may be declared."""

from collections.abc import Sequence

from comanage.web.errors import PolicyError


def check_can_declare(*, name: str, is_taken: bool, programs_with_a_feed: Sequence[str]) -> None:
    """Raise PolicyError when the name or one of the programs is taken."""
    if is_taken:
        raise PolicyError(f"There is a feed named “{name}” already.")
    if programs_with_a_feed:
        raise PolicyError(
            f"{programs_with_a_feed[0]} reads another feed already; a program reads one feed."
        )
