"""How the OpenAPI document names what every operation but the open doors asks for."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


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
