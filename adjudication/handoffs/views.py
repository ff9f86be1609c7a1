"""Doors of the batches for accounts payable; they stand on the page of the ledger."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from adjudication.handoffs import actions
from adjudication.handoffs.handover import csv_of, layout_of
from adjudication.handoffs.queries import visible_handoffs
from agreements.programs.queries import visible_programs
from comanage.exports.tables import CSV_TYPE
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.downloads import download
from comanage.web.posting import or_say_why, posted_only


@requires(Permission.PAYMENT_RECORD)
@posted_only
def handoff_make(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Make a batch of what is to be paid."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    with or_say_why(request):
        handoff = actions.make_handoff(program=program, by=request.actor)
        messages.success(
            request,
            f"Batch {handoff.number} of {handoff.total} is made. Download it for accounts payable.",
        )
    return redirect("adjudication:ledger", tenant, program.pk)


@requires(Permission.ADJUDICATION_VIEW)
@require_GET
def handoff_csv(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Download a batch as a table."""
    handoff = get_object_or_404(visible_handoffs(request.actor), pk=pk)
    content = csv_of(handoff, list(handoff.lines.all()))
    actions.note_handoff_download(handoff=handoff, sha256=handoff.csv_sha256, by=request.actor)
    name = f"batch-{handoff.number:05d}.csv"
    return download(content, filename=name, content_type=CSV_TYPE)


@requires(Permission.ADJUDICATION_VIEW)
@require_GET
def handoff_layout(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Download a batch as vouchers between a head and a tail."""
    handoff = get_object_or_404(visible_handoffs(request.actor), pk=pk)
    content = layout_of(handoff, list(handoff.lines.all()))
    actions.note_handoff_download(handoff=handoff, sha256=handoff.layout_sha256, by=request.actor)
    name = f"batch-{handoff.number:05d}-vouchers.csv"
    return download(content, filename=name, content_type=CSV_TYPE)
