"""Pages of Word files: a version taken away, and a file that comes back with edits."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify

from agreements.drafting.actions import note_version_copy
from agreements.drafting.document import from_document
from agreements.drafting.queries import visible_agreements, visible_versions
from agreements.negotiation import policies
from agreements.negotiation.actions import note_redline_copy
from agreements.negotiation.presenters import read_comments
from agreements.negotiation.queries import (
    changes_by_key,
    comments_of,
    last_shared_before,
    newer_than,
    printed,
    proposals_of,
    said_on,
    visible_returns,
)
from agreements.negotiation.word_out import word_of
from agreements.proposals.presenters import read_proposals
from agreements.signing.blocks import how_signed
from agreements.wordfiles import actions
from agreements.wordfiles.forms import WordForm
from comanage.documents.word import CONTENT_TYPE as WORD
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.downloads import download
from comanage.web.posting import is_done


@requires(Permission.PROGRAM_VIEW)
def version_word(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Hand out a version as Word, clean, to be marked up; each copy is an event."""
    version = get_object_or_404(visible_versions(request.actor), pk=pk)
    note_version_copy(version=version, form="word", by=request.actor)
    paper = printed(version, request.tenant.zone)
    signed = how_signed(version, paper.document, request.tenant.zone)
    paper = replace(paper, executed_on=signed.executed_on)
    copy = word_of(paper, None, said_on(version, paper.document))
    name = f"{slugify(version.agreement.title)}-version-{version.number}.docx"
    return download(copy, filename=name, content_type=WORD)


@requires(Permission.PROGRAM_VIEW)
def redline_word(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Hand out a version as Word, with tracked changes against the last one that was shared."""
    version = get_object_or_404(visible_versions(request.actor), pk=pk)
    earlier = last_shared_before(version)
    against = earlier.number if earlier else 0
    note_redline_copy(version=version, against=against, form="word", by=request.actor)
    paper = printed(version, request.tenant.zone)
    said = said_on(version, paper.document)
    copy = word_of(paper, printed(earlier, request.tenant.zone) if earlier else None, said)
    return download(copy, filename=f"version-{version.number}.docx", content_type=WORD)


@requires(Permission.AGREEMENT_PROPOSE)
def word_return(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Take a Word file that comes back with edits."""
    agreement = get_object_or_404(visible_agreements(request.actor), pk=pk)
    form = WordForm(request.POST or None, request.FILES or None)
    taken: list[UUID] = []

    def deed() -> None:
        row = actions.receive_word(agreement=agreement, came=form.came(), by=request.actor)
        taken.append(row.pk)

    if is_done(request, form, deed, "The file is read. Its changes wait for the other side."):
        return redirect("agreements:return-detail", tenant, taken[0])
    context = {"form": form, "agreement": agreement}
    return render(request, "agreements/negotiation/word_return.html", context)


@requires(Permission.PROGRAM_VIEW)
def return_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show what a Word file brought: proposals, comments, and what was not taken."""
    row = get_object_or_404(visible_returns(request.actor), pk=pk)
    agreement = row.version.agreement
    headings = policies.parts_of(from_document(row.version.document))
    proposals = [each for each in proposals_of(agreement) if each.word_return_id == row.pk]
    comments = [
        each for each in comments_of(agreement, request.actor) if each.word_return_id == row.pk
    ]
    return render(
        request,
        "agreements/negotiation/return.html",
        {
            "row": row,
            "newer": newer_than(row, request.actor),
            "agreement": agreement,
            "proposals": read_proposals(proposals, headings, changes_by_key(agreement)),
            "comments": read_comments(comments, headings),
        },
    )
