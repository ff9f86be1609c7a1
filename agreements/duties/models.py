"""The duties of a year's terms."""

from django.db import models
from django.db.models import Q

from agreements.duties.fee import duty_amount
from agreements.terms.models import MeasurementYear, only_in_a_draft
from comanage.money_field import MoneyField
from comanage.tenancy.models import TenantModel
from comanage.values.money import Money

MOST_MINUTES = 20_000 * 60


class Frequency(models.TextChoices):
    """How often a duty is done."""

    ONCE = "once", "Once"
    WEEKLY = "weekly", "Every week"
    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every quarter"
    HALF_YEARLY = "half_yearly", "Twice a year"
    YEARLY = "yearly", "Once a year"
    AS_NEEDED = "as_needed", "As needed"


class Duty(TenantModel):
    """One duty that the fixed fee pays for: what it leaves behind, its time and what that is worth.

    Attributes:
        number: counts the duties of a year's terms from 1.
        key: of the catalogue's duty it was taken from; empty for one of the parties' own.
        minutes: a year, of all physicians together.
        rate: for an hour.
    """

    year = models.ForeignKey(MeasurementYear, on_delete=models.CASCADE, related_name="duties")
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=120)
    deliverable = models.CharField(max_length=300)
    frequency = models.CharField(max_length=12, choices=Frequency)
    minutes = models.PositiveIntegerField()
    rate = MoneyField()

    class Meta(TenantModel.Meta):
        ordering = ["number"]
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "year", "number"], name="duty_number_once"),
            models.UniqueConstraint(fields=["tenant", "year", "name"], name="duty_name_once"),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES),
                name="duty_takes_some_time",
            ),
            models.CheckConstraint(condition=Q(rate__gte=0), name="duty_rate_not_negative"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(deliverable=""), name="duty_leaves_something_behind"
            ),
        ]
        triggers = [only_in_a_draft("{row}.year_id")]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    @property
    def amount(self) -> Money:
        """What its time comes to at its rate."""
        return duty_amount(self.minutes, self.rate)
