"""What the API says of a submission: where it is, what was found, what it became."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from comanage.api.periods import write_period
from comanage.api.versions import etag_of
from scorecards.intake.models import UNDECIDED, Upload, UploadStatus
from scorecards.intake.outcome import COUNTED

VALIDATING, SUPERSEDED = "validating", "superseded"
STATES = {
    UploadStatus.RECEIVED.value: "waits for a worker",
    VALIDATING: "a worker reads and checks it",
    UploadStatus.HELD.value: "checked; a person decides whether it counts",
    UploadStatus.CHECKED.value: "checked; it was a dry run, so nothing was kept",
    UploadStatus.REJECTED.value: "refused; the outcome says why, and nothing was kept",
    UploadStatus.ACCEPTED.value: "its cases are the newest of the period, and count",
    SUPERSEDED: "its cases counted until a newer file of the period was accepted",
    UploadStatus.DECLINED.value: "a person decided that it does not count",
    UploadStatus.CANCELLED.value: "taken back before it was decided",
}
RUNNING = frozenset({UploadStatus.RECEIVED.value, VALIDATING})


class ProgressOutput(serializers.Serializer[Any]):
    """How far the check is."""

    percent = serializers.IntegerField(help_text="Of the file's bytes, 0 to 100.")
    rows_read = serializers.IntegerField()


class ColumnOutput(serializers.Serializer[Any]):
    """What was counted in one declared column."""

    missing = serializers.IntegerField()
    suppressed = serializers.IntegerField(help_text="Withheld by the source; never counted as 0.")
    restored = serializers.IntegerField(help_text="Cells that got their lost leading zeros back.")
    unwrapped = serializers.IntegerField(
        help_text='Codes written like `="010001"` and read as `010001`.'
    )


class CasesOutput(serializers.Serializer[Any]):
    """The version of the period's cases that the file became."""

    version = serializers.IntegerField()
    rows = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of the stored file of cases.")
    logical_sha256 = serializers.CharField(help_text="Of the decoded columns.")
    accepted_at = serializers.DateTimeField()


class SubmissionOutput(serializers.Serializer[Any]):
    """What became of a file."""

    id = serializers.UUIDField()
    feed = serializers.UUIDField()
    status = serializers.ChoiceField(choices=list(STATES.items()))
    period = serializers.CharField()
    mode = serializers.ChoiceField(choices=["commit", "dry-run"])
    schema = serializers.IntegerField(help_text="Version of the map it is checked with.")
    on_error = serializers.ChoiceField(choices=["refuse", "skip"])
    size = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of the file as it was sent.")
    received_at = serializers.DateTimeField()
    progress = ProgressOutput(allow_null=True, help_text="While the check runs.")
    checked_at = serializers.DateTimeField(allow_null=True)
    stated_rows = serializers.IntegerField(allow_null=True)
    rows = serializers.IntegerField(allow_null=True)
    rows_skipped = serializers.IntegerField()
    findings = serializers.IntegerField(help_text="Errors and warnings together.")
    warnings = serializers.IntegerField()
    dropped_columns = serializers.ListField(child=serializers.CharField())
    columns = serializers.DictField(child=ColumnOutput())
    outcome = serializers.CharField(help_text="Address of the findings, one JSON object a line.")
    waits_for = serializers.CharField(allow_null=True, help_text="Who must do what, while held.")
    decision = serializers.CharField(allow_null=True, help_text="Why a person decided as they did.")
    cases = CasesOutput(allow_null=True)


class FindingOutput(serializers.Serializer[Any]):
    """One thing found; never a value of a cell."""

    row = serializers.IntegerField(allow_null=True, help_text="The header is row 1.")
    column = serializers.CharField()
    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=["error", "warning"])
    message = serializers.CharField()


def state_of(upload: Upload) -> str:
    """Name the state; the upload comes from `queries.submissions`."""
    if upload.status == UploadStatus.RECEIVED and upload.started_at is not None:
        return VALIDATING
    is_superseded: bool = upload.is_superseded  # type: ignore[attr-defined]  # see submissions
    return SUPERSEDED if is_superseded else upload.status


def version_of(upload: Upload) -> str:
    """Return the ETag: it moves when the file is checked, decided or superseded, not before."""
    return etag_of([str(upload.pk), state_of(upload).replace(VALIDATING, UploadStatus.RECEIVED)])


def describe(upload: Upload, tenant: str) -> dict[str, Any]:
    """Say everything of a submission that `queries.submissions` has read."""
    is_decided = UploadStatus(upload.status) not in UNDECIDED
    described: dict[str, Any] = SubmissionOutput(
        {
            "id": upload.pk,
            "feed": upload.feed_id,
            "status": state_of(upload),
            "period": write_period(upload.period),
            "mode": "dry-run" if upload.is_dry_run else "commit",
            "schema": upload.map.version,
            "on_error": "skip" if upload.skips_faulty_rows else "refuse",
            "size": upload.size,
            "sha256": upload.sha256,
            "received_at": upload.received_at,
            "progress": _progress(upload),
            "checked_at": upload.checked_at,
            "stated_rows": upload.stated_rows,
            "rows": upload.rows,
            "rows_skipped": upload.rows_skipped,
            "findings": upload.findings_total,
            "warnings": upload.warnings_total,
            "dropped_columns": upload.dropped_columns,
            "columns": {name: _counts(counts) for name, counts in upload.counts.items()},
            "outcome": reverse("api:submission-outcome", args=[tenant, upload.pk]),
            "waits_for": _waits_for(upload),
            "decision": (upload.decision_reason or None) if is_decided else None,
            "cases": getattr(upload, "slice", None),
        }
    ).data
    return described


def _progress(upload: Upload) -> dict[str, int] | None:
    if state_of(upload) not in RUNNING:
        return None
    percent = min(100, 100 * upload.bytes_read // max(1, upload.size))
    return {"percent": percent, "rows_read": upload.rows_read}


def _counts(counts: dict[str, int]) -> dict[str, int]:
    return {name: counts.get(name, 0) for name in COUNTED}


def _waits_for(upload: Upload) -> str | None:
    if upload.status != UploadStatus.HELD:
        return None
    warnings = upload.warnings_total
    looks_at = "what the file changes"
    if warnings:
        looks_at += f" and at {warnings} warning{'' if warnings == 1 else 's'}"
    return f"The service-line administrator looks at {looks_at}, then accepts or declines it."
