"""The doors of a hospital's API that open without a token, because one is had there.

Neither looks behind any wall by itself: the first answers alike for every name of a hospital,
the second opens the scope that the client's own id names, and no other.
"""

from django.conf import settings
from django.urls import reverse

CONFIGURATION = "api/v1/.well-known/smart-configuration"
TOKEN = "api/v1/auth/token"  # noqa: S105  (an address)
OPEN_DOORS = frozenset({CONFIGURATION, TOKEN})


def token_address(slug: str) -> str:
    """Return the address that an assertion must be made out to, whatever host was called."""
    return settings.BASE_URL.rstrip("/") + reverse("clients:token", args=[slug])
