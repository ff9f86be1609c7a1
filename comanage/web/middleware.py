"""Headers that Django and django-csp leave out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class BrowserHeadersMiddleware:
    """No device access; nothing of a signed-in page is kept in any cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers to every answer."""
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = _PERMISSIONS_POLICY
        response.headers.setdefault("Cache-Control", "no-store")
        return response
