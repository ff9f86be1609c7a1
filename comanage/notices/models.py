"""The notice: one sentence to one person, with the page where they can act."""

from django.db import models

from comanage.identity.models import User
from comanage.tenancy.models import TenantModel


class Notice(TenantModel):
    """Something a person should know. The same thing is told to the same person once."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=160, help_text="The same key tells the same thing.")
    subject = models.CharField(max_length=200)
    body = models.CharField(max_length=1000)
    path = models.CharField(max_length=300, help_text="The page where they can act.")
    created_at = models.DateTimeField(auto_now_add=True)
    mailed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user", "key"], name="notice_once_per_key"),
        ]
        indexes = [models.Index(fields=["tenant", "user", "read_at"], name="notice_unread")]

    def __str__(self) -> str:
        return self.subject
