"""What an independent reviewer recorded of a snapshot. The newest record of an indicator counts."""

import pgtrigger
from django.db import models
from django.db.models import Q

from adjudication.reviews.sampling import ALL_UP_TO
from adjudication.years.models import Snapshot
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.tenancy.models import TenantModel

_BY_THE_REVIEWER_ALONE = (
    "IF EXISTS (SELECT 1 FROM adjudication_signoff s "
    "WHERE s.snapshot_id = SNAPSHOT AND s.signed_by_id = NEW.PERSON) "
    "OR EXISTS (SELECT 1 FROM adjudication_comment c JOIN adjudication_invitation i "
    "ON i.id = c.invitation_id WHERE i.snapshot_id = SNAPSHOT AND i.member_id = NEW.PERSON) "
    "THEN RAISE EXCEPTION 'nobody reviews and takes another part'; END IF; RETURN NEW;"
)


def _by_the_reviewer_alone(snapshot: str, person: str) -> pgtrigger.Trigger:
    """Refuse a record by somebody who signed the snapshot, or commented for the committee.

    Args:
        snapshot: SQL of the snapshot's id.
        person: the column of who records.
    """
    return pgtrigger.Trigger(
        name="by_the_reviewer_alone",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func=_BY_THE_REVIEWER_ALONE.replace("SNAPSHOT", snapshot).replace("PERSON", person),
    )


class Method(models.TextChoices):
    """How a reviewer came to the figures."""

    RECOMPUTED = "recomputed", "Computed anew from the frozen inputs"
    COUNTED = "counted", "Own count"
    OFFLINE = "offline", "Verified offline"


class Recount(TenantModel):
    """One indicator's figures as the reviewer found them, held against the snapshot's."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="recounts")
    indicator = models.CharField(max_length=80, help_text="Slug.")
    method = models.CharField(max_length=12, choices=Method)
    is_match = models.BooleanField()
    reported = models.CharField(max_length=200, help_text="By the snapshot.")
    found = models.CharField(max_length=200, help_text="By the reviewer.")
    note = models.CharField(max_length=1000, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_match=True) | ~Q(note=""), name="a_mismatch_has_its_note"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "snapshot"], name="recount_by_snapshot")]
        triggers = [APPEND_ONLY, _by_the_reviewer_alone("NEW.snapshot_id", "recorded_by_id")]

    def __str__(self) -> str:
        return f"{self.indicator}: {'match' if self.is_match else 'mismatch'}"


class Sample(TenantModel):
    """The cases of one indicator that are held against their charts; which, follows from hashes."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="samples")
    indicator = models.CharField(max_length=80, help_text="Slug.")
    cases = models.PositiveIntegerField(help_text="Judged, of which the sample is drawn.")
    size = models.PositiveSmallIntegerField()
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["drawn_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "snapshot", "indicator"], name="one_sample_per_indicator"
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=ALL_UP_TO, size=models.F("cases"))
                | Q(size=ALL_UP_TO, cases__gt=ALL_UP_TO),
                name="sample_size_by_its_rule",
            ),
        ]
        triggers = [APPEND_ONLY, _by_the_reviewer_alone("NEW.snapshot_id", "drawn_by_id")]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.size} of {self.cases}"


class Mark(models.TextChoices):
    """What a chart says of a case as it was counted."""

    AGREES = "agrees", "Agrees with the chart"
    DIFFERS = "differs", "Differs from the chart"
    NOT_FOUND = "not_found", "Chart not found"


class SampleMark(TenantModel):
    """One case of a sample, held against its chart. It names no case: its place in the sample."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="marks")
    number = models.PositiveSmallIntegerField(help_text="Place in the sample, from 1.")
    mark = models.CharField(max_length=10, choices=Mark)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["marked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=ALL_UP_TO), name="mark_is_of_a_sampled_case"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "sample"], name="mark_by_sample")]
        triggers = [
            APPEND_ONLY,
            _by_the_reviewer_alone(
                "(SELECT s.snapshot_id FROM adjudication_sample s WHERE s.id = NEW.sample_id)",
                "marked_by_id",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_mark_display()}"
