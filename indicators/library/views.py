"""Pages that show the library: lists, one indicator, what changed between its versions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode

from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from comanage.web.posting import posted_only
from indicators.library.actions import adopt_indicator
from indicators.library.changes import changes_between
from indicators.library.forms import LibraryFilterForm
from indicators.library.models import Indicator, IndicatorVersion
from indicators.library.presenters import Line, definition_page
from indicators.library.queries import library_versions, standard_indicator, standard_indicators
from indicators.measure.definition import Definition

ON_A_PAGE = 25


@requires(Permission.LIBRARY_VIEW)
def library(request: MemberRequest, tenant: str) -> HttpResponse:
    """List the hospital's own indicators."""
    found = LibraryFilterForm(request.GET)
    page = _page_of(request, library_versions(found.wanted))
    lines = [Line(version.definition, version.indicator, version) for version in page]
    return _list(request, "indicators/library/list.html", found, page, lines)


@requires(Permission.LIBRARY_VIEW)
def catalogue(request: MemberRequest, tenant: str) -> HttpResponse:
    """List the standard indicators, and which of them the hospital has taken up."""
    found = LibraryFilterForm(request.GET)
    page = _page_of(request, standard_indicators(found.wanted))
    lines = [Line(item.definition, item.adopted) for item in page]
    return _list(request, "indicators/library/catalogue.html", found, page, lines)


def _page_of(request: MemberRequest, items: list[Any]) -> Page[Any]:
    return Paginator(items, ON_A_PAGE).get_page(request.GET.get("page"))


def _list(
    request: MemberRequest,
    template: str,
    found: LibraryFilterForm,
    page: Page[Any],
    lines: list[Line],
) -> HttpResponse:
    asked = {name: str(request.GET[name]) for name in found.fields if request.GET.get(name)}
    return render(
        request,
        template,
        {
            "filter": found,
            "is_filtered": bool(asked),
            "query": f"{urlencode(asked)}&" if asked else "",
            "page": page,
            "lines": lines,
            "can_edit": request.actor.holds(Permission.LIBRARY_EDIT),
        },
    )


@requires(Permission.LIBRARY_VIEW)
def standard_detail(request: MemberRequest, tenant: str, slug: str) -> HttpResponse:
    """Show a standard indicator before it is adopted."""
    try:
        standard = standard_indicator(slug)
    except LookupError as absent:
        raise Http404 from absent
    return _detail(request, "standard", standard.definition, standard=standard)


@requires(Permission.LIBRARY_EDIT)
@posted_only
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
    """Show one version of an indicator, the newest unless another is asked for."""
    indicator = get_object_or_404(Indicator, pk=pk)
    versions = list(indicator.versions.select_related("created_by"))
    shown = _version(versions, request.GET.get("version"), versions[0])
    return _detail(
        request,
        "detail",
        shown.definition,
        indicator=indicator,
        versions=versions,
        shown=shown,
        is_newest=shown is versions[0],
    )


@requires(Permission.LIBRARY_VIEW)
def indicator_changes(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show what differs between two versions, by default the last two."""
    indicator = get_object_or_404(Indicator, pk=pk)
    versions = list(indicator.versions.select_related("created_by"))
    after = _version(versions, request.GET.get("to"), versions[0])
    before = _version(versions, request.GET.get("from"), versions[min(1, len(versions) - 1)])
    return render(
        request,
        "indicators/library/changes.html",
        {
            "indicator": indicator,
            "versions": versions,
            "before": before,
            "after": after,
            "changes": changes_between(before.definition, after.definition),
        },
    )


def _detail(
    request: MemberRequest, page: str, definition: Definition, **context: Any
) -> HttpResponse:
    shown = definition_page(definition, today=request.tenant.today())
    return render(
        request,
        f"indicators/library/{page}.html",
        {
            "definition": definition,
            "shown_as": shown,
            "can_edit": request.actor.holds(Permission.LIBRARY_EDIT),
            **context,
        },
    )


def _version(
    versions: list[IndicatorVersion], number: str | None, otherwise: IndicatorVersion
) -> IndicatorVersion:
    """Find the version of a number; a number that is none is a page that does not exist."""
    if number is None:
        return otherwise
    for version in versions:
        if str(version.number) == number:
            return version
    raise Http404
