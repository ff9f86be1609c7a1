"""Pages of a negotiation: redlines, comments, proposals, Word out and in."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.drafting.document import AgreementDocument, from_document
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.drafting.queries import visible_agreements, visible_versions
from agreements.negotiation import actions, policies
from agreements.negotiation.forms import (
    AdditionForm,
    CommentForm,
    DeclineForm,
    NoteForm,
    OmissionForm,
    PairForm,
    ProposalForm,
    WordForm,
)
from agreements.negotiation.models import Proposal
from agreements.negotiation.papers import redline_pdf
from agreements.negotiation.presenters import (
    read_comments,
    read_log,
    read_proposals,
    read_proposed,
    read_redline,
    read_versions,
)
from agreements.negotiation.privileged import notes_on
from agreements.negotiation.queries import (
    changes_by_key,
    comments_of,
    decision_of,
    edit_of,
    last_shared_before,
    printed,
    proposals_of,
    readable_versions,
    share_of,
    visible_proposals,
    visible_returns,
    word_returns_of,
)
from agreements.negotiation.word_changes import OMIT, Edit
from agreements.negotiation.word_out import word_of
from comanage.documents.word import CONTENT_TYPE as WORD
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


def _proposal(request: MemberRequest, pk: UUID) -> Proposal:
    return get_object_or_404(visible_proposals(request.actor), pk=pk)


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
        old, new = map(printed, pair)
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
    paper = redline_pdf(printed(old), printed(new), log, request.tenant.zone)
    name = f"redline-{old.number}-{new.number}.pdf"
    return download(paper, filename=name, content_type="application/pdf")


@requires(Permission.PROGRAM_VIEW)
def redline_word(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Hand out a version as Word, with tracked changes against the last one that was shared."""
    version = _version(request, pk)
    earlier = last_shared_before(version)
    against = earlier.number if earlier else 0
    actions.note_redline_copy(version=version, against=against, form="word", by=request.actor)
    copy = word_of(printed(version), printed(earlier) if earlier else None)
    return download(copy, filename=f"version-{version.number}.docx", content_type=WORD)


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
            "note_form": NoteForm() if writes else None,
            "can_propose": clause is not None
            and by.holds(Permission.AGREEMENT_PROPOSE)
            and policies.can_propose(agreement, share_of(version)),
            "omission_form": OmissionForm(),
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


@requires(Permission.AGREEMENT_PROPOSE)
def proposal_make(request: MemberRequest, tenant: str, pk: UUID, slug: str) -> HttpResponse:
    """Propose other words for a clause."""
    version = _version(request, pk)
    document, title = _part(version, slug)
    clause = document.clause(slug)
    if clause is None:
        raise Http404
    form = ProposalForm(request.POST or None, clause=clause)

    def deed() -> object:
        return actions.propose_change(
            version=version,
            edit=form.edit(slug),
            reason=form.cleaned_data["reason"],
            by=request.actor,
        )

    if is_done(request, form, deed, "The proposal is sent. The other side decides on it."):
        return redirect("agreements:negotiation", tenant, version.agreement_id)
    context = {"form": form, "version": version, "title": title, "slug": slug}
    return render(request, "agreements/negotiation/propose.html", context)


@requires(Permission.AGREEMENT_PROPOSE)
def proposal_add(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Propose a clause that the version does not have."""
    version = _version(request, pk)
    document = from_document(version.document)
    form = AdditionForm(request.POST or None, clauses=document.clauses)

    def deed() -> object:
        return actions.propose_change(
            version=version,
            edit=form.addition(),
            reason=form.cleaned_data["reason"],
            by=request.actor,
        )

    if is_done(request, form, deed, "The proposal is sent. The other side decides on it."):
        return redirect("agreements:negotiation", tenant, version.agreement_id)
    context = {"form": form, "version": version, "title": "", "slug": ""}
    return render(request, "agreements/negotiation/propose.html", context)


@requires(Permission.AGREEMENT_PROPOSE)
@posted_only
def proposal_omit(request: MemberRequest, tenant: str, pk: UUID, slug: str) -> HttpResponse:
    """Propose that a clause is left out."""
    version = _version(request, pk)
    form = OmissionForm(request.POST)

    def deed() -> object:
        reason = form.cleaned_data["reason"]
        edit = Edit(OMIT, slug)
        return actions.propose_change(version=version, edit=edit, reason=reason, by=request.actor)

    if not is_done(request, form, deed, "The proposal is sent. The other side decides on it."):
        messages.error(request, errors_in_words(form))
        return redirect("agreements:clause-discuss", tenant, version.pk, slug)
    return redirect("agreements:negotiation", tenant, version.agreement_id)


@requires(Permission.PROGRAM_VIEW)
def proposal_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show a proposal against the clause of its version, with what can be done about it."""
    proposal, by = _proposal(request, pk), request.actor
    agreement, document = proposal.agreement, from_document(proposal.version.document)
    headings = policies.parts_of(document)
    (reading,) = read_proposals([proposal], headings, changes_by_key(agreement))
    waits = by.holds(Permission.AGREEMENT_PROPOSE) and decision_of(proposal) is None
    is_own = proposal.side == policies.side_of(by)
    return render(
        request,
        "agreements/negotiation/proposal.html",
        {
            "reading": reading,
            "proposal": proposal,
            "agreement": agreement,
            "follows": headings.get(proposal.after, ""),
            "part": read_proposed(edit_of(proposal), document),
            "can_accept": waits and not is_own and agreement.is_drafted and not reading.is_stale,
            "can_decline": waits and not is_own,
            "can_withdraw": waits and is_own,
            "decline_form": DeclineForm(),
        },
    )


@requires(Permission.AGREEMENT_PROPOSE)
@posted_only
def proposal_accept(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Agree to a proposal of the other side."""
    proposal = _proposal(request, pk)
    with or_say_why(request):
        actions.accept_proposal(proposal=proposal, by=request.actor)
        messages.success(request, "Agreed. The next version says so.")
    return redirect("agreements:proposal-detail", tenant, proposal.pk)


@requires(Permission.AGREEMENT_PROPOSE)
@posted_only
def proposal_decline(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Say no to a proposal of the other side."""
    proposal = _proposal(request, pk)
    form = DeclineForm(request.POST)

    def deed() -> object:
        note = form.cleaned_data["note"]
        return actions.decline_proposal(proposal=proposal, note=note, by=request.actor)

    if not is_done(request, form, deed, "The proposal is declined."):
        messages.error(request, errors_in_words(form))
    return redirect("agreements:proposal-detail", tenant, proposal.pk)


@requires(Permission.AGREEMENT_PROPOSE)
@posted_only
def proposal_withdraw(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Take a proposal of one's own side back."""
    proposal = _proposal(request, pk)
    with or_say_why(request):
        actions.withdraw_proposal(proposal=proposal, by=request.actor)
        messages.success(request, "The proposal is withdrawn.")
    return redirect("agreements:proposal-detail", tenant, proposal.pk)


@requires(Permission.AGREEMENT_PROPOSE)
def word_return(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Take a Word file that comes back with edits."""
    agreement = _agreement(request, pk)
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
            "agreement": agreement,
            "proposals": read_proposals(proposals, headings, changes_by_key(agreement)),
            "comments": read_comments(comments, headings),
        },
    )
