"""Scorecards as a Django app."""

from django.apps import AppConfig

from agreements.terms.scoring_plans import read_plans_by
from scorecards.plans.fitting import fit_sentences


class ScorecardsConfig(AppConfig):
    """Hospital data, scoring and scorecards."""

    name = "scorecards"
    verbose_name = "Scorecards"

    def ready(self) -> None:
        """Have the scoring plan in terms read when they are locked."""
        read_plans_by(fit_sentences)
