"""Pages of proposals: made about a clause, then accepted, declined or withdrawn."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.drafting.document import from_document
from agreements.drafting.forms import MoveForm
from agreements.drafting.models import AgreementVersion
from agreements.drafting.presenters import other_places
from agreements.drafting.queries import visible_versions
from agreements.negotiation import policies
from agreements.negotiation.models import Proposal
from agreements.negotiation.queries import changes_by_key, decision_of, edit_of, visible_proposals
from agreements.negotiation.word_changes import MOVE, OMIT, Edit
from agreements.proposals import actions
from agreements.proposals.forms import AdditionForm, DeclineForm, OmissionForm, ProposalForm
from agreements.proposals.presenters import read_proposals, read_proposed
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import errors_in_words
from comanage.web.posting import is_done, or_say_why, posted_only


def _version(request: MemberRequest, pk: UUID) -> AgreementVersion:
    return get_object_or_404(visible_versions(request.actor).select_related("share"), pk=pk)


def _proposal(request: MemberRequest, pk: UUID) -> Proposal:
    return get_object_or_404(visible_proposals(request.actor), pk=pk)


@requires(Permission.AGREEMENT_PROPOSE)
def proposal_make(request: MemberRequest, tenant: str, pk: UUID, slug: str) -> HttpResponse:
    """Propose other words for a clause."""
    version = _version(request, pk)
    document = from_document(version.document)
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
    title = policies.parts_of(document)[slug]
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


@requires(Permission.AGREEMENT_PROPOSE)
@posted_only
def proposal_move(request: MemberRequest, tenant: str, pk: UUID, slug: str) -> HttpResponse:
    """Propose that a clause stands after another one."""
    version = _version(request, pk)
    places = other_places(from_document(version.document), slug)
    form = MoveForm(request.POST, places=places)

    def deed() -> object:
        given = form.cleaned_data
        edit = Edit(MOVE, slug, after=given["after"])
        return actions.propose_change(
            version=version, edit=edit, reason=given["reason"], by=request.actor
        )

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
