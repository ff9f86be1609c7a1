"""Seating people on the committee, and recording what they disclosed."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agreements.governance.models import CommitteeSeat, Disclosure, Position
from agreements.governance.policies import check_can_be_seated, check_can_disclose, check_can_end
from agreements.participants.models import Physician
from agreements.programs.models import Program
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.models import Membership


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """Who sits on the committee, for whom, and from when; `membership` is None without one."""

    name: str
    organization: str
    position: Position
    is_outside_group: bool
    sits_from: date
    membership: Membership | None = None


@dataclass(frozen=True, slots=True)
class DisclosureFacts:
    """What somebody disclosed for a calendar year; both words are empty for nothing.

    Attributes:
        person: a physician, or a seat of the committee.
    """

    person: Physician | CommitteeSeat
    year: int
    disclosed_on: date
    interest: str = ""
    handling: str = ""


@transaction.atomic
def seat_on_committee(*, program: Program, facts: SeatFacts, by: Actor) -> CommitteeSeat:
    """Seat a person on the committee from a day on.

    Raises:
        PolicyError: they sit there already, or there is a chair.
    """
    program = Program.objects.select_for_update(of=("self",), no_key=True).get(pk=program.pk)
    name = facts.membership.user.name if facts.membership else facts.name.strip()
    still = Q(sits_until=None) | Q(sits_until__gt=facts.sits_from)
    check_can_be_seated(
        name=name,
        position=facts.position,
        sits_from=facts.sits_from,
        seats=CommitteeSeat.objects.filter(still, program=program),
    )
    seat = CommitteeSeat.objects.create(
        program=program,
        membership=facts.membership,
        name=name,
        organization=facts.organization,
        position=facts.position,
        is_outside_group=facts.is_outside_group,
        sits_from=facts.sits_from,
    )
    record_event(
        kind=EventKind.COMMITTEE_SEAT_GIVEN,
        subject=seat,
        by=by,
        program=program.name,
        position=facts.position,
        outside_group=facts.is_outside_group,
    )
    return seat


@transaction.atomic
def end_committee_seat(*, seat: CommitteeSeat, sits_until: date, by: Actor) -> CommitteeSeat:
    """Let a person leave the committee.

    Args:
        seat: still held.
        sits_until: the first day on which they no longer sit there.
        by: who records it.

    Raises:
        PolicyError: the seat ended already, or had not begun by then.
    """
    seat = CommitteeSeat.objects.select_for_update(no_key=True).get(pk=seat.pk)
    check_can_end(seat, sits_until=sits_until)
    seat.sits_until = sits_until
    seat.save(update_fields=["sits_until"])
    record_event(
        kind=EventKind.COMMITTEE_SEAT_ENDED, subject=seat, by=by, sits_until=sits_until.isoformat()
    )
    return seat


@transaction.atomic
def record_disclosure(*, facts: DisclosureFacts, today: date, by: Actor) -> Disclosure:
    """Record what somebody disclosed for a year. It is never edited; a newer one follows.

    Raises:
        PolicyError: the day has not come, or nobody says what is done about the interest.
    """
    interest, handling = facts.interest.strip(), facts.handling.strip()
    check_can_disclose(
        interest=interest, handling=handling, disclosed_on=facts.disclosed_on, today=today
    )
    person = facts.person
    disclosure = Disclosure.objects.create(
        physician=person if isinstance(person, Physician) else None,
        seat=person if isinstance(person, CommitteeSeat) else None,
        year=facts.year,
        has_interest=bool(interest),
        interest=interest,
        handling=handling,
        disclosed_on=facts.disclosed_on,
        recorded_at=timezone.now(),
        recorded_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.DISCLOSURE_RECORDED,
        subject=disclosure,
        by=by,
        year=facts.year,
        has_interest=disclosure.has_interest,
    )
    return disclosure
