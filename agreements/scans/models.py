"""The scan of an agreement that was signed on paper, and what a second person said of it."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from agreements.signing.models import SigningRound
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.tenancy.models import TenantModel
from comanage.vault.models import SealedFile


class ScanOutcome(models.TextChoices):
    """What a second person said of a scan."""

    CONFIRMED = "confirmed", "Confirmed"
    DECLINED = "declined", "Declined"


NOT_BY_WHO_SENT_IT = pgtrigger.Trigger(
    name="not_by_who_sent_it",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func=(
        "IF NEW.outcome = 'confirmed' AND EXISTS (SELECT 1 FROM agreements_signedscan s "
        "WHERE s.id = NEW.scan_id AND s.received_by_id = NEW.decided_by_id) "
        "THEN RAISE EXCEPTION 'nobody confirms the paper they sent'; END IF; RETURN NEW;"
    ),
)


class SignedScan(TenantModel):
    """A paper that both sides signed, as it came.

    Attributes:
        signed_on: day of the last signature, as the paper shows.
        received_on: day it came, by the clock at the hospital; nobody can choose it.
    """

    round = models.ForeignKey(SigningRound, on_delete=models.PROTECT, related_name="scans")
    file = models.ForeignKey(SealedFile, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField()
    received_on = models.DateField()
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-received_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_on__lte=F("received_on")), name="signed_scan_came_after_it_was"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Signed paper received {self.received_on}"


class ScanDecision(TenantModel):
    """Whether the paper shows the version and both signatures.

    Attributes:
        method: how whoever confirmed proved who they are at that moment.
    """

    scan = models.OneToOneField(SignedScan, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=ScanOutcome)
    reason = models.CharField(max_length=500, blank=True)
    method = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=(Q(outcome="confirmed", reason="") & ~Q(method=""))
                | (Q(outcome="declined", method="") & ~Q(reason="")),
                name="scan_decision_is_whole",
            ),
        ]
        triggers = [APPEND_ONLY, NOT_BY_WHO_SENT_IT]

    def __str__(self) -> str:
        return self.get_outcome_display()
