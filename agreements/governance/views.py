"""Pages of the committee's seats and of disclosures."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.governance.actions import (
    end_committee_seat,
    record_disclosure,
    seat_on_committee,
)
from agreements.governance.forms import CommitteeSeatForm, DisclosureForm, EndForm
from agreements.governance.queries import disclosures_of, visible_committee_seats
from agreements.programs.queries import visible_programs
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.posting import is_done


@requires(Permission.PROGRAM_EDIT)
def committee_seat_give(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Seat a person on the committee."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    form = CommitteeSeatForm(request.POST or None)
    if is_done(
        request,
        form,
        lambda: seat_on_committee(program=program, facts=form.facts(), by=request.actor),
        "The seat on the committee is given.",
    ):
        return redirect("agreements:people", tenant, program.pk)
    context = {"form": form, "program": program}
    return render(request, "agreements/governance/seat.html", context)


@requires(Permission.PROGRAM_EDIT)
def committee_seat_end(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Let a person leave the committee."""
    seat = get_object_or_404(visible_committee_seats(request.actor), pk=pk)
    form = EndForm(request.POST or None)
    if is_done(
        request,
        form,
        lambda: end_committee_seat(seat=seat, by=request.actor, **form.cleaned_data),
        f"{seat.name} leaves the committee on the day given.",
    ):
        return redirect("agreements:people", tenant, seat.program_id)
    context = {"form": form, "seat": seat, "program": seat.program}
    return render(request, "agreements/governance/end.html", context)


@requires(Permission.DISCLOSURE_RECORD)
def disclosure_list(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """List what a program's people disclosed, with what is done about it."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    context = {"program": program, "disclosures": disclosures_of(program)}
    return render(request, "agreements/governance/disclosures.html", context)


@requires(Permission.DISCLOSURE_RECORD)
def disclosure_record(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Record a disclosure."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    today = request.tenant.today()
    form = DisclosureForm(request.POST or None, program=program, today=today)
    if is_done(
        request,
        form,
        lambda: record_disclosure(facts=form.facts(), today=today, by=request.actor),
        "The disclosure is on record.",
    ):
        return redirect("agreements:disclosure-list", tenant, program.pk)
    context = {"form": form, "program": program}
    return render(request, "agreements/governance/disclose.html", context)
