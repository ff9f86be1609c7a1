"""Adjudication as a Django app."""

from django.apps import AppConfig

from agreements.lint.earlier import say_years_by


class AdjudicationConfig(AppConfig):
    """The yearly decision, its statement and its payment."""

    name = "adjudication"
    verbose_name = "Adjudication"

    def ready(self) -> None:
        """Have the rules of agreements told what earlier years came to."""
        from adjudication.years.shown import shown

        say_years_by(shown)
