"""Every kind of background work, and which of it a hospital has done every day."""

from datetime import time

from django.db.models import TextChoices


class JobKind(TextChoices):
    """What a job does. Its handler is registered with `handles(kind)` in a room's tasks."""

    JOIN_PARTS = "join_parts", "Join the parts of an uploaded file"
    CHECK_UPLOAD = "check_upload", "Check an uploaded file"
    REMIND = "remind", "Tell whom a late file or an ending agreement concerns"
    WEIGH_UPLOAD = "weigh_upload", "Compare a file that waits with what counts"
    RECOMPUTE_SCORECARD = "recompute_scorecard", "Recompute a scorecard"
    ASSESS_OPPORTUNITIES = "assess_opportunities", "Compute an opportunity assessment"
    MAIL_NOTICE = "mail_notice", "Mail a notice"
    DESTROY_DUE_FILES = "destroy_due_files", "Destroy the files whose time is over"
    MAKE_EXPORT = "make_export", "Make an export"
    DELIVER_WEBHOOK = "deliver_webhook", "Deliver a message to a webhook"
    RENDER_REPORT = "render_report", "Render an adjudication report"


class ScheduleKind(TextChoices):
    """What a hospital has done every day, in its own time."""

    NIGHTLY_SCORECARDS = "nightly_scorecards", "Nightly scorecards"
    MORNING_REMINDERS = "morning_reminders", "Morning reminders"
    NIGHTLY_RETENTION = "nightly_retention", "Nightly destruction of files"


# When each is done by the hospital's clock, so that a mail is there when the day begins.
LOCAL_TIMES = {
    ScheduleKind.NIGHTLY_SCORECARDS: time(2, 0),
    ScheduleKind.MORNING_REMINDERS: time(7, 0),
    ScheduleKind.NIGHTLY_RETENTION: time(3, 0),
}
