"""The page of how the group divides its pay."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.allocations.actions import agree_allocation, withdraw_allocation
from agreements.allocations.forms import AllocationForm
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.posting import is_done, or_say_why, posted_only


@requires(Permission.PROGRAM_EDIT)
def allocation_agree(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Say in a draft how the group divides what it is paid."""
    year = get_object_or_404(visible_years(request.actor), pk=pk)
    form = AllocationForm(request.POST or None, year=year)
    if is_done(
        request,
        form,
        lambda: agree_allocation(year=year, terms=form.terms(), by=request.actor),
        "The division of the pay is in the terms.",
    ):
        return redirect("agreements:year-detail", tenant, year.pk)
    return render(request, "agreements/allocations/agree.html", {"form": form, "year": year})


@requires(Permission.PROGRAM_EDIT)
@posted_only
def allocation_withdraw(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Leave the division to the group."""
    year = get_object_or_404(visible_years(request.actor), pk=pk)
    with or_say_why(request):
        withdraw_allocation(year=year, by=request.actor)
        messages.success(request, "The division is out of the terms.")
    return redirect("agreements:year-detail", tenant, year.pk)
