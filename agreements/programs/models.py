"""The program."""

from django.db import models

from comanage.tenancy.models import TenantModel


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
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="program_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
