"""The page of what the rules find in a version, and what counsel decides about it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from agreements.drafting.models import AgreementVersion
from agreements.drafting.queries import visible_versions, with_first_years
from agreements.lint import actions, policies
from agreements.lint.forms import WaiverForm
from agreements.lint.models import Occasion
from agreements.lint.places import places_of
from agreements.lint.presenters import read_findings, read_years
from agreements.lint.printing import findings_pdf
from agreements.lint.queries import facts_of, weigh
from agreements.lint.rules import NOT_DECIDED, NOT_SEEN, NOTICE
from comanage.documents.pdf import PdfUnavailable
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.downloads import download
from comanage.web.errors import errors_in_words
from comanage.web.posting import is_done, posted_only

Deed = Callable[..., object]


def _version(request: MemberRequest, pk: UUID) -> AgreementVersion:
    versions = visible_versions(request.actor).select_related("agreement__program__group")
    found: AgreementVersion = get_object_or_404(with_first_years(versions), pk=pk)
    return found


@requires(Permission.FINDING_VIEW)
@require_GET
def version_findings(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Ask the rules about a version today, and show what they found."""
    version, today = _version(request, pk), request.tenant.today()
    facts = facts_of(version, today=today)
    found = weigh(version, facts)
    can_waive = request.actor.holds(Permission.FINDING_WAIVE) and policies.can_decide(version)
    context = {
        "version": version,
        "agreement": version.agreement,
        "groups": read_findings(
            found,
            can_waive=can_waive,
            place_of=places_of(version, tenant=tenant, by=request.actor),
        ),
        "earlier": read_years(facts.earlier_years),
        "stopping": sum(each.stops for each in found),
        "printed": {clause["key"] for clause in version.document["clauses"]},
        "not_decided": NOT_DECIDED.items(),
        "not_seen": NOT_SEEN.items(),
        "notice": NOTICE,
        "today": today,
        "can_keep": request.actor.holds(Permission.AGREEMENT_DRAFT),
    }
    return render(request, "agreements/lint/findings.html", context)


@requires(Permission.FINDING_VIEW)
@require_GET
def findings_print(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Hand out today's findings as a PDF for counsel's file; each copy is an event."""
    version = _version(request, pk)
    facts = facts_of(version, today=request.tenant.today())
    try:
        paper = findings_pdf(version, weigh(version, facts), facts, zone=request.tenant.zone)
    except PdfUnavailable as missing:
        messages.error(request, str(missing))
        return redirect("agreements:version-findings", tenant, version.pk)
    actions.note_findings_copy(version=version, by=request.actor)
    name = f"{slugify(version.agreement.title)}-findings-{version.number}.pdf"
    return download(paper, filename=name, content_type="application/pdf")


@requires(Permission.FINDING_WAIVE)
@posted_only
def finding_waive(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Let the version go on in spite of a finding."""
    return _decided(request, pk, actions.waive_finding, "Waived. It stands beside the finding.")


@requires(Permission.FINDING_WAIVE)
@posted_only
def waiver_withdraw(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Take a waiver back."""
    said = "The waiver is taken back: the finding holds the version again."
    return _decided(request, pk, actions.withdraw_waiver, said)


@requires(Permission.AGREEMENT_DRAFT)
@posted_only
def findings_keep(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Keep what the rules find today."""
    version = _version(request, pk)
    actions.keep_findings(version=version, occasion=Occasion.ASKED, by=request.actor)
    messages.success(request, "Kept. The page of the version shows what was found, and when.")
    return redirect("agreements:version-findings", tenant, version.pk)


def _decided(request: MemberRequest, pk: UUID, decide: Deed, said: str) -> HttpResponse:
    version = _version(request, pk)
    form = WaiverForm(request.POST)

    def deed() -> object:
        given = form.cleaned_data
        return decide(version=version, key=given["key"], reason=given["reason"], by=request.actor)

    if not is_done(request, form, deed, said):
        messages.error(request, errors_in_words(form))
    return redirect("agreements:version-findings", request.tenant.slug, version.pk)
