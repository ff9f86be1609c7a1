"""Pages of opinions."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.programs.queries import visible_programs
from agreements.valuations.actions import file_opinion
from agreements.valuations.forms import OpinionForm
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError


@requires(Permission.PROGRAM_EDIT)
def opinion_file(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """File an opinion."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            file_opinion(program=program, facts=form.facts(), by=request.actor)
        except PolicyError as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, "The opinion is on file and caps what the terms may pay.")
            return redirect("agreements:program-detail", tenant, program.pk)
    return render(request, "agreements/valuations/file.html", {"form": form, "program": program})
