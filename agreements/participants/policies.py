"""When somebody may take part, and when they may leave."""

from collections.abc import Iterable
from datetime import date

from agreements.participants.models import Participant
from agreements.participants.npi import is_npi
from agreements.terms.models import MeasurementYear
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


def check_joins_ahead(joined_on: date, signed: Iterable[MeasurementYear], *, today: date) -> None:
    """Raise PolicyError when somebody would join signed terms for days that are over.

    Args:
        joined_on: the first day.
        signed: the program's years whose terms are locked.
        today: at the hospital.

    Source:
        Agreement, "Participating Physicians": a physician joins in writing, for the future only.
    """
    for year in signed:
        days = year.in_effect
        if days is not None and max(joined_on, days.start) < min(today, days.end):
            raise PolicyError(
                f"The terms for {days} are locked with those who took part, and a physician joins "
                f"them for the future only. Give today, {day_text(today)}, or a later day.",
                field="joined_on",
            )


def check_can_leave(
    participant: Participant, *, left_on: date, frozen: Iterable[MeasurementYear]
) -> None:
    """Raise PolicyError unless somebody takes part, leaves after they joined, and no year is torn.

    Args:
        participant: their days in the program.
        left_on: the first day on which they no longer take part; it may be long over, since one
            hears of it later.
        frozen: the program's years that are frozen.
    """
    if participant.left_on is not None:
        raise PolicyError(
            f"{participant.physician.name} left on {day_text(participant.left_on)} already."
        )
    if left_on <= participant.joined_on:
        raise PolicyError(
            f"{participant.physician.name} joined on {day_text(participant.joined_on)}. Give a "
            f"later day."
        )
    for year in frozen:
        if left_on < year.pay_ends_on:
            raise PolicyError(
                f"The year {year.in_effect or year.period} is frozen with "
                f"{participant.physician.name} taking part to its end. Give "
                f"{day_text(year.pay_ends_on)} or later; or, while it is being signed, have it "
                f"returned for changes first.",
                field="left_on",
            )


def check_can_sit(*, holds_seat: bool, member: str) -> None:
    """Raise PolicyError when the member holds a seat already."""
    if holds_seat:
        raise PolicyError(f"{member} holds a seat in this program already.")
