"""The guard of an API door: anonymous is refused, and so is a view that names no permission."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from comanage.identity.actor import Actor

if TYPE_CHECKING:  # rest_framework.views reads this module's name from the settings
    from rest_framework.views import APIView


class HoldsPermission(BasePermission):
    """Let in actors whose role grants `view.permission`."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Refuse by default."""
        permission = getattr(view, "permission", None)
        actor = request.user
        return isinstance(actor, Actor) and permission is not None and actor.holds(permission)
