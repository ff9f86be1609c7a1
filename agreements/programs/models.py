"""The program."""

from django.db import models

from comanage.tenancy.models import TenantModel

COMMENT_DAYS, MOST_COMMENT_DAYS = 10, 60


class ServiceLine(models.TextChoices):
    """The line of service that is managed together."""

    CARDIOVASCULAR = "cardiovascular", "Cardiovascular"
    ORTHOPAEDICS = "orthopedics", "Orthopedics and spine"
    NEUROSCIENCE = "neuroscience", "Neuroscience"
    ONCOLOGY = "oncology", "Oncology"
    SURGERY = "surgery", "Surgery and perioperative"


class AlignmentModel(models.TextChoices):
    """How hospital and physicians are bound together."""

    CO_MANAGEMENT = "co_management", "Co-management"
    PSA = "psa", "Professional services agreement"
    EMPLOYMENT = "employment", "Employment"


class Program(TenantModel):
    """A service line's program with one physician group."""

    name = models.CharField(max_length=120)
    service_line = models.CharField(max_length=30, choices=ServiceLine)
    alignment_model = models.CharField(
        max_length=20, choices=AlignmentModel, default=AlignmentModel.CO_MANAGEMENT
    )
    objective = models.TextField(max_length=2000)
    group = models.ForeignKey(
        "agreements.PhysicianGroup", on_delete=models.PROTECT, related_name="programs"
    )
    comment_days = models.PositiveSmallIntegerField(
        db_default=COMMENT_DAYS,
        help_text="Days in which the governing committee comments on a year's result.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="program_name_once"),
            models.CheckConstraint(
                condition=models.Q(comment_days__gte=1, comment_days__lte=MOST_COMMENT_DAYS),
                name="committee_has_days_to_comment",
            ),
        ]

    def __str__(self) -> str:
        return self.name
