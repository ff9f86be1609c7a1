"""The page on which the owners of a group are recorded."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.ownerships.actions import record_ownership
from agreements.ownerships.forms import OwnershipForm
from agreements.programs.queries import visible_programs
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.posting import is_done


@requires(Permission.PROGRAM_EDIT)
def ownership_record(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Record who owns a program's group from a day on."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    form = OwnershipForm(request.POST or None, program=program)
    if is_done(
        request,
        form,
        lambda: record_ownership(group=program.group, facts=form.facts(), by=request.actor),
        "The owners are on record.",
    ):
        return redirect("agreements:people", tenant, program.pk)
    context = {"form": form, "program": program}
    return render(request, "agreements/ownerships/record.html", context)
