"""The people of a program on its way: licenses, searches, owners, committee, disclosures.

Each stands there from the day on which the workplan calls its task done. The searches are older
than a month by now, so that the rules hold the agreement until somebody looks again.
"""

from datetime import date, timedelta
from fractions import Fraction

from agreements.credentials.actions import SearchFacts, record_license, record_screenings
from agreements.credentials.models import ExclusionList, ScreeningOutcome
from agreements.governance.actions import (
    DisclosureFacts,
    SeatFacts,
    record_disclosure,
    seat_on_committee,
)
from agreements.governance.models import CommitteeSeat, Position
from agreements.ownerships.actions import OwnershipFacts, Share, record_ownership
from agreements.ownerships.models import EntityKind
from agreements.participants.models import Physician
from agreements.participants.queries import physicians_of
from agreements.programs.models import Program
from agreements.workplans.models import Workplan
from comanage.demo.build import member
from comanage.identity.actor import Actor
from comanage.identity.models import Membership
from comanage.identity.roles import Role

STATE, A_YEAR = "IL", timedelta(days=365)
OPERATING_AGREEMENT = "Operating agreement of the company, schedule of members"
OUTSIDER = ("Dr. Lena Hoffmann", "Anesthesiology, independent of the group")
CHAIR = "Dr. Nora Lindqvist"
ROSTER, DISCLOSED, SEATED = (
    "Name the physicians",
    "Collect ownership and disclosures",
    "Seat the governing committee",
)


def record_people(program: Program, plan: Workplan, *, today: date, by: Actor) -> None:
    """Record of a program's people what its workplan calls done, each on the day it says."""
    done = {task.title: task.done_on for task in plan.tasks.all() if task.done_on}
    physicians = physicians_of(program)
    _look_up(program, physicians, done[ROSTER], today=today)
    _own(program, physicians, done[DISCLOSED], by=by)
    seats = _seat(program, done[SEATED], by=by)
    people: list[Physician | CommitteeSeat] = [*physicians, *seats]
    compliance = member(Role.COMPLIANCE)
    for person in people:
        facts = DisclosureFacts(person, today.year, done[DISCLOSED])
        record_disclosure(facts=facts, today=today, by=compliance)


def _look_up(program: Program, physicians: list[Physician], day: date, *, today: date) -> None:
    by = member(Role.COMPLIANCE)
    for physician in physicians:
        record_license(
            physician=physician,
            state=STATE,
            number=f"036-{physician.npi[-6:]}",
            valid_until=today + 2 * A_YEAR,
            by=by,
        )
    facts = SearchFacts(tuple(ExclusionList), day, ScreeningOutcome.CLEAR, with_group=True)
    record_screenings(program=program, physicians=physicians, facts=facts, today=today, by=by)


def _own(program: Program, physicians: list[Physician], day: date, *, by: Actor) -> None:
    """Let each of the physicians own the same part of the company."""
    part = Fraction(1, len(physicians))
    facts = OwnershipFacts(
        entity=EntityKind.MANAGEMENT_COMPANY,
        effective_from=day,
        shares=[Share(each.name, part, each.npi) for each in physicians],
        source=OPERATING_AGREEMENT,
    )
    record_ownership(group=program.group, facts=facts, by=by)


def _seat(program: Program, day: date, *, by: Actor) -> list[CommitteeSeat]:
    """Seat a physician as chair, one of the hospital, and one whom neither pays for it."""
    executive = Membership.objects.select_related("user", "tenant").get(role=Role.EXECUTIVE)
    hospital = executive.tenant.name
    seats = (
        SeatFacts(CHAIR, program.group.name, Position.CHAIR, is_outside_group=False, sits_from=day),
        SeatFacts(
            executive.user.name,
            hospital,
            Position.MEMBER,
            is_outside_group=True,
            sits_from=day,
            membership=executive,
        ),
        SeatFacts(*OUTSIDER, Position.MEMBER, is_outside_group=True, sits_from=day),
    )
    return [seat_on_committee(program=program, facts=each, by=by) for each in seats]
