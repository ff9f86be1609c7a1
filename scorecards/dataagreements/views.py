"""Pages of agreements on file."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from scorecards.dataagreements.actions import file_data_agreement
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
        },
    )


@requires(Permission.DATA_AGREEMENT_FILE)
def agreement_file(request: MemberRequest, tenant: str) -> HttpResponse:
    """File an agreement, or the renewal of one."""
    renews = _renewed(request)
    form = AgreementForm(request.POST or None, initial=_as_before(renews))
    if request.method == "POST" and form.is_valid():
        try:
            file_data_agreement(
                facts=form.facts(), renews=renews, today=request.tenant.today(), by=request.actor
            )
        except PolicyError as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, "The agreement is on file.")
            return redirect("scorecards:agreement-list", tenant)
    return render(request, "scorecards/dataagreements/file.html", {"form": form, "renews": renews})


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
