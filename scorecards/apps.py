"""Scorecards as a Django app."""

from django.apps import AppConfig

from agreements.terms.scoring_plans import read_plans_by, say_plans_by
from scorecards.plans.exhibits import plan_sentences
from scorecards.plans.fitting import fit_sentences


class ScorecardsConfig(AppConfig):
    """Hospital data, scoring and scorecards."""

    name = "scorecards"
    verbose_name = "Scorecards"

    def ready(self) -> None:
        """Have the scoring plan in terms read when they are locked, and said in the agreement."""
        read_plans_by(fit_sentences)
        say_plans_by(plan_sentences)
