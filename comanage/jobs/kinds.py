"""Every kind of background work, and which of it runs nightly."""

from django.db.models import TextChoices


class JobKind(TextChoices):
    """What a job does. Its handler is registered with `handles(kind)` in a room's tasks."""

    CHECK_UPLOAD = "check_upload", "Check an uploaded file"
    RECOMPUTE_SCORECARD = "recompute_scorecard", "Recompute a scorecard"
    RENDER_REPORT = "render_report", "Render an adjudication report"


class ScheduleKind(TextChoices):
    """What a hospital has done every night, in its own time."""

    NIGHTLY_SCORECARDS = "nightly_scorecards", "Nightly scorecards"
