"""When somebody may take part."""

from agreements.participants.npi import is_npi
from comanage.web.errors import PolicyError


def check_can_join(*, npi: str, takes_part: bool) -> None:
    """Raise PolicyError unless the NPI is valid and new to the program."""
    if not is_npi(npi):
        raise PolicyError(
            f"{npi} is not a valid NPI: its check digit does not fit. Copy all ten digits."
        )
    if takes_part:
        raise PolicyError(f"The physician with NPI {npi} takes part in this program already.")


def check_can_sit(*, holds_seat: bool, member: str) -> None:
    """Raise PolicyError when the member holds a seat already."""
    if holds_seat:
        raise PolicyError(f"{member} holds a seat in this program already.")
