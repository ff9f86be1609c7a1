"""Monthly totals of work, and what was saved, with who recorded and who approved it.

Rows are only ever added.
"""

import pgtrigger
from django.db import models
from django.db.models import Q

from agreements.components.models import PayComponent
from agreements.participants.models import Physician
from agreements.terms.models import MeasurementYear
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.money_field import MoneyField
from comanage.tenancy.models import TenantModel

LONGEST_MONTH_MINUTES = 31 * 24 * 60


class WorkSheet(TenantModel):
    """Totals that somebody recorded together, from one source document."""

    year = models.ForeignKey(MeasurementYear, on_delete=models.PROTECT, related_name="work_sheets")
    number = models.PositiveSmallIntegerField(help_text="Counts the sheets of the year from 1.")
    source = models.CharField(max_length=200, help_text="The document that the totals stand in.")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "year", "number"], name="work_sheet_number_once"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="work_sheet_names_its_source"),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Sheet {self.number}, {self.source}"


class WorkEntry(TenantModel):
    """What one physician did in one month for one part of the pay: minutes, or wRVUs."""

    sheet = models.ForeignKey(WorkSheet, on_delete=models.PROTECT, related_name="entries")
    component = models.ForeignKey(PayComponent, on_delete=models.PROTECT, related_name="work")
    physician = models.ForeignKey(Physician, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="First day of the month.")
    minutes = models.PositiveIntegerField(null=True)
    wrvus = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    table_year = models.PositiveSmallIntegerField(null=True)

    class Meta(TenantModel.Meta):
        ordering = ["month", "component__number", "physician__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "sheet", "component", "physician", "month"],
                name="work_once_per_sheet",
            ),
            models.CheckConstraint(
                condition=Q(
                    minutes__gte=0, minutes__lte=LONGEST_MONTH_MINUTES, wrvus=None, table_year=None
                )
                | Q(minutes=None, wrvus__gte=0, table_year__isnull=False),
                name="work_is_minutes_or_wrvus",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.component.label}, {self.month:%Y-%m}"


class SavingsCount(TenantModel):
    """What the year and the twelve months before it cost, for a part that shares the savings."""

    sheet = models.OneToOneField(WorkSheet, on_delete=models.PROTECT, related_name="savings")
    component = models.ForeignKey(PayComponent, on_delete=models.PROTECT, related_name="savings")
    base_cost = MoneyField(help_text="Of the twelve months before the year.")
    base_cases = models.PositiveIntegerField()
    cost = MoneyField(help_text="Of the year.")
    cases = models.PositiveIntegerField()

    class Meta(TenantModel.Meta):
        ordering = ["sheet__number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(base_cost__gt=0, base_cases__gt=0, cost__gte=0, cases__gt=0),
                name="savings_are_counted_in_both_years",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.component.label}: {self.cost} after {self.base_cost}"


class WorkOutcome(models.TextChoices):
    """What was said of a sheet."""

    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"


NOBODY_APPROVES_THEIR_OWN = pgtrigger.Trigger(
    name="nobody_approves_their_own_work",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func=(
        "IF EXISTS (SELECT 1 FROM agreements_worksheet s WHERE s.id = NEW.sheet_id "
        "AND s.recorded_by_id = NEW.decided_by_id) "
        "THEN RAISE EXCEPTION 'nobody approves their own work'; END IF; RETURN NEW;"
    ),
)


class WorkDecision(TenantModel):
    """The end of a sheet: approved, so that it is paid, or declined."""

    sheet = models.OneToOneField(WorkSheet, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=WorkOutcome)
    note = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["decided_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="declined") | ~Q(note=""), name="declined_work_has_its_reason"
            ),
        ]
        triggers = [APPEND_ONLY, NOBODY_APPROVES_THEIR_OWN]

    def __str__(self) -> str:
        return self.get_outcome_display()
