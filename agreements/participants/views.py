"""Pages of participants and seats."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.credentials.models import License
from agreements.credentials.presenters import screening_standing
from agreements.credentials.queries import entity_searched, with_entities, with_searches
from agreements.governance.queries import disclosures_of, newest_of_year
from agreements.ownerships.presenters import read_ownerships
from agreements.participants.actions import add_participant, give_seat, part_with, take_seat
from agreements.participants.forms import LeaveForm, ParticipantForm, SeatForm
from agreements.participants.models import Participant, ProgramSeat
from agreements.participants.presenters import (
    Papers,
    attention,
    committee_lines,
    person_lines,
)
from agreements.programs.queries import visible_programs
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from comanage.web.posting import is_done, posted_only


@requires(Permission.PROGRAM_VIEW)
def people(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Show everybody of a program: physicians, owners, committee, and who sees it here."""
    program = get_object_or_404(with_entities(visible_programs(request.actor)), pk=program_pk)
    today, entity = request.tenant.today(), entity_searched(program)
    participants = list(with_searches(program.participants.all()))
    seats = list(program.committee.all())
    papers = Papers(
        _licenses(participants), newest_of_year(disclosures_of(program), today.year), today.year
    )
    there = [each for each in participants if each.left_on is None or each.left_on > today]
    gone = [each for each in participants if each not in there]
    sitting = [each for each in seats if each.sits_until is None or each.sits_until > today]
    context = {
        "program": program,
        "attention": attention(entity, participants, seats, today=today),
        "entity": screening_standing(entity, today=today),
        "people": person_lines(there, papers, today=today),
        "gone": person_lines(gone, papers, today=today),
        "ownerships": read_ownerships(program.group.ownerships.all(), today=today),
        "committee": committee_lines(sitting, papers, today=today),
        "former_seats": committee_lines(
            [each for each in seats if each not in sitting], papers, today=today
        ),
        "seats": program.seats.select_related("membership__user"),
        "can_edit": request.actor.holds(Permission.PROGRAM_EDIT),
        "can_record": request.actor.holds(Permission.CREDENTIAL_RECORD),
        "can_disclose": request.actor.holds(Permission.DISCLOSURE_RECORD),
    }
    return render(request, "agreements/participants/people.html", context)


def _licenses(participants: Iterable[Participant]) -> dict[UUID, list[License]]:
    found: dict[UUID, list[License]] = defaultdict(list)
    physicians = {each.physician_id for each in participants}
    for each in License.objects.filter(physician__in=physicians):
        found[each.physician_id].append(each)
    return found


@requires(Permission.PROGRAM_EDIT)
def participant_add(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Add a physician."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    form = ParticipantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            participant = add_participant(program=program, **form.cleaned_data, by=request.actor)
        except PolicyError as broken:
            form.add_error(broken.field or "npi", str(broken))
        else:
            messages.success(request, f"{participant} takes part from the day given.")
            return redirect("agreements:program-detail", tenant, program.pk)
    return render(request, "agreements/participants/add.html", {"form": form, "program": program})


@requires(Permission.PROGRAM_EDIT)
def participant_leave(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Let a physician leave."""
    participants = Participant.objects.select_related("physician", "program")
    participant = get_object_or_404(
        participants.filter(program__in=visible_programs(request.actor)), pk=pk
    )
    form = LeaveForm(request.POST or None)
    if is_done(
        request,
        form,
        lambda: part_with(participant=participant, by=request.actor, **form.cleaned_data),
        f"{participant.physician.name} leaves the program on the day given.",
    ):
        return redirect("agreements:people", tenant, participant.program_id)
    context = {"form": form, "participant": participant, "program": participant.program}
    return render(request, "agreements/participants/leave.html", context)


@requires(Permission.PROGRAM_EDIT)
def seat_give(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Give a member a seat."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    form = SeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            seat = give_seat(
                program=program, membership=form.cleaned_data["membership"], by=request.actor
            )
        except PolicyError as broken:
            form.add_error("membership", str(broken))
        else:
            messages.success(request, f"{seat} sees this program now.")
            return redirect("agreements:program-detail", tenant, program.pk)
    return render(request, "agreements/participants/seat.html", {"form": form, "program": program})


@requires(Permission.PROGRAM_EDIT)
@posted_only
def seat_take(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Take a member's seat back."""
    seats = ProgramSeat.objects.select_related("program", "membership__user")
    seat = get_object_or_404(seats.filter(program__in=visible_programs(request.actor)), pk=pk)
    take_seat(seat=seat, by=request.actor)
    messages.success(request, f"{seat.membership.user.name} no longer sees this program.")
    return redirect("agreements:people", tenant, seat.program_id)
