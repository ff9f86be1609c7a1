"""All models of the room, gathered for Django."""

from scorecards.baselines.models import Baseline
from scorecards.cards.models import Scorecard
from scorecards.dataagreements.models import DataAgreement
from scorecards.feeds.models import Feed, FeedExpectation, FeedMap, FeedUse
from scorecards.intake.models import PartialUpload, Slice, Upload, UploadFinding, UploadPart
from scorecards.opportunities.models import Assessment, AssessmentOutcome
from scorecards.restatements.models import Restatement

__all__ = [
    "Assessment",
    "AssessmentOutcome",
    "Baseline",
    "DataAgreement",
    "Feed",
    "FeedExpectation",
    "FeedMap",
    "FeedUse",
    "PartialUpload",
    "Restatement",
    "Scorecard",
    "Slice",
    "Upload",
    "UploadFinding",
    "UploadPart",
]
