"""All models of the room, gathered for Django."""

from scorecards.baselines.models import Baseline
from scorecards.cards.models import Scorecard
from scorecards.feeds.models import Feed, FeedUse
from scorecards.intake.models import Slice, Upload, UploadFinding

__all__ = ["Baseline", "Feed", "FeedUse", "Scorecard", "Slice", "Upload", "UploadFinding"]
