"""Batches for accounts payable. Rows are only ever added."""

from django.db import models
from django.db.models import Q

from adjudication.payments.models import Component
from agreements.participants.models import Physician, PhysicianGroup
from agreements.programs.models import Program
from agreements.terms.models import MeasurementYear
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.money_field import MoneyField
from comanage.tenancy.models import TenantModel
from comanage.values.period import Period


class Handoff(TenantModel):
    """A batch of amounts that finance took to accounts payable, with the hash of each file."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="handoffs")
    number = models.PositiveIntegerField(help_text="Counts the hospital's batches from 1.")
    total = MoneyField()
    csv_sha256 = models.CharField(max_length=64)
    layout_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="handoff_number_once"),
            models.CheckConstraint(condition=Q(total__gt=0), name="handoff_is_of_something"),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Batch {self.number}, {self.total}"


class HandoffLine(TenantModel):
    """One amount of a batch, as the file has it. An amount is handed over once."""

    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="lines")
    year = models.ForeignKey(MeasurementYear, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    component = models.CharField(max_length=12, choices=Component)
    payee = models.ForeignKey(PhysicianGroup, on_delete=models.PROTECT, related_name="+")
    physician = models.ForeignKey(Physician, null=True, on_delete=models.PROTECT, related_name="+")
    payee_name = models.CharField(max_length=160, help_text="As it stood then.")
    program_name = models.CharField(max_length=120, help_text="As it stood then.")
    number = models.PositiveSmallIntegerField()
    amount = MoneyField()

    class Meta(TenantModel.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "handoff", "position"], name="handoff_position_once"
            ),
            models.UniqueConstraint(
                fields=[
                    *("tenant", "year", "starts_on", "ends_on", "component", "payee"),
                    *("physician", "number"),
                ],
                name="amount_handed_over_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="handoff_line_is_of_something"),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.get_component_display()} for {self.period}, {self.amount}"

    @property
    def period(self) -> Period:
        """The days that the amount is for."""
        return Period(self.starts_on, self.ends_on)
