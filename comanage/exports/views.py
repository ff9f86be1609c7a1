"""The page of exports."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from comanage.exports.actions import ask_for_export, note_export_download
from comanage.exports.models import TenantExport
from comanage.exports.presenters import read_export
from comanage.exports.queries import exports_of, failed_exports
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.vault.files import unlock
from comanage.web.downloads import download_file
from comanage.web.errors import PolicyError
from comanage.web.posting import or_say_why, posted_only


@requires(Permission.TENANT_EXPORT)
def export_list(request: MemberRequest, tenant: str) -> HttpResponse:
    """List a person's exports; the list asks again while one is being made."""
    exports = exports_of(request.actor.user_id)
    failed = failed_exports(exports)
    readings = [read_export(export, is_failed=export.pk in failed) for export in exports]
    template = "_list.html" if request.headers.get("HX-Request") else "list.html"
    return render(
        request,
        f"exports/{template}",
        {
            "readings": readings,
            "is_pending": any(reading.is_pending for reading in readings),
            "sees_cases": request.actor.holds(Permission.CASES_VIEW),
        },
    )


@requires(Permission.TENANT_EXPORT)
@posted_only
def export_ask(request: MemberRequest, tenant: str) -> HttpResponse:
    """Ask for an export."""
    with or_say_why(request):
        ask_for_export(by=request.actor)
    return redirect("web:export-list", tenant)


@requires(Permission.TENANT_EXPORT)
def export_download(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Hand out an archive to who asked for it; each download is an event."""
    export = get_object_or_404(TenantExport.objects.select_related("file"), pk=pk)
    try:
        note_export_download(export=export, by=request.actor)
    except PolicyError as broken:
        messages.error(request, str(broken))
        return redirect("web:export-list", tenant)
    (file,) = unlock([export.file.name if export.file else ""])
    return download_file(
        file,
        filename=f"{tenant}-export-{export.asked_at:%Y-%m-%d}.zip",
        content_type="application/zip",
    )
