"""Pages of uploads."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from comanage.exports.tables import CSV_TYPE, Table, csv_bytes
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.downloads import download
from comanage.web.errors import PolicyError, errors_in_words
from comanage.web.posting import or_say_why, posted_only
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import spec_of, visible_feeds
from scorecards.intake.actions import Parcel, Wishes, cancel_upload, receive_upload
from scorecards.intake.forms import LayoutForm, LookForm, UploadForm
from scorecards.intake.looking import look_at, needed_layout
from scorecards.intake.models import Upload
from scorecards.intake.pages import show_upload
from scorecards.intake.queries import closed_periods, visible_uploads
from scorecards.intake.reading import UnreadableError
from scorecards.intake.spec import SpecError
from scorecards.parts.queries import unfinished
from scorecards.restatements.actions import send_restatement


@requires(Permission.UPLOAD_SUBMIT)
def upload_submit(request: MemberRequest, tenant: str, feed_pk: UUID) -> HttpResponse:
    """Hand in a file."""
    feed = get_object_or_404(visible_feeds(request.actor), pk=feed_pk)
    closed = closed_periods(feed)
    form = UploadForm(request.POST or None, request.FILES or None, closed=closed)
    layout = LayoutForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and layout.is_valid():
        try:
            upload, is_new = _receive(request, feed, form, layout)
        except PolicyError as broken:
            form.add_error(None, str(broken))
        else:
            if not is_new:
                messages.info(request, "This file was handed in before; nothing was added.")
            return redirect("scorecards:upload-detail", tenant, upload.pk)
    elif layout.errors:
        form.add_error(None, errors_in_words(layout))
    said = {"layout": layout} if layout.is_said else {}
    return _show_form(request, feed, form, closed=closed, **said)


@requires(Permission.UPLOAD_SUBMIT)
@posted_only
def upload_preview(request: MemberRequest, tenant: str, feed_pk: UUID) -> HttpResponse:
    """Show a file before it is sent; nothing of it is stored."""
    feed = get_object_or_404(visible_feeds(request.actor), pk=feed_pk)
    form, layout = LookForm(request.POST, request.FILES), LayoutForm(request.POST)
    shown: dict[str, Any] = {"feed": feed}
    if form.is_valid() and layout.is_valid():
        file = form.cleaned_data["file"]
        try:
            look = look_at(file.file, file.name, spec_of(feed), layout.choice)
        except (UnreadableError, SpecError) as wrong:
            shown["refusal"] = str(wrong)
        else:
            shown |= {"look": look, "layout": LayoutForm.beside(look) if look.has_layout else None}
    else:
        shown["refusal"] = "Choose a file first, and give a row of the header that it can have."
    if request.headers.get("HX-Request"):
        return render(request, "scorecards/intake/_look.html", shown)
    closed = closed_periods(feed)
    again = UploadForm(initial=request.POST.dict(), closed=closed)
    return _show_form(request, form=again, closed=closed, is_file_gone=True, **shown)


def _show_form(
    request: MemberRequest, feed: Feed, form: UploadForm, **shown: object
) -> HttpResponse:
    context = {
        "form": form,
        "feed": feed,
        "unfinished": unfinished(feed, request.actor, now=timezone.now()),
        "whole_bytes": settings.UPLOAD_MAX_BYTES,
        "part_bytes": settings.UPLOAD_PART_BYTES,
        **shown,
    }
    return render(request, "scorecards/intake/submit.html", context)


def _receive(
    request: MemberRequest, feed: Feed, form: UploadForm, layout: LayoutForm
) -> tuple[Upload, bool]:
    given = form.cleaned_data
    file = given["file"]
    parcel = Parcel(
        filename=file.name,
        content=file.file,
        period=given["period"],
        idempotency_key=given["idempotency_key"],
        wishes=Wishes(form=needed_layout(file.file, file.name, spec_of(feed), layout.layout)),
    )
    reason = given.get("restatement_reason", "")
    if reason:
        return send_restatement(feed=feed, parcel=parcel, reason=reason, by=request.actor)
    return receive_upload(feed=feed, parcel=parcel, by=request.actor)


@requires(Permission.FEED_VIEW)
def upload_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show what became of a file; the page asks again while the check runs."""
    upload = get_object_or_404(visible_uploads(request.actor), pk=pk)
    return show_upload(request, upload)


@requires(Permission.UPLOAD_SUBMIT)
@posted_only
def upload_cancel(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Take a file back before it counts."""
    upload = get_object_or_404(visible_uploads(request.actor), pk=pk)
    with or_say_why(request):
        cancel_upload(upload=upload, by=request.actor)
        messages.success(request, "Cancelled. Nothing of the file counts.")
    return redirect("scorecards:upload-detail", tenant, upload.pk)


@requires(Permission.FEED_VIEW)
def findings_download(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Hand out all findings as CSV, with values to whoever may send files."""
    upload = get_object_or_404(visible_uploads(request.actor), pk=pk)
    names: tuple[str, ...] = ("severity", "row", "column", "code", "message")
    if request.actor.holds(Permission.UPLOAD_SUBMIT):
        names = (*names, "value")
    table = Table("findings", names, upload.findings.values_list(*names))
    return download(csv_bytes(table), filename=f"findings-{upload.pk}.csv", content_type=CSV_TYPE)
