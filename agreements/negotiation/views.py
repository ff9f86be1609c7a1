"""Pages of a negotiation: what was said, redlines, versions shared, comments and notes."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.drafting.document import AgreementDocument, from_document
from agreements.drafting.forms import MoveForm
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.drafting.presenters import other_places
from agreements.drafting.queries import visible_agreements, visible_versions
from agreements.negotiation import actions, policies
from agreements.negotiation.forms import CommentForm, NoteForm, PairForm
from agreements.negotiation.papers import redline_pdf
from agreements.negotiation.presenters import read_comments, read_log, read_versions
from agreements.negotiation.privileged import notes_on
from agreements.negotiation.queries import (
    changes_by_key,
    comments_of,
    printed,
    proposals_of,
    readable_versions,
    share_of,
    word_returns_of,
)
from agreements.negotiation.redline_presenters import read_redline
from agreements.negotiation.word_changes import Edit
from agreements.proposals.forms import OmissionForm
from agreements.proposals.presenters import read_proposals, read_proposed
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.downloads import download
from comanage.web.errors import errors_in_words
from comanage.web.posting import is_done, or_say_why, posted_only


def _agreement(request: MemberRequest, pk: UUID) -> Agreement:
    return get_object_or_404(visible_agreements(request.actor), pk=pk)


def _version(request: MemberRequest, pk: UUID) -> AgreementVersion:
    return get_object_or_404(visible_versions(request.actor).select_related("share"), pk=pk)


def _part(version: AgreementVersion, slug: str) -> tuple[AgreementDocument, str]:
    """Read a version and name the part of it that a page is about."""
    document = from_document(version.document)
    parts = policies.parts_of(document)
    if slug not in parts:
        raise Http404
    return document, parts[slug]


@requires(Permission.PROGRAM_VIEW)
def negotiation(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show what waits, the versions and who reads them, what was said, and the log."""
    agreement, by = _agreement(request, pk), request.actor
    versions = list(readable_versions(agreement, by))
    newest = visible_versions(by).filter(agreement=agreement).first()
    headings = policies.parts_of(from_document(newest.document)) if newest else {}
    proposals = read_proposals(proposals_of(agreement), headings, changes_by_key(agreement))
    return render(
        request,
        "agreements/negotiation/negotiation.html",
        {
            "agreement": agreement,
            "versions": read_versions(versions, may_share=by.holds(Permission.AGREEMENT_DRAFT)),
            "newest": newest,
            "headings": headings,
            "waiting": [each for each in proposals if each.decision is None],
            "settled": [each for each in proposals if each.decision is not None],
            "comments": read_comments(comments_of(agreement, by), headings),
            "log": read_log(versions, proposals, word_returns_of(agreement, by)),
            "can_propose": newest is not None
            and by.holds(Permission.AGREEMENT_PROPOSE)
            and policies.can_propose(agreement, share_of(versions[0])),
        },
    )


def _pair(request: MemberRequest, agreement: Agreement) -> tuple[PairForm, list[AgreementVersion]]:
    """Find the two versions that are asked for; by default the newest and the one before it."""
    versions = list(readable_versions(agreement, request.actor))
    numbers = [each.number for each in versions]
    default = {"old": numbers[min(1, len(numbers) - 1)], "new": numbers[0]} if numbers else {}
    form = PairForm(request.GET or default, numbers=numbers)
    if not form.is_valid():
        return form, []
    found = {
        each.number: each
        for each in visible_versions(request.actor).filter(
            agreement=agreement, number__in=form.pair()
        )
    }
    return form, [found[number] for number in form.pair()]


@requires(Permission.PROGRAM_VIEW)
def redline(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show two versions against each other, clause by clause."""
    agreement = _agreement(request, pk)
    form, pair = _pair(request, agreement)
    context = {"agreement": agreement, "form": form}
    if pair:
        old, new = (printed(each, request.tenant.zone) for each in pair)
        context |= {"old": pair[0], "new": pair[1], "form": form}
        context["redline"] = read_redline(old.document, new.document)
    return render(request, "agreements/negotiation/redline.html", context)


@requires(Permission.PROGRAM_VIEW)
def redline_print(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Hand out a redline with the log as a PDF; each copy is an event."""
    agreement = _agreement(request, pk)
    _, pair = _pair(request, agreement)
    if len({each.pk for each in pair}) < 2:
        messages.error(request, "Choose two versions of the list that are not the same.")
        return redirect("agreements:redline", tenant, agreement.pk)
    old, new = pair
    actions.note_redline_copy(version=new, against=old.number, form="pdf", by=request.actor)
    versions = readable_versions(agreement, request.actor)
    document = from_document(new.document)
    headings = policies.parts_of(document)
    proposals = read_proposals(proposals_of(agreement), headings, {})
    log = read_log(versions, proposals, word_returns_of(agreement, request.actor))
    zone = request.tenant.zone
    paper = redline_pdf(printed(old, zone), printed(new, zone), log, zone)
    name = f"redline-{old.number}-{new.number}.pdf"
    return download(paper, filename=name, content_type="application/pdf")


@requires(Permission.AGREEMENT_DRAFT)
@posted_only
def version_share(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Let the physicians' side read a version."""
    version = _version(request, pk)
    with or_say_why(request):
        actions.share_version(version=version, by=request.actor)
        messages.success(request, f"The physicians' side reads version {version.number} now.")
    return redirect("agreements:negotiation", tenant, version.agreement_id)


@requires(Permission.PROGRAM_VIEW)
def clause_discuss(request: MemberRequest, tenant: str, pk: UUID, slug: str) -> HttpResponse:
    """Show a clause of a version with all that was said about it."""
    version, by = _version(request, pk), request.actor
    document, title = _part(version, slug)
    agreement, clause = version.agreement, document.clause(slug)
    proposals = [each for each in proposals_of(agreement) if slug in {each.key, each.after}]
    headings = policies.parts_of(document)
    comments = [each for each in comments_of(agreement, by) if each.key == slug]
    speaks = agreement.is_live and by.holds(Permission.AGREEMENT_COMMENT)
    writes = by.holds(Permission.PRIVILEGED_NOTE)
    return render(
        request,
        "agreements/negotiation/clause.html",
        {
            "version": version,
            "agreement": agreement,
            "title": title,
            "slug": slug,
            "part": read_proposed(
                Edit("replace", slug, clause.heading, clause.paragraphs), document
            )
            if clause
            else None,
            "proposals": read_proposals(proposals, headings, changes_by_key(agreement)),
            "comments": read_comments(comments, headings),
            "comment_form": CommentForm() if speaks else None,
            "notes": notes_on(agreement, [slug], by=by),
            "note_form": NoteForm(auto_id="note-%s") if writes else None,
            "can_propose": clause is not None
            and by.holds(Permission.AGREEMENT_PROPOSE)
            and policies.can_propose(agreement, share_of(version)),
            "omission_form": OmissionForm(),
            "move_form": MoveForm(places=other_places(document, slug), auto_id="move-%s"),
        },
    )


@requires(Permission.AGREEMENT_COMMENT)
@posted_only
def comment_write(request: MemberRequest, tenant: str, pk: UUID, slug: str) -> HttpResponse:
    """Say something about a clause, for both sides."""
    version = _version(request, pk)
    form = CommentForm(request.POST)

    def deed() -> object:
        text = form.cleaned_data["text"]
        return actions.comment_on_clause(version=version, key=slug, text=text, by=request.actor)

    if not is_done(request, form, deed, "The comment is kept."):
        messages.error(request, errors_in_words(form))
    return redirect("agreements:clause-discuss", tenant, version.pk, slug)


@requires(Permission.PRIVILEGED_NOTE)
@posted_only
def note_write(request: MemberRequest, tenant: str, pk: UUID, slug: str) -> HttpResponse:
    """Keep a privileged note about a clause."""
    version = _version(request, pk)
    form = NoteForm(request.POST)

    def deed() -> object:
        return actions.write_privileged_note(
            agreement=version.agreement, key=slug, text=form.cleaned_data["text"], by=request.actor
        )

    if not is_done(request, form, deed, "The note is kept, for counsel and compliance alone."):
        messages.error(request, errors_in_words(form))
    return redirect("agreements:clause-discuss", tenant, version.pk, slug)
