"""Pages of members."""

from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from comanage.identity import actions
from comanage.identity.forms import MembershipForm
from comanage.identity.guards import requires
from comanage.identity.models import Membership
from comanage.identity.presenters import read_member
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission, Role
from comanage.web.errors import PolicyError
from comanage.web.posting import or_say_why, posted_only


@requires(Permission.MEMBER_EDIT)
def member_list(request: MemberRequest, tenant: str) -> HttpResponse:
    """List members, their roles and their dates."""
    members = Membership.objects.select_related("user").order_by(
        F("revoked_at").desc(nulls_first=True), "user__name"
    )
    today = request.tenant.today()
    return render(
        request,
        "identity/members.html",
        {"members": [read_member(membership, today=today) for membership in members]},
    )


@requires(Permission.MEMBER_EDIT)
def member_grant(request: MemberRequest, tenant: str) -> HttpResponse:
    """Give a person a role here."""
    form = MembershipForm(request.POST or None, initial={"starts_on": request.tenant.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
        try:
            membership = actions.grant_membership(**given, by=request.actor)
        except PolicyError as broken:
            form.add_error("email", str(broken))
        else:
            messages.success(
                request,
                f"{membership.user.name} is a member. They set a password by “Forgot password”.",
            )
            return redirect("web:member-list", tenant)
    return render(request, "identity/member_grant.html", {"form": form})


@requires(Permission.MEMBER_EDIT)
@posted_only
def member_end(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Cut a person's access."""
    membership = get_object_or_404(Membership, pk=pk)
    with or_say_why(request):
        actions.end_membership(membership=membership, by=request.actor)
        messages.success(request, "The access is cut, from this moment on.")
    return redirect("web:member-list", tenant)
