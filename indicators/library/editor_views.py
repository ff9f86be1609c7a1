"""Pages that write in the library, and what the editor asks while a criterion is written."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from comanage.web.posting import posted_only
from indicators.library import builder
from indicators.library.actions import create_indicator, save_version
from indicators.library.editor import NEW, Editor
from indicators.library.models import Indicator, IndicatorVersion
from indicators.library.policies import SavedMeanwhileError


@requires(Permission.LIBRARY_EDIT)
def indicator_edit(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Write the next version."""
    indicator = get_object_or_404(Indicator, pk=pk)
    last = indicator.versions.latest("number")
    editor = Editor(_given(request), document=last.document, is_new=False)
    based_on = _number(request.POST.get("based_on"), last.number)
    if editor.is_valid():
        try:
            version = save_version(
                indicator=indicator,
                definition=editor.definition,
                based_on=based_on,
                by=request.actor,
            )
        except SavedMeanwhileError as broken:
            editor.refuse(broken)
            context = {"theirs": broken.number, "yours": based_on, "based_on": broken.number}
            return _page(request, editor, indicator=indicator, **context)
        except PolicyError as broken:
            editor.refuse(broken)
        else:
            messages.success(request, f"Saved as version {version.number}.")
            return redirect("indicators:indicator-detail", tenant, indicator.pk)
    return _page(request, editor, indicator=indicator, based_on=based_on)


@requires(Permission.LIBRARY_EDIT)
def indicator_create(request: MemberRequest, tenant: str) -> HttpResponse:
    """Write an indicator from scratch."""
    return _create(request, document=NEW)


@requires(Permission.LIBRARY_EDIT)
def indicator_copy(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Write an indicator that begins as a copy of another."""
    original = get_object_or_404(Indicator, pk=pk).versions.latest("number")
    document = {name: value for name, value in original.document.items() if name != "slug"}
    document["title"] = f"Copy of {document['title']}"[:160]
    return _create(request, document=document, copied_from=original)


@requires(Permission.LIBRARY_EDIT)
@posted_only
def criterion_read(request: MemberRequest, tenant: str) -> HttpResponse:
    """Read a criterion that is being written, as text or as a tree; what is wrong is an answer."""
    columns = builder.columns_from_json(request.POST.get("columns", ""))
    if "tree" in request.POST:
        return JsonResponse(builder.read_tree(request.POST["tree"], columns))
    is_number = request.POST.get("kind") == "number"
    text = request.POST.get("text", "").strip()
    return JsonResponse(builder.read_text(text, columns, is_number=is_number))


def _create(
    request: MemberRequest,
    *,
    document: Mapping[str, Any],
    copied_from: IndicatorVersion | None = None,
) -> HttpResponse:
    editor = Editor(_given(request), document=document, is_new=True)
    if editor.is_valid():
        try:
            version = create_indicator(
                definition=editor.definition, copied_from=copied_from, by=request.actor
            )
        except PolicyError as broken:
            editor.refuse(broken)
        else:
            messages.success(request, f"{version.indicator.title} is in the library now.")
            return redirect(
                "indicators:indicator-detail", request.tenant.slug, version.indicator_id
            )
    return _page(request, editor, copied_from=copied_from)


def _page(request: MemberRequest, editor: Editor, **context: Any) -> HttpResponse:
    return render(request, "indicators/library/edit.html", {"editor": editor, **context})


def _given(request: MemberRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _number(written: str | None, otherwise: int) -> int:
    return int(written) if written and written.isdecimal() and len(written) < 6 else otherwise
