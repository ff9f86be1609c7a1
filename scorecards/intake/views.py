"""Pages of uploads."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from comanage.exports.tables import CSV_TYPE, Table, csv_bytes
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.jobs.kinds import JobKind
from comanage.jobs.queries import latest_job
from comanage.web.downloads import download
from comanage.web.errors import PolicyError
from scorecards.feeds.queries import visible_feeds
from scorecards.intake.actions import Parcel, receive_upload
from scorecards.intake.forms import UploadForm
from scorecards.intake.models import Slice
from scorecards.intake.queries import visible_uploads, years_counting


@requires(Permission.UPLOAD_SUBMIT)
def upload_submit(request: MemberRequest, tenant: str, feed_pk: UUID) -> HttpResponse:
    """Hand in a file."""
    feed = get_object_or_404(visible_feeds(request.actor), pk=feed_pk)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        parcel = Parcel(
            filename=given["file"].name,
            content=given["file"].file,
            period=given["period"],
            idempotency_key=given["idempotency_key"],
        )
        try:
            upload, is_new = receive_upload(feed=feed, parcel=parcel, by=request.actor)
        except PolicyError as broken:
            form.add_error(None, str(broken))
        else:
            if not is_new:
                messages.info(request, "This file was handed in before; nothing was added.")
            return redirect("scorecards:upload-detail", tenant, upload.pk)
    return render(request, "scorecards/intake/submit.html", {"form": form, "feed": feed})


@requires(Permission.FEED_VIEW)
def upload_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show what became of a file; the page asks again while the check runs."""
    upload = get_object_or_404(visible_uploads(request.actor), pk=pk)
    job = latest_job(JobKind.CHECK_UPLOAD, subject_id=upload.pk)
    template = "_outcome.html" if request.headers.get("HX-Request") else "detail.html"
    return render(
        request,
        f"scorecards/intake/{template}",
        {
            "upload": upload,
            "job": job,
            "findings": Paginator(upload.findings.all(), 50).get_page(request.GET.get("page")),
            "slice": Slice.objects.filter(upload=upload).first(),
            "years": years_counting(upload),
            "can_see_scorecards": request.actor.holds(Permission.SCORECARD_VIEW),
            "can_upload": request.actor.holds(Permission.UPLOAD_SUBMIT),
        },
    )


@requires(Permission.FEED_VIEW)
def findings_download(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Hand out all findings as CSV. Messages hold no value of an identifier."""
    upload = get_object_or_404(visible_uploads(request.actor), pk=pk)
    rows = upload.findings.values_list("row", "column", "code", "message")
    table = Table("findings", ("row", "column", "code", "message"), rows)
    return download(csv_bytes(table), filename=f"findings-{upload.pk}.csv", content_type=CSV_TYPE)
