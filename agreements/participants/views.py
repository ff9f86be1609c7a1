"""Pages of participants and seats."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.participants.actions import add_participant, give_seat
from agreements.participants.forms import ParticipantForm, SeatForm
from agreements.programs.queries import visible_programs
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError


@requires(Permission.PROGRAM_EDIT)
def participant_add(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Add a physician."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    form = ParticipantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            participant = add_participant(program=program, **form.cleaned_data, by=request.actor)
        except PolicyError as broken:
            form.add_error("npi", str(broken))
        else:
            messages.success(request, f"{participant} takes part from the day given.")
            return redirect("agreements:program-detail", tenant, program.pk)
    return render(request, "agreements/participants/add.html", {"form": form, "program": program})


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
