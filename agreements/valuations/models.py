"""The fair-market-value opinion on file."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.identity.roles import Role
from comanage.money_field import MoneyField, OptionalMoneyField
from comanage.tenancy.models import TenantModel
from comanage.values.period import Period
from comanage.vault.models import SealedFile


class Basis(models.TextChoices):
    """How the valuator came to what the work is worth."""

    COST = "cost", "Cost approach"
    MARKET = "market", "Market approach"
    BOTH = "both", "Cost and market approach"


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

    basis = models.CharField(max_length=10, choices=Basis, blank=True, db_default="")
    assumed_minutes = models.PositiveIntegerField(
        null=True, help_text="Of duties a year that the fixed fee was held to be worth for."
    )
    assumptions = models.CharField(
        max_length=1000, blank=True, db_default="", help_text="What else the valuator assumed."
    )
    document = models.ForeignKey(SealedFile, null=True, on_delete=models.PROTECT, related_name="+")
    filed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(null=True)

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
            models.CheckConstraint(
                condition=Q(assumed_minutes=None) | Q(assumed_minutes__gte=1),
                name="opinion_assumes_some_time",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.valuator}, {self.total}"

    @property
    def validity(self) -> Period:
        """The days on which the opinion holds."""
        return Period(self.valid_from, self.valid_until)


class Memo(TenantModel):
    """Why the arrangement makes sense for the hospital even if it led to no referrals.

    Attributes:
        need: why the hospital needs it, and cannot do it with its own staff.
        alternatives: what else was looked at, and why it was not chosen.
        approver: who approved it, in which role.

    Source:
        42 CFR 411.351 (commercially reasonable).
    """

    program = models.ForeignKey(
        "agreements.Program", on_delete=models.PROTECT, related_name="memos"
    )
    purpose = models.TextField(max_length=3000)
    need = models.TextField(max_length=3000)
    alternatives = models.TextField(max_length=3000)
    approver = models.CharField(max_length=120)
    approver_role = models.CharField(max_length=40, choices=Role)
    approved_on = models.DateField()
    document = models.ForeignKey(SealedFile, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-approved_on", "-written_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(purpose="") & ~Q(need="") & ~Q(alternatives=""),
                name="memo_says_why",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Memo approved {self.approved_on}"
