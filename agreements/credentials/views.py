"""Pages on which licenses and searches are recorded."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.credentials.actions import record_license, record_screenings
from agreements.credentials.forms import LicenseForm, ScreeningForm
from agreements.programs.queries import visible_programs
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.posting import is_done


@requires(Permission.CREDENTIAL_RECORD)
def license_record(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Put a license on record."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    form = LicenseForm(request.POST or None, program=program)
    if is_done(
        request,
        form,
        lambda: record_license(**form.facts(), by=request.actor),
        "The license is on record.",
    ):
        return redirect("agreements:people", tenant, program.pk)
    context = {"form": form, "program": program}
    return render(request, "agreements/credentials/license.html", context)


@requires(Permission.CREDENTIAL_RECORD)
def screening_record(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Record a search of the lists of excluded persons."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    today = request.tenant.today()
    form = ScreeningForm(request.POST or None, program=program, today=today)
    if is_done(
        request,
        form,
        lambda: record_screenings(
            program=program,
            physicians=form.looked_up(),
            facts=form.facts(),
            today=today,
            by=request.actor,
        ),
        "The search is on record.",
    ):
        return redirect("agreements:people", tenant, program.pk)
    context = {"form": form, "program": program}
    return render(request, "agreements/credentials/screening.html", context)
