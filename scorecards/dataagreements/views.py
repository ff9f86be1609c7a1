"""Pages of agreements on file."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify

from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.downloads import download_or_say_why
from comanage.web.posting import is_done
from scorecards.dataagreements.actions import file_data_agreement, note_document_download
from scorecards.dataagreements.forms import AgreementForm
from scorecards.dataagreements.models import DataAgreement
from scorecards.dataagreements.queries import agreements_on_file


@requires(Permission.FEED_VIEW)
def agreement_list(request: MemberRequest, tenant: str) -> HttpResponse:
    """List the agreements on file."""
    return render(
        request,
        "scorecards/dataagreements/list.html",
        {
            "readings": agreements_on_file(today=request.tenant.today()),
            "can_file": request.actor.holds(Permission.DATA_AGREEMENT_FILE),
            "can_read": request.actor.holds(Permission.DATA_AGREEMENT_READ),
        },
    )


@requires(Permission.DATA_AGREEMENT_FILE)
def agreement_file(request: MemberRequest, tenant: str) -> HttpResponse:
    """File an agreement, or the renewal of one."""
    renews = _renewed(request)
    form = AgreementForm(request.POST or None, request.FILES or None, initial=_as_before(renews))
    if is_done(
        request,
        form,
        lambda: file_data_agreement(
            facts=form.facts(),
            document=form.cleaned_data["document"].file,
            renews=renews,
            today=request.tenant.today(),
            by=request.actor,
        ),
        "The agreement is on file.",
    ):
        return redirect("scorecards:agreement-list", tenant)
    return render(request, "scorecards/dataagreements/file.html", {"form": form, "renews": renews})


@requires(Permission.DATA_AGREEMENT_READ)
def agreement_download(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Hand out the signed document of an agreement; each download is an event."""
    agreement = get_object_or_404(DataAgreement.objects.select_related("document"), pk=pk)
    parts = (agreement.kind, slugify(agreement.counterparty), agreement.signed_on.isoformat())
    return download_or_say_why(
        request,
        lambda: note_document_download(agreement=agreement, by=request.actor),
        filename=f"{'-'.join(parts)}.pdf",
        back=redirect("scorecards:agreement-list", tenant),
    )


def _renewed(request: MemberRequest) -> DataAgreement | None:
    wanted = request.GET.get("renews")
    return get_object_or_404(DataAgreement, pk=wanted) if wanted else None


def _as_before(renews: DataAgreement | None) -> dict[str, object]:
    """Offer what the renewed agreement says; its days are new."""
    if renews is None:
        return {}
    return {
        "kind": renews.kind,
        "counterparty": renews.counterparty,
        "permitted_uses": renews.permitted_uses,
        "valid_from": renews.valid_until,
    }
