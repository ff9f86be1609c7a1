"""How the OpenAPI document says what DRF alone does not: the bearer, and keys refused."""

from typing import Any

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
)


# The base registers its subclasses by a hook that has no types.
class ExtractClientScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The token or key of an extract client, as a bearer."""

    target_class = "comanage.api.authentication.ExtractClientAuthentication"
    name = "extractClientKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Describe the header."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An access token of the token address, or an API key where the hospital "
            "has switched those on.",
        }


# The base registers its subclasses by a hook that has no types.
class StrictInput(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Input that refuses what it does not declare, so that nobody's misspelt wish is dropped."""

    target_class = "comanage.api.shapes.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Describe it as usual, and closed."""
        described = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)  # noqa: SLF001  (the documented way)
        return {**described, "additionalProperties": False}
