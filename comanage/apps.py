"""The ground as a Django app."""

from django.apps import AppConfig


class GroundConfig(AppConfig):
    """Tenancy, identity, audit, jobs and web."""

    name = "comanage"
    verbose_name = "Ground"

    def ready(self) -> None:
        """Register the system checks and the sign-in trail."""
        from comanage.identity import trail  # noqa: F401  (connects allauth's signals)
        from comanage.tenancy import checks  # noqa: F401  (registers itself)
