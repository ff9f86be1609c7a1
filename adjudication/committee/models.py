"""Who was asked to comment on a snapshot, and what they said. Neither is ever edited."""

import pgtrigger
from django.db import models
from django.db.models import Q

from adjudication.years.models import Snapshot
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.identity.roles import Role
from comanage.tenancy.models import TenantModel


class Invitation(TenantModel):
    """One member of the governing committee who was asked to comment on a snapshot."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="invitations")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40, choices=Role)
    asked_at = models.DateTimeField()
    last_day = models.DateField(help_text="The last day for comments, at the hospital.")
    closes_at = models.DateTimeField(help_text="The end of that day.")

    class Meta(TenantModel.Meta):
        ordering = ["member__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "snapshot", "member"], name="asked_once_per_snapshot"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=models.F("asked_at")), name="comments_close_after_asking"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.member}, until {self.last_day}"


# A late comment is refused by the rule, and by the database too, whose clock nobody sets back.
COMMENTS_HOLD = pgtrigger.Trigger(
    name="comments_hold",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func=(
        "IF EXISTS (SELECT 1 FROM adjudication_invitation i "
        "WHERE i.id = NEW.invitation_id AND i.closes_at <= NEW.said_at) "
        "THEN RAISE EXCEPTION 'the comments are closed'; END IF; "
        "IF EXISTS (SELECT 1 FROM adjudication_comment c "
        "WHERE c.invitation_id = NEW.invitation_id AND c.is_last) "
        "THEN RAISE EXCEPTION 'nothing follows the last comment'; END IF; "
        "IF EXISTS (SELECT 1 FROM adjudication_signoff s JOIN adjudication_invitation i "
        "ON i.snapshot_id = s.snapshot_id AND i.member_id = s.signed_by_id "
        "WHERE i.id = NEW.invitation_id) "
        "THEN RAISE EXCEPTION 'nobody signs and comments'; END IF; RETURN NEW;"
    ),
)


class Comment(TenantModel):
    """What a member said of the result, or that nothing more is to be said. It approves nothing."""

    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="comments")
    text = models.CharField(max_length=2000, blank=True)
    is_last = models.BooleanField(help_text="The member has no further comment.")
    said_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["said_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "invitation"],
                condition=Q(is_last=True),
                name="one_last_comment_per_member",
            ),
            models.CheckConstraint(
                condition=~Q(text="") | Q(is_last=True), name="a_comment_says_something"
            ),
        ]
        triggers = [APPEND_ONLY, COMMENTS_HOLD]

    def __str__(self) -> str:
        return self.text or "No further comment"
