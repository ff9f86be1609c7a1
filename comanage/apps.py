"""The ground as a Django app."""

from django.apps import AppConfig


class GroundConfig(AppConfig):
    """Tenancy, identity, audit, jobs and web."""

    name = "comanage"
    verbose_name = "Ground"

    def ready(self) -> None:
        """Register the system checks, the sign-in trail and the API's key; word the forms."""
        from comanage.api import openapi  # noqa: F401  (names the API's key in its document)
        from comanage.identity import trail  # noqa: F401  (connects allauth's signals)
        from comanage.tenancy import checks  # noqa: F401  (registers itself)
        from comanage.web.words import speak_plainly

        speak_plainly()
