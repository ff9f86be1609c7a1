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

from comanage.api.problems import problem_response
from comanage.identity.principals import ForeignOrAbsentError, NotSignedInError, principal_of
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
        is_api = rest.partition("/")[0] == API_PART
        if not is_api and not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        try:
            with principal_of(request, slug, is_api=is_api):
                response = self.get_response(request)
                if getattr(request, "must_roll_back", False):
                    transaction.set_rollback(True)
                if is_api and response.status_code == 404:  # also where no door was found
                    return not_found(request, is_api=True)
                return response
        except ForeignOrAbsentError:
            return not_found(request, is_api=is_api)
        except NotSignedInError:
            return _not_signed_in()

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Undo everything the request wrote: Django turns the exception into a page later."""
        request.must_roll_back = True  # type: ignore[attr-defined]  # read in __call__


def _not_signed_in() -> HttpResponse:
    answer = problem_response(
        401,
        code="not-authenticated",
        detail="Send a valid token or key of this hospital as `Authorization: Bearer <token>`.",
    )
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
