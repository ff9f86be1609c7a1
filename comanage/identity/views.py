"""Pages of members and extract clients."""

from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from comanage.identity import actions
from comanage.identity.forms import ClientForm, MembershipForm
from comanage.identity.guards import requires
from comanage.identity.models import ExtractClient, Membership
from comanage.identity.presenters import read_client, read_member
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission, Role
from comanage.identity.scopes import known_scopes
from comanage.web.errors import PolicyError


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
@require_POST
def member_end(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Cut a person's access."""
    membership = get_object_or_404(Membership, pk=pk)
    try:
        actions.end_membership(membership=membership, by=request.actor)
    except PolicyError as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, "The access is cut, from this moment on.")
    return redirect("web:member-list", tenant)


@requires(Permission.CLIENT_EDIT)
def client_list(request: MemberRequest, tenant: str) -> HttpResponse:
    """List the machines that send data."""
    now, scopes = timezone.now(), dict(known_scopes())
    clients = ExtractClient.objects.order_by("name")
    return render(
        request,
        "identity/clients.html",
        {"clients": [read_client(client, now=now, scopes=scopes) for client in clients]},
    )


@requires(Permission.CLIENT_EDIT)
def client_create(request: MemberRequest, tenant: str) -> HttpResponse:
    """Register a machine and show its key, this once."""
    form = ClientForm(request.POST or None, scopes=known_scopes())
    if request.method == "POST" and form.is_valid():
        try:
            client, key = actions.create_extract_client(**form.cleaned_data, by=request.actor)
        except PolicyError as broken:
            form.add_error("name", str(broken))
        else:
            return render(request, "identity/client_key.html", {"client": client, "key": key})
    return render(request, "identity/client_create.html", {"form": form})


@requires(Permission.CLIENT_EDIT)
@require_POST
def client_revoke(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Make a machine's key worthless."""
    client = get_object_or_404(ExtractClient, pk=pk)
    actions.revoke_extract_client(client=client, by=request.actor)
    messages.success(request, f"The key of {client.name} opens nothing any more.")
    return redirect("web:client-list", tenant)
