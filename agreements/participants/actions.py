"""Who takes part in a program."""

from datetime import date

from django.db import transaction

from agreements.participants.models import Participant, Physician, ProgramSeat
from agreements.participants.policies import (
    check_can_join,
    check_can_leave,
    check_can_sit,
    check_joins_ahead,
)
from agreements.programs.models import Program
from agreements.terms.models import MeasurementYear, YearStatus
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.models import Membership
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id


@transaction.atomic
def add_participant(
    *, program: Program, npi: str, name: str, specialty: str, joined_on: date, by: Actor
) -> Participant:
    """Add a physician to a program from a day on; the NPI finds one the hospital knows.

    Raises:
        PolicyError: the NPI's check digit is wrong, the physician takes part on that day, or it is
            over in a year whose terms are locked.
    """
    before = Participant.objects.filter(program=program, physician__npi=npi)
    check_can_join(npi=npi, joined_on=joined_on, before=before)
    check_joins_ahead(joined_on, _held_years(program), today=_today())
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
    """Let a physician leave a program, from a day on that may be over.

    Terms that are locked stay as they were signed; the snapshot of their year takes the days.

    Args:
        participant: their days in the program.
        left_on: the first day on which they no longer take part.
        by: who records it.

    Raises:
        PolicyError: they left already, never joined by then, or a year that is frozen counts later
            days of theirs.
    """
    locked = Participant.objects.select_related("physician", "program").select_for_update(
        of=("self",), no_key=True
    )
    participant = locked.get(pk=participant.pk)
    years = _held_years(participant.program)
    frozen = [year for year in years if year.status == YearStatus.CLOSED]
    check_can_leave(participant, left_on=left_on, frozen=frozen)
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


def _held_years(program: Program) -> list[MeasurementYear]:
    """Hold the program's years, so that none is locked or frozen meanwhile; list the signed."""
    years = MeasurementYear.objects.select_for_update(no_key=True).filter(program=program)
    return [year for year in years.order_by("pk") if not year.is_draft]


def _today() -> date:
    return Tenant.objects.get(pk=active_tenant_id()).today()
