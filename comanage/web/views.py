"""The pages before any hospital: choose one, health."""

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from comanage.identity.models import Membership
from comanage.tenancy.scope import person_scope


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Choose a hospital; whoever has only one goes straight there."""
    assert request.user.pk is not None  # noqa: S101  (login_required saw to it)
    with person_scope(request.user.pk):
        memberships = [
            membership
            for membership in Membership.own.select_related("tenant").order_by("tenant__name")
            if membership.is_active_on(membership.tenant.today())
        ]
    if len(memberships) == 1:
        return redirect("adjudication:overview", memberships[0].tenant.slug)
    return render(request, "web/home.html", {"memberships": memberships})


def healthz(request: HttpRequest) -> HttpResponse:
    """Say whether the process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
