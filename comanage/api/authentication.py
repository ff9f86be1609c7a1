"""Extract clients as DRF sees them: the tenant middleware has believed the token already."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from comanage.identity.actor import Actor


def actor_of(request: Request) -> Actor:
    """Return who calls; the guard let nobody else in."""
    actor: Actor = request.user  # type: ignore[assignment]  # DRF calls every principal a user
    return actor


class ExtractClientAuthentication(BaseAuthentication):
    """Hand DRF the actor that the middleware found."""

    def authenticate(self, request: Request) -> tuple[Actor, None] | None:
        """Return the actor, or nobody."""
        actor = getattr(request._request, "actor", None)  # noqa: SLF001  (DRF wraps Django's)
        return (actor, None) if actor is not None else None

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that a missing key answers 401."""
        return "Bearer"
