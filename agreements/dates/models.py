"""A member's own address under which a calendar reads the critical dates."""

from django.db import models
from django.db.models import Q

from comanage.identity.models import Membership
from comanage.tenancy.models import TenantModel


class CalendarFeed(TenantModel):
    """One feed of one member. Of its secret only a hash is kept."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    secret_sha256 = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "membership"],
                condition=Q(revoked_at=None),
                name="one_live_feed_of_a_member",
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar feed of {self.membership}"
