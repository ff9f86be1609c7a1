"""The tenant of a request is in its address: `/t/<tenant>/...`.

The middleware opens the transaction itself and holds it for the whole request, so that views,
lazily rendered templates and the audit trail all stand inside the same wall.
"""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from comanage.api.limiting import within_limit
from comanage.api.problems import problem_response
from comanage.clients.doors import OPEN_DOORS
from comanage.clients.limits import client_policy, stranger_policy
from comanage.identity.principals import ForeignOrAbsentError, NotSignedInError, principal_of
from comanage.tenancy.scope import active_tenant_id
from comanage.web.addresses import address_of
from comanage.web.errors import not_found

PREFIX = "/t/"
API_PART = "api"


class TenantMiddleware:
    """Find the tenant and the principal, then answer inside the tenant's scope."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 404 alike for a hospital that is not there and one that is not yours."""
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        slug, _, rest = request.path.removeprefix(PREFIX).partition("/")
        if rest in OPEN_DOORS:  # no scope is open: such a door sees no row it does not unlock
            return _to_a_stranger(request, lambda: self.get_response(request))
        is_api = rest.partition("/")[0] == API_PART
        if not is_api and not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        try:
            with principal_of(request, slug, is_api=is_api):
                return self._to_a_machine(request) if is_api else self._answer(request)
        except ForeignOrAbsentError:
            if is_api:
                return _to_a_stranger(request, lambda: not_found(request, is_api=True))
            return not_found(request, is_api=False)
        except NotSignedInError:
            return _to_a_stranger(request, _not_signed_in)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        """Answer inside the scope, and undo what was written when an exception came."""
        response = self.get_response(request)
        if getattr(request, "must_roll_back", False):
            transaction.set_rollback(True)
        return response

    def _to_a_machine(self, request: HttpRequest) -> HttpResponseBase:
        """Answer within the limit of the machine that calls."""

        def answer() -> HttpResponse:
            response = self._answer(request)
            is_absent = response.status_code == 404  # also where no door was found
            return not_found(request, is_api=True) if is_absent else response

        actor = request.actor  # type: ignore[attr-defined]  # set by principal_of
        names = (str(active_tenant_id()), str(actor.id))
        return within_limit(client_policy(), *names, answer=answer)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Undo everything the request wrote: Django turns the exception into a page later."""
        request.must_roll_back = True  # type: ignore[attr-defined]  # read in __call__


def _to_a_stranger(
    request: HttpRequest, answer: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Answer within the limit of the network address that calls."""
    return within_limit(stranger_policy(), address_of(request), answer=answer)


def _not_signed_in() -> HttpResponse:
    answer = problem_response(
        401,
        code="not-authenticated",
        detail="Send a valid token or key of this hospital as `Authorization: Bearer <token>`.",
    )
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
