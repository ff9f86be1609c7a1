"""A session ends after twelve hours, however busy; idle logoff is the cookie's own age."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

_SIGNED_IN_AT = "signed_in_at"


class AbsoluteSessionLimitMiddleware:
    """Sign out whoever signed in longer ago than the limit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check the age before anything is answered."""
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            since = request.session.setdefault(_SIGNED_IN_AT, now)
            if now - since > settings.SESSION_ABSOLUTE_LIMIT.total_seconds():
                logout(request)
        return self.get_response(request)
