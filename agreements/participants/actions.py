"""Who takes part in a program."""

from datetime import date

from django.db import transaction

from agreements.participants.models import Participant, Physician, ProgramSeat
from agreements.participants.policies import check_can_join, check_can_leave, check_can_sit
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
        PolicyError: the NPI's check digit is wrong, or the physician takes part on that day.
    """
    before = Participant.objects.filter(program=program, physician__npi=npi)
    check_can_join(npi=npi, joined_on=joined_on, before=before)
    physician, _ = Physician.objects.get_or_create(
        npi=npi, defaults={"name": name, "specialty": specialty}
    )
    participant = Participant.objects.create(
        program=program, physician=physician, joined_on=joined_on
    )
    record_event(kind=EventKind.PARTICIPANT_ADDED, subject=participant, by=by, program=program.name)
    return participant


@transaction.atomic
def part_with(*, participant: Participant, left_on: date, by: Actor) -> Participant:
    """Let a physician leave a program; terms that are locked keep the days they were signed with.

    Args:
        participant: their days in the program.
        left_on: the first day on which they no longer take part.
        by: who records it.

    Raises:
        PolicyError: they left already, or never joined by then.
    """
    locked = Participant.objects.select_related("physician", "program").select_for_update(
        of=("self",), no_key=True
    )
    participant = locked.get(pk=participant.pk)
    check_can_leave(participant, left_on=left_on)
    participant.left_on = left_on
    participant.save(update_fields=["left_on"])
    record_event(
        kind=EventKind.PARTICIPANT_LEFT,
        subject=participant,
        by=by,
        program=participant.program.name,
        left_on=left_on.isoformat(),
    )
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


@transaction.atomic
def take_seat(*, seat: ProgramSeat, by: Actor) -> None:
    """Take a seat back: whoever held it no longer sees the program."""
    record_event(kind=EventKind.SEAT_TAKEN, subject=seat, by=by, program=seat.program.name)
    seat.delete()
