"""Pages of extract clients."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from comanage.clients import actions
from comanage.clients.forms import ClientForm, KeysForm, RegisterForm
from comanage.clients.presenters import needs_of, read_client, read_client_keys
from comanage.identity.guards import requires
from comanage.identity.models import ExtractClient, SignsInBy
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.identity.scopes import known_scopes
from comanage.web.errors import PolicyError
from comanage.web.posting import or_say_why, posted_only


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
def client_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show a machine, its keys, and what its job must be told."""
    client, now = get_object_or_404(ExtractClient, pk=pk), timezone.now()
    return render(
        request,
        "identity/client.html",
        {
            "reading": read_client(client, now=now, scopes=dict(known_scopes())),
            "signs": client.signs_in_by == SignsInBy.SIGNATURE,
            "keys": read_client_keys(client, now=now),
            "needs": needs_of(client, request.tenant),
        },
    )


@requires(Permission.CLIENT_EDIT)
def client_register(request: MemberRequest, tenant: str) -> HttpResponse:
    """Register a machine that signs."""
    form = RegisterForm(request.POST or None, request.FILES or None, scopes=known_scopes())
    if request.method == "POST" and form.is_valid():
        try:
            client = actions.register_client(**form.cleaned_data, by=request.actor)
        except PolicyError as broken:
            form.add_error("name", str(broken))
        else:
            messages.success(request, f"{client.name} may sign in, from now on.")
            return redirect("web:client-detail", tenant, client.pk)
    return render(request, "identity/client_register.html", {"form": form})


@requires(Permission.CLIENT_EDIT)
def client_create(request: MemberRequest, tenant: str) -> HttpResponse:
    """Register a machine that cannot sign, and show its key, this once."""
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
@posted_only
def client_renew(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Give a machine that cannot sign a new key, and show it, this once."""
    client = get_object_or_404(ExtractClient, pk=pk)
    try:
        key = actions.renew_extract_client(client=client, by=request.actor)
    except PolicyError as broken:
        messages.error(request, str(broken))
        return redirect("web:client-detail", tenant, pk)
    client.refresh_from_db()
    return render(request, "identity/client_key.html", {"client": client, "key": key})


@requires(Permission.CLIENT_EDIT)
@posted_only
def client_revoke(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Shut a machine out."""
    client = get_object_or_404(ExtractClient, pk=pk)
    actions.revoke_extract_client(client=client, by=request.actor)
    messages.success(request, f"{client.name} is shut out, from this moment on.")
    return redirect("web:client-list", tenant)


@requires(Permission.CLIENT_EDIT)
def client_key_add(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Add public keys beside those a machine has."""
    client = get_object_or_404(ExtractClient, pk=pk)
    form = KeysForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_client_keys(client=client, keys=form.cleaned_data["keys"], by=request.actor)
        except PolicyError as broken:
            form.add_error("keys", str(broken))
        else:
            messages.success(request, "The key is in force beside the others.")
            return redirect("web:client-detail", tenant, pk)
    return render(request, "identity/client_key_add.html", {"form": form, "client": client})


@requires(Permission.CLIENT_EDIT)
@posted_only
def client_key_retire(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Take a public key out of force."""
    client = get_object_or_404(ExtractClient, pk=pk)
    kid = request.POST.get("kid", "")
    with or_say_why(request):
        actions.retire_client_key(client=client, kid=kid, by=request.actor)
        messages.success(request, f"The key “{kid}” opens nothing any more.")
    return redirect("web:client-detail", tenant, pk)


@requires(Permission.CLIENT_EDIT)
@posted_only
def api_keys_allow(request: MemberRequest, tenant: str) -> HttpResponse:
    """Switch API keys on."""
    actions.allow_api_keys(by=request.actor)
    messages.success(request, "API keys are on: a job that cannot sign may be given one.")
    return redirect("web:client-list", tenant)


@requires(Permission.CLIENT_EDIT)
@posted_only
def api_keys_forbid(request: MemberRequest, tenant: str) -> HttpResponse:
    """Switch API keys off, and end every one of them."""
    actions.forbid_api_keys(by=request.actor)
    messages.success(request, "API keys are off. None of them opens anything any more.")
    return redirect("web:client-list", tenant)
