"""Pages of webhooks: whom a hospital has told of what, and what became of each message."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from comanage.api import actions
from comanage.api.forms import SwitchForm, WebhookForm
from comanage.api.models import Webhook, WebhookDelivery
from comanage.api.presenters import (
    patience_in_words,
    read_delivery,
    read_webhook,
    state_in_words,
)
from comanage.api.queries import deliveries_of, webhooks_with_last
from comanage.api.webhooks import public_key_of
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from comanage.web.posting import or_say_why, posted_only

PER_PAGE = 20


@requires(Permission.CLIENT_EDIT)
def webhook_list(request: MemberRequest, tenant: str) -> HttpResponse:
    """List the addresses that are told when something happens."""
    now = timezone.now()
    rows = [
        (read_webhook(each.webhook, now=now), each.last_at, *state_in_words(each.last_state))
        for each in webhooks_with_last()
    ]
    return render(request, "webhooks/list.html", {"rows": rows})


@requires(Permission.CLIENT_EDIT)
def webhook_create(request: MemberRequest, tenant: str) -> HttpResponse:
    """Make a webhook, and show its secret, this once."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            webhook, secret = actions.create_webhook(**form.cleaned_data, by=request.actor)
        except PolicyError as broken:
            form.add_error("name", str(broken))
        else:
            return _show_secret(request, webhook, secret)
    return render(request, "webhooks/create.html", {"form": form})


@requires(Permission.CLIENT_EDIT)
def webhook_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show a webhook and what became of its messages."""
    return _show(request, get_object_or_404(Webhook, pk=pk), SwitchForm())


@requires(Permission.CLIENT_EDIT)
@posted_only
def webhook_renew(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Give a webhook a new secret, and show it, this once."""
    webhook = get_object_or_404(Webhook, pk=pk)
    try:
        secret = actions.renew_webhook_secret(webhook=webhook, by=request.actor)
    except PolicyError as broken:
        messages.error(request, str(broken))
        return redirect("web:webhook-detail", tenant, pk)
    webhook.refresh_from_db()
    return _show_secret(request, webhook, secret)


@requires(Permission.CLIENT_EDIT)
@posted_only
def webhook_test(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Send a message that says nothing but that messages arrive."""
    webhook = get_object_or_404(Webhook, pk=pk)
    with or_say_why(request):
        actions.send_test_message(webhook=webhook, by=request.actor)
        messages.success(request, "A test is on its way. Load this page again to see its answer.")
    return redirect("web:webhook-detail", tenant, pk)


@requires(Permission.CLIENT_EDIT)
@posted_only
def webhook_disable(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Send nothing more to a webhook."""
    return _switch(request, pk, actions.disable_webhook, "is switched off and is told nothing more")


@requires(Permission.CLIENT_EDIT)
@posted_only
def webhook_enable(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Tell a webhook again of what happens."""
    said = "is on, and is told of what happens from now on"
    return _switch(request, pk, actions.enable_webhook, said)


@requires(Permission.CLIENT_EDIT)
@posted_only
def delivery_again(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Send one message once more."""
    delivery = get_object_or_404(WebhookDelivery, pk=pk)
    with or_say_why(request):
        actions.send_again(delivery=delivery, by=request.actor)
        messages.success(request, "The message goes out again, under the id it had.")
    return redirect("web:webhook-detail", tenant, delivery.webhook_id)


def _switch(
    request: MemberRequest, pk: UUID, switch: Callable[..., Webhook], said: str
) -> HttpResponse:
    """Switch a webhook with a reason; a form without one comes back on the webhook's page."""
    webhook, form = get_object_or_404(Webhook, pk=pk), SwitchForm(request.POST)
    if not form.is_valid():
        return _show(request, webhook, form)
    with or_say_why(request):
        switch(webhook=webhook, **form.cleaned_data, by=request.actor)
        messages.success(request, f"{webhook.name} {said}.")
    return redirect("web:webhook-detail", request.tenant.slug, pk)


def _show(request: MemberRequest, webhook: Webhook, form: SwitchForm) -> HttpResponse:
    """Show the page of a webhook, with a form that may have been filled in wrongly."""
    reading = read_webhook(webhook, now=timezone.now())
    page = Paginator(deliveries_of(webhook), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "webhooks/detail.html",
        {
            "reading": reading,
            "public_key": public_key_of(webhook),
            "page": page,
            "deliveries": [read_delivery(each, is_on=reading.is_on) for each in page],
            "patience": patience_in_words(),
            "form": form,
        },
    )


def _show_secret(request: MemberRequest, webhook: Webhook, secret: str) -> HttpResponse:
    return render(
        request,
        "webhooks/secret.html",
        {
            "reading": read_webhook(webhook, now=timezone.now()),
            "secret": secret,
            "public_key": public_key_of(webhook),
        },
    )
