"""The guard of a page: which permission its door asks for."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission

Params = ParamSpec("Params")
Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[Concatenate[MemberRequest, Params], HttpResponseBase]


def requires(permission: Permission) -> Callable[[View[Params]], View[Params]]:
    """Let a view answer only members whose role grants the permission; record who was denied."""

    def guard(view: View[Params]) -> View[Params]:
        @wraps(view)
        def guarded(
            request: MemberRequest, *args: Params.args, **kwargs: Params.kwargs
        ) -> HttpResponseBase:
            if request.actor.holds(permission):
                return view(request, *args, **kwargs)
            return deny(request, permission)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the door sweep
        return cast("View[Params]", guarded)

    return guard


def deny(request: MemberRequest, permission: Permission) -> HttpResponse:
    """Answer 403 and keep the attempt in the trail."""
    record_event(
        kind=EventKind.ACCESS_DENIED,
        subject=request.membership,
        by=request.actor,
        permission=permission.value,
    )
    return render(request, "403.html", status=403)


def permission_of(view: Callable[..., Any]) -> Permission | None:
    """Return the permission a view asks for, or None when it names none."""
    return getattr(view, "permission", None)
