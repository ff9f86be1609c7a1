"""A version that goes round for approval and signature, and what everybody did. Only added."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from agreements.drafting.models import Agreement, AgreementVersion
from agreements.negotiation.models import Side
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.identity.roles import Role
from comanage.tenancy.models import TenantModel
from comanage.vault.models import SealedFile


class Decided(models.TextChoices):
    """What an approver says of a version."""

    APPROVED = "approved", "Approved"
    CONDITIONAL = "conditional", "Approved on a condition"
    MET = "met", "Condition met"
    RETURNED = "returned", "Returned for changes"
    REJECTED = "rejected", "Rejected"


class SignedOutcome(models.TextChoices):
    """What a signatory did."""

    SIGNED = "signed", "Signed"
    DECLINED = "declined", "Declined"


NOT_BY_ITS_SENDER = pgtrigger.Trigger(
    name="not_by_its_sender",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func=(
        "IF NEW.outcome IN ('approved', 'conditional') AND EXISTS (SELECT 1 FROM "
        "agreements_signinground r WHERE r.id = NEW.round_id "
        "AND r.sent_by_id = NEW.decided_by_id) "
        "THEN RAISE EXCEPTION 'nobody approves what they sent'; END IF; RETURN NEW;"
    ),
)

BY_ITS_SENDER = pgtrigger.Trigger(
    name="by_its_sender",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func=(
        "IF NOT EXISTS (SELECT 1 FROM agreements_signinground r WHERE r.id = NEW.round_id "
        "AND r.sent_by_id = NEW.recalled_by_id) "
        "THEN RAISE EXCEPTION 'a round is recalled by whoever sent it'; END IF; RETURN NEW;"
    ),
)


class SigningRound(TenantModel):
    """A version on its way through approvals to signatures; a returned one needs another round.

    Attributes:
        needs: of `agreements.signing.matrix`, as they were when it was sent.
        physicians_first: whether the hospital signs after them; else in any order.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="rounds")
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField(help_text="Counts the rounds of the agreement.")
    needs = models.JSONField()
    hospital_signatory = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    physicians_signatory = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    physicians_first = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "agreement", "number"], name="signing_round_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(hospital_signatory=F("physicians_signatory")),
                name="nobody_signs_for_both_sides",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Round {self.number}"


class ApprovalDecision(TenantModel):
    """What one approver said of the version of a round."""

    round = models.ForeignKey(SigningRound, on_delete=models.PROTECT, related_name="decisions")
    role = models.CharField(max_length=40, choices=Role)
    outcome = models.CharField(max_length=12, choices=Decided)
    reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["decided_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "round", "role"],
                condition=~Q(outcome="met"),
                name="a_role_decides_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "round", "decided_by"],
                condition=~Q(outcome="met"),
                name="nobody_takes_two_steps",
            ),
            models.UniqueConstraint(
                fields=["tenant", "round", "role"],
                condition=Q(outcome="met"),
                name="a_condition_is_met_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["approved", "met"]) | ~Q(reason=""),
                name="approval_decision_has_its_reason",
            ),
        ]
        triggers = [APPEND_ONLY, NOT_BY_ITS_SENDER]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.get_outcome_display().lower()}"


class AgreementSignature(TenantModel):
    """A signature, or that it was declined.

    Attributes:
        sha256: of the version that was signed.
        typed_name: as the signatory wrote it.
        method: how they proved who they are at that moment.
        consent_version: of the text they consented to.
    """

    round = models.ForeignKey(SigningRound, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    outcome = models.CharField(max_length=10, choices=SignedOutcome)
    sha256 = models.CharField(max_length=64)
    typed_name = models.CharField(max_length=160, blank=True)
    method = models.CharField(max_length=80, blank=True)
    consent_version = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "round", "side"], name="a_side_signs_once"),
            models.UniqueConstraint(
                fields=["tenant", "round", "signed_by"], name="a_person_signs_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="declined", typed_name="") & ~Q(reason="")
                | Q(outcome="signed", reason="")
                & ~Q(typed_name="")
                & ~Q(method="")
                & ~Q(consent_version=""),
                name="signature_is_whole",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} for the {self.get_side_display().lower()}"


class RoundRecall(TenantModel):
    """That whoever sent a version round took it back before both had signed."""

    round = models.OneToOneField(SigningRound, on_delete=models.PROTECT, related_name="recall")
    reason = models.CharField(max_length=500)
    recalled_at = models.DateTimeField()
    recalled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="round_recall_has_its_reason"),
        ]
        triggers = [APPEND_ONLY, BY_ITS_SENDER]

    def __str__(self) -> str:
        return f"Recall of {self.round_id}"


class ExecutedCopy(TenantModel):
    """The executed agreement as it was sealed: the version, both signatures, the certificate."""

    round = models.OneToOneField(SigningRound, on_delete=models.PROTECT, related_name="executed")
    file = models.ForeignKey(SealedFile, on_delete=models.PROTECT, related_name="+")
    executed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Executed copy of {self.round_id}"
