"""All models of the room, gathered for Django."""

from scorecards.cards.models import Scorecard
from scorecards.feeds.models import Feed, FeedUse
from scorecards.intake.models import Slice, Upload, UploadFinding

__all__ = ["Feed", "FeedUse", "Scorecard", "Slice", "Upload", "UploadFinding"]
