"""Who may sit on the committee, and what can be disclosed."""

from collections.abc import Iterable
from datetime import date

from agreements.governance.models import CommitteeSeat, Position
from comanage.values.period import day_text
from comanage.web.errors import PolicyError


def check_can_be_seated(
    *, name: str, position: Position, sits_from: date, seats: Iterable[CommitteeSeat]
) -> None:
    """Raise PolicyError for somebody who sits there already, or a second chair.

    Args:
        name: of the person.
        position: on the committee.
        sits_from: the first day.
        seats: of the program's committee that end after that day or not at all.
    """
    for each in seats:
        if each.name == name:
            raise PolicyError(f"{name} sits on the committee already. End that seat first.")
        if position is Position.CHAIR and each.position == Position.CHAIR:
            until = "" if each.sits_until is None else f" until {day_text(each.sits_until)}"
            raise PolicyError(
                f"{each.name} chairs the committee{until}. A committee has one chair: end that "
                f"seat, or let the new one begin after it."
            )
    if not name:
        raise PolicyError("Choose a member, or name who sits on the committee.")


def check_can_end(seat: CommitteeSeat, *, sits_until: date) -> None:
    """Raise PolicyError unless a seat is held, and ends after it began."""
    if seat.sits_until is not None:
        raise PolicyError(f"The seat of {seat.name} ended on {day_text(seat.sits_until)} already.")
    if sits_until <= seat.sits_from:
        raise PolicyError(
            f"{seat.name} sits on the committee from {day_text(seat.sits_from)}. Give a later day."
        )


def check_can_disclose(*, interest: str, handling: str, disclosed_on: date, today: date) -> None:
    """Raise PolicyError unless a disclosure is of the past, and an interest is handled."""
    if disclosed_on > today:
        raise PolicyError(f"{day_text(disclosed_on)} has not come yet. Record it after that day.")
    if bool(interest) != bool(handling):
        raise PolicyError(
            "Say both what the interest is and what is done about it; leave both empty where "
            "there is nothing to disclose."
        )
