"""The fair-market-value opinion on file."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from comanage.audit.models import APPEND_ONLY
from comanage.money_field import MoneyField, OptionalMoneyField
from comanage.tenancy.models import TenantModel
from comanage.values.period import Period

NOTHING = Value(0, output_field=MoneyField())


class Opinion(TenantModel):
    """What an independent valuator holds the work to be worth, at most, for one year.

    A part without a cap is one that the opinion says nothing about, so it cannot be paid.
    """

    program = models.ForeignKey(
        "agreements.Program", on_delete=models.PROTECT, related_name="opinions"
    )
    valuator = models.CharField(max_length=160)
    opined_on = models.DateField()
    valid_from = models.DateField()
    valid_until = models.DateField(help_text="First day it no longer holds.")
    fixed = MoneyField()
    incentive = MoneyField()
    salary = OptionalMoneyField(null=True)
    hourly = OptionalMoneyField(null=True)
    wrvu = OptionalMoneyField(null=True)
    savings = OptionalMoneyField(null=True)
    total = MoneyField()
    hourly_low = OptionalMoneyField(null=True, help_text="Of an hour of duties.")
    hourly_high = OptionalMoneyField(null=True)
    wrvu_low = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    wrvu_high = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    percentile = models.PositiveSmallIntegerField(
        null=True, help_text="Of the survey that the valuator relied on."
    )
    all_agreements = OptionalMoneyField(
        null=True, help_text="For one physician in a year, from every agreement with the hospital."
    )

    class Meta(TenantModel.Meta):
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="opinion_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(fixed__gte=0, incentive__gte=0), name="opinion_parts_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(
                    total__lte=F("fixed")
                    + F("incentive")
                    + Coalesce(F("salary"), NOTHING)
                    + Coalesce(F("hourly"), NOTHING)
                    + Coalesce(F("wrvu"), NOTHING)
                    + Coalesce(F("savings"), NOTHING)
                ),
                name="opinion_total_within_its_parts",
            ),
            models.CheckConstraint(
                condition=(Q(salary=None) | Q(salary__gte=0))
                & (Q(hourly=None) | Q(hourly__gte=0))
                & (Q(wrvu=None) | Q(wrvu__gte=0))
                & (Q(savings=None) | Q(savings__gte=0))
                & (Q(all_agreements=None) | Q(all_agreements__gte=0)),
                name="opinion_caps_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(hourly_low=None, hourly_high=None)
                | Q(hourly_low__gte=0, hourly_high__gte=F("hourly_low")),
                name="opinion_hourly_range_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(wrvu_low=None, wrvu_high=None)
                | Q(wrvu_low__gte=0, wrvu_high__gte=F("wrvu_low")),
                name="opinion_wrvu_range_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(percentile=None) | Q(percentile__gte=1, percentile__lte=99),
                name="opinion_percentile_1_99",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.valuator}, {self.total}"

    @property
    def validity(self) -> Period:
        """The days on which the opinion holds."""
        return Period(self.valid_from, self.valid_until)
