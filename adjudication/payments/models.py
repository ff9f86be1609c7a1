"""The payment entry."""

import pgtrigger
from django.db import models
from django.db.models import Q

from adjudication.years.models import Snapshot
from agreements.participants.models import PhysicianGroup
from agreements.terms.models import MeasurementYear
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.money_field import MoneyField
from comanage.tenancy.models import TenantModel


class Component(models.TextChoices):
    """The part of the pay."""

    FIXED_FEE = "fixed_fee", "Fixed fee"
    INCENTIVE = "incentive", "Incentive"


PAYMENTS_WITHIN_THE_OPINION = pgtrigger.Trigger(
    name="payments_within_the_opinion",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func=(
        "IF (SELECT coalesce(sum(p.amount), 0) + NEW.amount FROM adjudication_paymententry p "
        "WHERE p.year_id = NEW.year_id) > (SELECT o.total FROM agreements_opinion o "
        "JOIN agreements_measurementyear y ON y.opinion_id = o.id WHERE y.id = NEW.year_id) "
        "THEN RAISE EXCEPTION 'payments are above the fair-market-value opinion'; END IF; "
        "RETURN NEW;"
    ),
)


class PaymentEntry(TenantModel):
    """An amount paid to a group for one component of one year."""

    year = models.ForeignKey(MeasurementYear, on_delete=models.PROTECT, related_name="payments")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="payments")
    component = models.CharField(max_length=12, choices=Component)
    payee = models.ForeignKey(PhysicianGroup, on_delete=models.PROTECT, related_name="+")
    amount = MoneyField()
    paid_on = models.DateField()
    reference = models.CharField(max_length=60, help_text="The hospital's own payment reference.")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["component"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "year", "component", "payee"], name="one_payment_per_component"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payment_not_negative"),
        ]
        triggers = [APPEND_ONLY, PAYMENTS_WITHIN_THE_OPINION]

    def __str__(self) -> str:
        return f"{self.get_component_display()} {self.amount}"
