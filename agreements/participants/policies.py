"""When somebody may take part, and when they may leave."""

from collections.abc import Iterable
from datetime import date

from agreements.participants.models import Participant
from agreements.participants.npi import is_npi
from comanage.values.period import day_text
from comanage.web.errors import PolicyError


def check_can_join(*, npi: str, joined_on: date, before: Iterable[Participant]) -> None:
    """Raise PolicyError unless the NPI is valid and its days in the program are over by then.

    Args:
        npi: as typed.
        joined_on: the first day.
        before: their days in the program so far.
    """
    if not is_npi(npi):
        raise PolicyError(
            f"{npi} is not a valid NPI: its check digit does not fit. Copy all ten digits."
        )
    for each in before:
        if each.left_on is None:
            raise PolicyError(f"The physician with NPI {npi} takes part in this program already.")
        if joined_on < each.left_on:
            raise PolicyError(
                f"The physician with NPI {npi} took part until {day_text(each.left_on)}. They can "
                f"join again from that day on."
            )


def check_can_leave(participant: Participant, *, left_on: date) -> None:
    """Raise PolicyError unless somebody takes part, and leaves after they joined."""
    if participant.left_on is not None:
        raise PolicyError(
            f"{participant.physician.name} left on {day_text(participant.left_on)} already."
        )
    if left_on <= participant.joined_on:
        raise PolicyError(
            f"{participant.physician.name} joined on {day_text(participant.joined_on)}. Give a "
            f"later day."
        )


def check_can_sit(*, holds_seat: bool, member: str) -> None:
    """Raise PolicyError when the member holds a seat already."""
    if holds_seat:
        raise PolicyError(f"{member} holds a seat in this program already.")
