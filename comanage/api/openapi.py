"""How the OpenAPI document names the key that every operation asks for."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


# The base registers its subclasses by a hook that has no types.
class ExtractClientScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The key of an extract client, as a bearer token."""

    target_class = "comanage.api.authentication.ExtractClientAuthentication"
    name = "extractClientKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Describe the header."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "The key that a tenant administrator made, shown once.",
        }
