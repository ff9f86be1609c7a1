"""Groups, physicians, their time in a program, and seats."""

from datetime import date

from django.db import models
from django.db.models import Q

from comanage.identity.models import Membership
from comanage.tenancy.models import TenantModel


class PhysicianGroup(TenantModel):
    """The physicians' company: party to the agreement and payee."""

    name = models.CharField(max_length=160)

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="group_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Physician(TenantModel):
    """One physician, known by NPI."""

    npi = models.CharField("NPI", max_length=10)
    name = models.CharField(max_length=120)
    specialty = models.CharField(max_length=80)

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "npi"], name="physician_npi_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.specialty})"


class Participant(TenantModel):
    """A physician's days in a program."""

    program = models.ForeignKey(
        "agreements.Program", on_delete=models.PROTECT, related_name="participants"
    )
    physician = models.ForeignKey(Physician, on_delete=models.PROTECT, related_name="+")
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True, help_text="First day no longer in it.")

    class Meta(TenantModel.Meta):
        ordering = ["physician__name", "joined_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "program", "physician", "joined_on"],
                name="participant_once_per_day",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gt=models.F("joined_on")),
                name="participant_leaves_after_joining",
            ),
        ]

    def __str__(self) -> str:
        return str(self.physician)

    def takes_part_on(self, day: date) -> bool:
        """Say whether a day is one of theirs."""
        return self.joined_on <= day and (self.left_on is None or day < self.left_on)


class ProgramSeat(TenantModel):
    """A member's seat in a program: physicians and their managers see only where they sit."""

    program = models.ForeignKey(
        "agreements.Program", on_delete=models.PROTECT, related_name="seats"
    )
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["membership__user__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "program", "membership"], name="one_seat_per_program"
            ),
        ]

    def __str__(self) -> str:
        return str(self.membership)
