"""What both sides say about versions of an agreement. Rows are only ever added.

Counsel's privileged notes stand in a table of their own, sealed: whoever reads the table, a copy
of it or an export sees bytes. `agreements.negotiation.privileged` alone opens them.
"""

import pgtrigger
from django.db import models
from django.db.models import Q

from agreements.drafting.models import Agreement, AgreementVersion, ClauseChange
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.tenancy.models import TenantModel

LONGEST_REASON = 400  # what was agreed with it becomes the reason of a changed clause


class Side(models.TextChoices):
    """On whose behalf somebody speaks."""

    HOSPITAL = "hospital", "Hospital"
    PHYSICIANS = "physicians", "Physicians"


class VersionShare(TenantModel):
    """The moment from which the physicians' side reads a version."""

    version = models.OneToOneField(AgreementVersion, on_delete=models.PROTECT, related_name="share")
    shared_at = models.DateTimeField()
    shared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-shared_at"]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.version}, shared"


class WordReturn(TenantModel):
    """A Word file that came back with edits; its differences are proposals, the file is not kept.

    Attributes:
        refused: one sentence for each difference that was not taken.
    """

    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="word_returns"
    )
    side = models.CharField(max_length=10, choices=Side)
    sha256 = models.CharField(max_length=64)
    reason = models.CharField(max_length=LONGEST_REASON)
    refused = models.JSONField(default=list)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "version", "side", "sha256"], name="word_file_comes_back_once"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Word file of version {self.version.number}"


class ClauseComment(TenantModel):
    """What somebody says about a clause or an exhibit of a version, for both sides to read.

    Attributes:
        key: of the clause; of `negotiation.redline` for an exhibit and what stands first.
        written_by: whom a Word file names as the writer; empty for what was typed here.
    """

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="comments")
    key = models.SlugField(max_length=60)
    side = models.CharField(max_length=10, choices=Side)
    text = models.TextField(max_length=4_000)
    written_by = models.CharField(max_length=80, blank=True)
    word_return = models.ForeignKey(
        WordReturn, null=True, on_delete=models.PROTECT, related_name="comments"
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["made_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="clause_comment_says_something"),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Comment on {self.key}"


class ProposedKind(models.TextChoices):
    """What a proposal does to a clause."""

    REPLACE = "replace", "Write anew"
    OMIT = "omit", "Leave out"
    ADD = "add", "Add"
    MOVE = "move", "Put elsewhere"


class Proposal(TenantModel):
    """A change of one clause that one side proposes to the other.

    Attributes:
        version: in which the clause reads as the proposal found it.
        key: of the clause; empty for one that is added.
        text: paragraphs apart by an empty line, as printed: with figures, not their places.
        after: the key of the clause that an added or moved one follows.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveSmallIntegerField(help_text="Counts the agreement's from 1.")
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    kind = models.CharField(max_length=10, choices=ProposedKind)
    key = models.SlugField(max_length=60, blank=True)
    heading = models.CharField(max_length=120, blank=True)
    text = models.TextField(max_length=20_000, blank=True)
    after = models.SlugField(max_length=60, blank=True)
    reason = models.CharField(max_length=LONGEST_REASON)
    word_return = models.ForeignKey(
        WordReturn, null=True, on_delete=models.PROTECT, related_name="proposals"
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "agreement", "number"], name="proposal_number_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="proposal_has_its_reason"),
            models.CheckConstraint(
                condition=(Q(kind="omit", heading="", text="", after="") & ~Q(key=""))
                | (Q(kind="replace", after="") & ~Q(key="") & ~Q(heading="") & ~Q(text=""))
                | (Q(kind="move", heading="", text="") & ~Q(key="") & ~Q(after=""))
                | (Q(kind="add", key="") & ~Q(after="") & ~Q(heading="") & ~Q(text="")),
                name="proposal_has_its_text",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Proposal {self.number}"


class Outcome(models.TextChoices):
    """What became of a proposal."""

    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


THE_OTHER_SIDE_DECIDES = pgtrigger.Trigger(
    name="the_other_side_decides",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func=(
        "IF EXISTS (SELECT 1 FROM agreements_proposal p WHERE p.id = NEW.proposal_id "
        "AND CASE NEW.outcome WHEN 'withdrawn' THEN p.side <> NEW.side "
        "ELSE p.side = NEW.side OR p.made_by_id = NEW.decided_by_id END) "
        "THEN RAISE EXCEPTION 'nobody decides on their own proposal'; END IF; RETURN NEW;"
    ),
)


class ProposalDecision(TenantModel):
    """The end of a proposal: accepted or declined by the other side, or withdrawn by its own.

    Attributes:
        change: what an accepted one did to the clause.
    """

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome)
    side = models.CharField(max_length=10, choices=Side)
    note = models.CharField(max_length=500, blank=True)
    change = models.ForeignKey(
        ClauseChange, null=True, on_delete=models.PROTECT, related_name="decisions"
    )
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-decided_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="declined") | ~Q(note=""),
                name="declined_proposal_has_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome="accepted", change__isnull=False)
                | (~Q(outcome="accepted") & Q(change=None)),
                name="accepted_proposal_has_its_change",
            ),
        ]
        triggers = [APPEND_ONLY, THE_OTHER_SIDE_DECIDES]

    def __str__(self) -> str:
        return self.get_outcome_display()


class PrivilegedNote(TenantModel):
    """A note of counsel or compliance about a clause, for these two alone.

    Attributes:
        sealed_text: opened by `negotiation.privileged` alone.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=60)
    sealed_text = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["made_at"]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return "Privileged note"
