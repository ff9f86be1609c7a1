"""Who takes part in a program."""

from datetime import date

from django.db import transaction

from agreements.participants.models import Participant, Physician, ProgramSeat
from agreements.participants.policies import check_can_join, check_can_sit
from agreements.programs.models import Program
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.models import Membership


@transaction.atomic
def add_participant(
    *, program: Program, npi: str, name: str, specialty: str, joined_on: date, by: Actor
) -> Participant:
    """Add a physician to a program from a day on; the NPI finds one the hospital knows.

    Raises:
        PolicyError: the NPI's check digit is wrong, or the physician takes part already.
    """
    taking_part = Participant.objects.filter(program=program, physician__npi=npi, left_on=None)
    check_can_join(npi=npi, takes_part=taking_part.exists())
    physician, _ = Physician.objects.get_or_create(
        npi=npi, defaults={"name": name, "specialty": specialty}
    )
    participant = Participant.objects.create(
        program=program, physician=physician, joined_on=joined_on
    )
    record_event(kind=EventKind.PARTICIPANT_ADDED, subject=participant, by=by, program=program.name)
    return participant


@transaction.atomic
def give_seat(*, program: Program, membership: Membership, by: Actor) -> ProgramSeat:
    """Let a member see a program that is shown to seat holders only.

    Raises:
        PolicyError: they hold a seat already.
    """
    held = ProgramSeat.objects.filter(program=program, membership=membership)
    check_can_sit(holds_seat=held.exists(), member=membership.user.name)
    seat = ProgramSeat.objects.create(program=program, membership=membership)
    record_event(kind=EventKind.SEAT_GIVEN, subject=seat, by=by, program=program.name)
    return seat
