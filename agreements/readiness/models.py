"""The answers of one member. Rows are only ever added; a member's newest sheet counts."""

from django.db import models

from agreements.programs.models import Program
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.identity.roles import Role
from comanage.tenancy.models import TenantModel


class ReadinessSheet(TenantModel):
    """What one member answered about one program, in the role they had."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="readiness_sheets")
    number = models.PositiveSmallIntegerField(help_text="Counts the program's sheets from 1.")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role, help_text="In which it was answered.")
    answers = models.JSONField(
        help_text="By question: a step from 0 (not at all) to 4 (fully), or a figure; an open "
        "question is left out."
    )
    questions_sha256 = models.CharField(max_length=64, help_text="Of all that was asked.")
    submitted_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "program", "number"], name="readiness_sheet_number_once"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Sheet {self.number}, {self.get_role_display()}"
