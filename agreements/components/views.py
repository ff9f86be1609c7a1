"""Pages of the parts of the pay."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.components.actions import agree_component, withdraw_component
from agreements.components.forms import FORMS
from agreements.components.models import ComponentKind, PayComponent
from agreements.components.policies import kinds_that_fit
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.posting import is_done, or_say_why, posted_only


@requires(Permission.PROGRAM_EDIT)
def component_agree(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Add a part of the pay to a draft; `kind` in the address says which."""
    year = get_object_or_404(visible_years(request.actor), pk=pk)
    kinds = kinds_that_fit(year.program)
    kind = request.GET.get("kind", "")
    if kind not in kinds:
        kind = kinds[0].value
    form = FORMS[kind](request.POST or None, year=year)
    said = "The part of the pay is in the terms."
    if is_done(
        request,
        form,
        lambda: agree_component(year=year, terms=form.terms(), by=request.actor),
        said,
    ):
        return redirect("agreements:year-detail", tenant, year.pk)
    context = {
        "form": form,
        "year": year,
        "kind": ComponentKind(kind),
        "kinds": kinds,
    }
    return render(request, "agreements/components/agree.html", context)


@requires(Permission.PROGRAM_EDIT)
@posted_only
def component_withdraw(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Take a part of the pay out of a draft."""
    component = get_object_or_404(
        PayComponent.objects.filter(year__in=visible_years(request.actor)), pk=pk
    )
    with or_say_why(request):
        withdraw_component(component=component, by=request.actor)
        messages.success(request, f"“{component.label}” is out of the terms.")
    return redirect("agreements:year-detail", tenant, component.year_id)
