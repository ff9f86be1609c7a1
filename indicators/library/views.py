"""Pages of the library."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from indicators.library.actions import adopt_indicator, save_version
from indicators.library.forms import DefinitionForm
from indicators.library.models import Indicator
from indicators.library.queries import current_versions, standard_indicators
from indicators.library.wording import definition_in_words


@requires(Permission.LIBRARY_VIEW)
def library(request: MemberRequest, tenant: str) -> HttpResponse:
    """List the hospital's indicators and the standard ones it could adopt."""
    return render(
        request,
        "indicators/library/list.html",
        {
            "versions": current_versions(),
            "standard": [item for item in standard_indicators() if not item.is_adopted],
            "can_edit": request.actor.holds(Permission.LIBRARY_EDIT),
        },
    )


@requires(Permission.LIBRARY_EDIT)
@require_POST
def indicator_adopt(request: MemberRequest, tenant: str, slug: str) -> HttpResponse:
    """Adopt a standard indicator."""
    try:
        version = adopt_indicator(slug=slug, by=request.actor)
    except LookupError as absent:
        raise Http404 from absent
    except PolicyError as broken:
        messages.error(request, str(broken))
        return redirect("indicators:library", tenant)
    messages.success(request, f"{version.indicator.title} is in the library now.")
    return redirect("indicators:indicator-detail", tenant, version.indicator_id)


@requires(Permission.LIBRARY_VIEW)
def indicator_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show an indicator in words and in criteria, with its versions."""
    indicator = get_object_or_404(Indicator, pk=pk)
    versions = list(indicator.versions.select_related("created_by"))
    definition = versions[0].definition
    return render(
        request,
        "indicators/library/detail.html",
        {
            "indicator": indicator,
            "versions": versions,
            "definition": definition,
            "parts": definition_in_words(definition),
            "can_edit": request.actor.holds(Permission.LIBRARY_EDIT),
        },
    )


@requires(Permission.LIBRARY_EDIT)
def indicator_edit(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Write the next version."""
    indicator = get_object_or_404(Indicator, pk=pk)
    last = indicator.versions.latest("number")
    form = DefinitionForm(request.POST or None, definition=last.definition)
    if request.method == "POST" and form.is_valid():
        try:
            version = save_version(
                indicator=indicator, definition=form.definition, by=request.actor
            )
        except PolicyError as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, f"Saved as version {version.number}.")
            return redirect("indicators:indicator-detail", tenant, indicator.pk)
    return render(request, "indicators/library/edit.html", {"form": form, "indicator": indicator})
