"""Parts of a year's pay beside its fixed fee and its incentive pool."""

from django.db import models
from django.db.models import F, Q

from agreements.participants.models import Physician
from agreements.terms.models import MeasurementYear, only_in_a_draft
from comanage.money_field import OptionalMoneyField
from comanage.tenancy.models import TenantModel
from comanage.values.period import Period


class ComponentKind(models.TextChoices):
    """How a part of the pay comes about. Nothing else can be agreed."""

    HOURLY = "hourly", "Duties by the hour"
    SALARY = "salary", "Salary"
    WRVU = "wrvu", "Pay by wRVU"
    SAVINGS = "savings", "Shared savings"


PAID_BY_WORK = (ComponentKind.HOURLY, ComponentKind.WRVU)
_NO_CAPS = Q(month_cap=None, quarter_cap=None, year_cap=None)
_NO_SHARE = Q(share_rate=None, minimum_rate=None, limit_rate=None, fee=None, least_points=None)


class PayComponent(TenantModel):
    """One part of the pay: its figures, its days, and who is paid.

    Attributes:
        number: counts the parts of a year's terms from 1; files of work name them by it.
        physician: who is paid; None for the group.
        month_cap, quarter_cap, year_cap: most paid minutes.
        rungs: of pay by wRVU, each with `above` and `rate` as exact text, the lowest first.
        minimum_rate: of the base year's cost that must be saved before any of it is shared.
        limit_rate: of that cost that a year's share never passes; None for no such limit.
        fee: of an administrator, taken from the savings first.
        least_points: of 100, that the year's indicators must earn before any of it is shared.
    """

    year = models.ForeignKey(MeasurementYear, on_delete=models.CASCADE, related_name="components")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=ComponentKind)
    label = models.CharField(max_length=80)
    physician = models.ForeignKey(
        Physician, null=True, on_delete=models.PROTECT, related_name="components"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="First day no longer in effect.")
    rate = OptionalMoneyField(null=True, help_text="For an hour.")
    month_cap = models.PositiveIntegerField(null=True)
    quarter_cap = models.PositiveIntegerField(null=True)
    year_cap = models.PositiveIntegerField(null=True)
    amount = OptionalMoneyField(null=True, help_text="For the whole year.")
    table_year = models.PositiveSmallIntegerField(
        null=True, help_text="Of the physician fee schedule by which wRVUs are counted."
    )
    rungs = models.JSONField(default=list)
    share_rate = models.DecimalField(max_digits=9, decimal_places=8, null=True)
    minimum_rate = models.DecimalField(max_digits=9, decimal_places=8, null=True)
    limit_rate = models.DecimalField(max_digits=9, decimal_places=8, null=True)
    fee = OptionalMoneyField(null=True)
    least_points = models.PositiveSmallIntegerField(null=True)

    class Meta(TenantModel.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "year", "number"], name="component_number_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="component_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="hourly", rate__gte=0, amount=None, table_year=None, rungs=[])
                    & ~_NO_CAPS
                    & _NO_SHARE
                )
                | (
                    Q(kind="salary", amount__gte=0, rate=None, table_year=None, rungs=[])
                    & Q(physician__isnull=False)
                    & _NO_CAPS
                    & _NO_SHARE
                )
                | (
                    Q(kind="wrvu", table_year__isnull=False, rate=None, amount=None)
                    & ~Q(rungs=[])
                    & _NO_CAPS
                    & _NO_SHARE
                )
                | (
                    Q(kind="savings", rate=None, amount=None, table_year=None, rungs=[])
                    & Q(physician=None, fee__gte=0)
                    & Q(share_rate__gt=0, share_rate__lte=1)
                    & Q(minimum_rate__gte=0, minimum_rate__lt=1)
                    & (Q(limit_rate=None) | Q(limit_rate__gt=0, limit_rate__lte=1))
                    & Q(least_points__gte=1, least_points__lte=100)
                    & _NO_CAPS
                ),
                name="component_has_the_figures_of_its_kind",
            ),
        ]
        triggers = [only_in_a_draft("{row}.year_id")]

    def __str__(self) -> str:
        return f"{self.number}. {self.label}"

    @property
    def in_effect(self) -> Period:
        """The days on which it is in effect."""
        return Period(self.starts_on, self.ends_on)
