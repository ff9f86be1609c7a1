"""Pages of the chain of approval."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from agreements.approvers.actions import change_chain
from agreements.approvers.forms import ChainForm, initial_of
from agreements.approvers.matrix import STANDARD_RULES
from agreements.approvers.presenters import read_chains, read_rules
from agreements.approvers.queries import chains, rules_of
from agreements.signing.queries import people_by_role
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.posting import is_done

FROM_STANDARD = "standard"


@requires(Permission.APPROVAL_CHAIN_EDIT)
def approval_chain(request: MemberRequest, tenant: str) -> HttpResponse:
    """Show who must approve agreements, and every edition of that."""
    kept = chains()
    newest = kept[0] if kept else None
    asked, people = read_rules(rules_of(newest)), people_by_role()
    shown = {
        "chain": newest,
        "asked": asked,
        "can_add_members": request.actor.holds(Permission.MEMBER_EDIT),
        "unheld": [each.role for each in asked if each.role not in people],
        "earlier": read_chains(kept[1:]),
        "standard": read_rules(STANDARD_RULES),
    }
    return render(request, "agreements/approvers/detail.html", shown)


@requires(Permission.APPROVAL_CHAIN_EDIT)
def approval_chain_change(request: MemberRequest, tenant: str) -> HttpResponse:
    """Change the chain: the whole of it, on one page."""
    kept = chains()
    newest = kept[0] if kept else None
    is_from_standard = FROM_STANDARD in request.GET
    rules = STANDARD_RULES if is_from_standard else rules_of(newest)
    seen = newest.number if newest else 0
    form = ChainForm(request.POST or None, initial=initial_of(rules, seen=seen))

    def deed() -> object:
        given = form.cleaned_data
        return change_chain(
            seen=given["seen"], rules=form.rules(), reason=given["reason"], by=request.actor
        )

    said = "The chain is kept. Versions that are sent round from now on are held against it."
    if is_done(request, form, deed, said):
        return redirect("agreements:approval-chain", tenant)
    shown = {"form": form, "has_own": newest is not None and not is_from_standard}
    return render(request, "agreements/approvers/change.html", shown)
