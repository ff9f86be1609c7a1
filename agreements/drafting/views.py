"""Pages of an agreement: its facts, its clauses, its versions."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from agreements.drafting import actions, policies
from agreements.drafting.compose import new_key
from agreements.drafting.document import from_document
from agreements.drafting.facts import Change
from agreements.drafting.forms import (
    AgreementForm,
    ClauseForm,
    MoveForm,
    NewClauseForm,
    ReasonForm,
    VersionForm,
)
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.drafting.ordering import MOVE
from agreements.drafting.parties import executed, preamble
from agreements.drafting.placeholders import PLACEHOLDERS
from agreements.drafting.presenters import (
    Drafted,
    clause_choices,
    clause_page,
    drafted,
    other_places,
    printed_clause,
    read_clauses,
    read_exhibits,
)
from agreements.drafting.printing import agreement_pdf, dated, edition_of
from agreements.drafting.queries import (
    draft_of,
    first_year,
    latest_changes,
    visible_agreements,
    visible_versions,
)
from agreements.drafting.words import STATES
from agreements.lint.counting import open_findings, with_open_findings
from agreements.lint.presenters import read_runs
from agreements.lint.queries import runs_of
from agreements.programs.queries import visible_programs
from agreements.proposals.queries import with_asked
from agreements.signing.blocks import how_signed
from agreements.signing.next_steps import has_changed, next_step
from comanage.documents.pdf import PdfUnavailable
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.downloads import download
from comanage.web.errors import PolicyError, errors_in_words
from comanage.web.posting import is_done, or_say_why, posted_only


def _agreement(request: MemberRequest, pk: UUID) -> Agreement:
    return get_object_or_404(visible_agreements(request.actor), pk=pk)


def _version(request: MemberRequest, pk: UUID) -> AgreementVersion:
    return get_object_or_404(visible_versions(request.actor), pk=pk)


def _now(agreement: Agreement) -> Drafted | str:
    """Compose an agreement as it stands now; or say why it cannot be."""
    try:
        year = policies.check_can_be_composed(first_year(agreement))
    except PolicyError as broken:
        return str(broken)
    changes = latest_changes(agreement)
    return drafted(draft_of(agreement, year, changes), changes, year)


def _do(request: MemberRequest, form: forms.Form, deed: Callable[[], object], said: str) -> None:
    """Do the deed of a form that has no page of its own, and say how it went."""
    if not form.is_valid():
        messages.error(request, errors_in_words(form))
        return
    with or_say_why(request):
        deed()
        messages.success(request, said)


def _back(request: MemberRequest, agreement: Agreement, why: str) -> HttpResponse:
    """Go back to the agreement and say there why a page is not to be had."""
    messages.error(request, why)
    return redirect("agreements:agreement-detail", request.tenant.slug, agreement.pk)


@requires(Permission.AGREEMENT_DRAFT)
def agreement_begin(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Begin an agreement for a program."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    form = AgreementForm(request.POST or None, program=program, hospital=request.tenant.name)
    said = "The agreement is begun. Read its clauses, then make the first version."

    def deed() -> object:
        return actions.begin_agreement(program=program, facts=form.facts(), by=request.actor)

    if is_done(request, form, deed, said):
        return redirect("agreements:program-detail", tenant, program.pk)
    return render(request, "agreements/drafting/begin.html", {"form": form, "program": program})


@requires(Permission.PROGRAM_VIEW)
def agreement_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show an agreement: as it stands now for who drafts it, and its versions for everybody."""
    rows = with_asked(with_open_findings(visible_agreements(request.actor)), request.actor)
    agreement: Agreement = get_object_or_404(rows, pk=pk)
    can_see_findings = request.actor.holds(Permission.FINDING_VIEW)
    can_draft = agreement.is_drafted and request.actor.holds(Permission.AGREEMENT_DRAFT)
    now = _now(agreement) if can_draft else None
    kept = visible_versions(request.actor).filter(agreement=agreement).select_related("share")
    versions = list(kept.defer("document"))
    newest = versions[0] if versions else None
    findings = open_findings(agreement) if can_see_findings else None
    ahead = None
    if isinstance(now, Drafted) and not now.composition.problems:
        ahead = next_step(
            agreement,
            newest,
            findings,
            slug=tenant,
            has_changed=has_changed(newest, now),
            is_asked=vars(agreement)["is_asked"],
        )
    return render(
        request,
        "agreements/drafting/detail.html",
        {
            "agreement": agreement,
            "state": STATES.get(agreement.state, agreement.state),
            "now": now if isinstance(now, Drafted) else None,
            "year": now.year if isinstance(now, Drafted) else first_year(agreement),
            "missing": now if isinstance(now, str) else "",
            "versions": versions,
            "can_draft": can_draft,
            "can_see_findings": can_see_findings,
            "open_findings": findings,
            "next_step": ahead,
            "can_draft_year": request.actor.holds(Permission.PROGRAM_EDIT),
            "can_withdraw": policies.can_withdraw(agreement)
            and request.actor.holds(Permission.AGREEMENT_DRAFT),
            "version_form": VersionForm(),
            "reason_form": ReasonForm(),
        },
    )


@requires(Permission.AGREEMENT_DRAFT)
def agreement_edit(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Change parties, term and law."""
    agreement = _agreement(request, pk)
    form = AgreementForm(
        request.POST or None,
        program=agreement.program,
        hospital=request.tenant.name,
        agreement=agreement,
    )

    def deed() -> object:
        return actions.edit_agreement(agreement=agreement, facts=form.facts(), by=request.actor)

    if is_done(request, form, deed, "The agreement is changed."):
        return redirect("agreements:agreement-detail", tenant, agreement.pk)
    context = {"form": form, "agreement": agreement}
    return render(request, "agreements/drafting/edit.html", context)


@requires(Permission.AGREEMENT_DRAFT)
@posted_only
def agreement_withdraw(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Give an agreement up before it is executed."""
    agreement = _agreement(request, pk)
    form = ReasonForm(request.POST)

    def deed() -> object:
        reason = form.cleaned_data["reason"]
        return actions.withdraw_agreement(agreement=agreement, reason=reason, by=request.actor)

    _do(request, form, deed, "The agreement is withdrawn.")
    return redirect("agreements:agreement-detail", tenant, agreement.pk)


@requires(Permission.AGREEMENT_DRAFT)
@posted_only
def version_make(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Print the agreement as it is now, for both sides to read."""
    agreement = _agreement(request, pk)
    form = VersionForm(request.POST)

    def deed() -> object:
        note = form.cleaned_data["note"]
        return actions.make_version(agreement=agreement, note=note, by=request.actor)

    _do(request, form, deed, "The version is made. It never changes.")
    return redirect("agreements:agreement-detail", tenant, agreement.pk)


@requires(Permission.PROGRAM_VIEW)
def version_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show a version clause by clause, with its exhibits."""
    version = _version(request, pk)
    document = from_document(version.document)
    signed = how_signed(version, document, request.tenant.zone)
    can_see_findings = request.actor.holds(Permission.FINDING_VIEW)
    return render(
        request,
        "agreements/drafting/version.html",
        {
            "version": version,
            "agreement": version.agreement,
            "can_send": version.agreement.is_drafted
            and request.actor.holds(Permission.AGREEMENT_DRAFT),
            "can_see_findings": can_see_findings,
            "runs": read_runs(runs_of(version)) if can_see_findings else [],
            "document": document,
            "executed": executed(signed.executed_on) if signed.executed_on else "",
            "preamble": preamble(document),
            "clauses_from": dated(document.standard),
            "blocks": signed.blocks,
            "clauses": read_clauses(document),
            "exhibits": read_exhibits(document),
        },
    )


@requires(Permission.PROGRAM_VIEW)
@require_GET
def version_pdf(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Hand out a version as PDF; each copy is an event."""
    version = _version(request, pk)
    signed = how_signed(version, from_document(version.document), request.tenant.zone)
    edition = edition_of(
        version,
        zone=request.tenant.zone,
        blocks=signed.blocks,
        executed_on=signed.executed_on,
    )
    try:
        content = agreement_pdf(edition)
    except PdfUnavailable as missing:
        messages.error(request, str(missing))
        return redirect("agreements:version-detail", tenant, version.pk)
    actions.note_version_copy(version=version, form="pdf", by=request.actor)
    filename = f"{slugify(version.agreement.title)}-version-{version.number}.pdf"
    return download(content, filename=filename, content_type="application/pdf")


@requires(Permission.PROGRAM_VIEW)
def clause_detail(request: MemberRequest, tenant: str, pk: UUID, slug: str) -> HttpResponse:
    """Show one clause: as it stands now for who drafts, else as the newest version has it."""
    agreement = _agreement(request, pk)
    can_draft = agreement.is_drafted and request.actor.holds(Permission.AGREEMENT_DRAFT)
    if can_draft:
        now = _now(agreement)
        if isinstance(now, str):
            return _back(request, agreement, now)
        page = clause_page(now, slug)
    else:
        version = visible_versions(request.actor).filter(agreement=agreement).first()
        if version is None:
            return _back(request, agreement, "No version is made yet, so no clause can be read.")
        page = printed_clause(from_document(version.document), slug)
    if page is None:
        raise Http404
    return render(
        request,
        "agreements/drafting/clause.html",
        {
            "agreement": agreement,
            "page": page,
            "year": first_year(agreement),
            "can_see_scorecard": request.actor.holds(Permission.SCORECARD_VIEW),
            "can_see_proof": request.actor.holds(Permission.ADJUDICATION_VIEW),
            "can_draft": can_draft,
            "reason_form": ReasonForm(),
            "move_form": MoveForm(places=page.places, auto_id="move-%s") if page.places else None,
        },
    )


@requires(Permission.AGREEMENT_DRAFT)
def clause_edit(request: MemberRequest, tenant: str, pk: UUID, slug: str) -> HttpResponse:
    """Write a clause anew, with its reason."""
    agreement = _agreement(request, pk)
    now = _now(agreement)
    if isinstance(now, str):
        return _back(request, agreement, now)
    template, page = now.template(slug), clause_page(now, slug)
    if template is None or page is None:
        raise Http404
    form = ClauseForm(request.POST or None, template=template)
    kind, after = ("replace", "") if page.standard else ("add", page.after)

    def deed() -> object:
        given = form.cleaned_data
        change = Change(slug, kind, given["heading"], given["text"], after)
        return actions.change_clause(
            agreement=agreement, change=change, reason=given["reason"], by=request.actor
        )

    if is_done(request, form, deed, "The clause is written anew."):
        return redirect("agreements:clause-detail", tenant, agreement.pk, slug)
    context = {"form": form, "agreement": agreement, "page": page, "placeholders": PLACEHOLDERS}
    return render(request, "agreements/drafting/clause_edit.html", context)


@requires(Permission.AGREEMENT_DRAFT)
def clause_add(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Add a clause that the standard does not have."""
    agreement = _agreement(request, pk)
    now = _now(agreement)
    if isinstance(now, str):
        return _back(request, agreement, now)
    form = NewClauseForm(request.POST or None, clauses=clause_choices(now))
    taken = [change.key for change in now.changes]

    def deed() -> object:
        given = form.cleaned_data
        key = new_key(given["heading"], taken=taken)
        change = Change(key, "add", given["heading"], given["text"], given["after"])
        return actions.change_clause(
            agreement=agreement, change=change, reason=given["reason"], by=request.actor
        )

    if is_done(request, form, deed, "The clause is added."):
        return redirect("agreements:agreement-detail", tenant, agreement.pk)
    context = {"form": form, "agreement": agreement, "placeholders": PLACEHOLDERS}
    return render(request, "agreements/drafting/clause_add.html", context)


@requires(Permission.AGREEMENT_DRAFT)
@posted_only
def clause_omit(request: MemberRequest, tenant: str, pk: UUID, slug: str) -> HttpResponse:
    """Leave a clause of the standard out, with the reason."""
    return _changed(request, pk, Change(slug, "omit"), "The clause is left out.")


@requires(Permission.AGREEMENT_DRAFT)
@posted_only
def clause_move(request: MemberRequest, tenant: str, pk: UUID, slug: str) -> HttpResponse:
    """Put a clause after another one, with the reason."""
    agreement = _agreement(request, pk)
    now = _now(agreement)
    if isinstance(now, str):
        return _back(request, agreement, now)
    form = MoveForm(request.POST, places=other_places(now.document, slug))

    def deed() -> object:
        given = form.cleaned_data
        change = Change(slug, MOVE, after=given["after"])
        return actions.change_clause(
            agreement=agreement, change=change, reason=given["reason"], by=request.actor
        )

    _do(request, form, deed, "The clause stands there now.")
    return redirect("agreements:agreement-detail", tenant, agreement.pk)


@requires(Permission.AGREEMENT_DRAFT)
@posted_only
def clause_restore(request: MemberRequest, tenant: str, pk: UUID, slug: str) -> HttpResponse:
    """Take back what the program did to a clause."""
    return _changed(request, pk, Change(slug, "restore"), "The change is taken back.")


def _changed(request: MemberRequest, pk: UUID, change: Change, said: str) -> HttpResponse:
    """Do to a clause what needs nothing but a reason."""
    agreement = _agreement(request, pk)
    form = ReasonForm(request.POST)

    def deed() -> object:
        reason = form.cleaned_data["reason"]
        return actions.change_clause(
            agreement=agreement, change=change, reason=reason, by=request.actor
        )

    _do(request, form, deed, said)
    return redirect("agreements:agreement-detail", request.tenant.slug, agreement.pk)
