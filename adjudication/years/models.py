"""The snapshot of a year and the signatures on its hash."""

import pgtrigger
from django.db import models
from django.db.models import Q

from adjudication.years.steps import Step
from agreements.terms.models import MeasurementYear
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.money_field import MoneyField
from comanage.tenancy.models import TenantModel
from scorecards.cards.models import Scorecard


class Snapshot(TenantModel):
    """Everything a year's dollars depend on, frozen as canonical JSON. The newest is current."""

    year = models.ForeignKey(MeasurementYear, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="+")
    canonical = models.TextField(help_text="The exact characters that were hashed.")
    sha256 = models.CharField(max_length=64)
    total = MoneyField()
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "year", "number"], name="snapshot_number_once"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Snapshot {self.number} of {self.year}"


class Decision(models.TextChoices):
    """What a signatory says."""

    APPROVED = "approved", "Approved"
    CONDITIONAL = "conditional", "Approved on condition"
    RETURNED = "returned", "Returned for changes"


NOBODY_HOLDS_TWO = pgtrigger.Trigger(
    name="nobody_holds_two",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func=(
        "IF EXISTS (SELECT 1 FROM adjudication_comment c JOIN adjudication_invitation i "
        "ON i.id = c.invitation_id WHERE i.snapshot_id = NEW.snapshot_id "
        "AND i.member_id = NEW.signed_by_id) "
        "THEN RAISE EXCEPTION 'nobody signs and comments'; END IF; "
        "IF NEW.step <> 'review' AND (EXISTS (SELECT 1 FROM adjudication_recount r "
        "WHERE r.snapshot_id = NEW.snapshot_id AND r.recorded_by_id = NEW.signed_by_id) "
        "OR EXISTS (SELECT 1 FROM adjudication_samplemark m JOIN adjudication_sample p "
        "ON p.id = m.sample_id WHERE p.snapshot_id = NEW.snapshot_id "
        "AND m.marked_by_id = NEW.signed_by_id)) "
        "THEN RAISE EXCEPTION 'nobody reviews and takes another part'; END IF; RETURN NEW;"
    ),
)


class SignOff(TenantModel):
    """One signature on one snapshot's hash."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="sign_offs")
    step = models.CharField(max_length=12, choices=Step)
    decision = models.CharField(max_length=12, choices=Decision)
    snapshot_sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=1000, blank=True)
    statement = models.CharField(
        max_length=1000, blank=True, db_default="", help_text="Of independence, as confirmed."
    )
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "snapshot", "step"], name="step_once_per_snapshot"
            ),
            models.UniqueConstraint(
                fields=["tenant", "snapshot", "signed_by"], name="nobody_signs_two_steps"
            ),
            models.CheckConstraint(
                condition=~Q(decision="returned") | ~Q(note=""), name="a_return_has_its_reason"
            ),
            models.CheckConstraint(
                condition=~Q(decision="conditional") | (Q(step="counsel") & ~Q(note="")),
                name="counsel_alone_sets_conditions",
            ),
        ]
        triggers = [APPEND_ONLY, NOBODY_HOLDS_TWO]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_decision_display()}"
