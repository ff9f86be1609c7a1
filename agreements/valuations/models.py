"""The fair-market-value opinion on file."""

from django.db import models
from django.db.models import F, Q

from comanage.audit.models import APPEND_ONLY
from comanage.money_field import MoneyField
from comanage.tenancy.models import TenantModel
from comanage.values.period import Period


class Opinion(TenantModel):
    """What an independent valuator holds the work to be worth, at most, for one year."""

    program = models.ForeignKey(
        "agreements.Program", on_delete=models.PROTECT, related_name="opinions"
    )
    valuator = models.CharField(max_length=160)
    opined_on = models.DateField()
    valid_from = models.DateField()
    valid_until = models.DateField(help_text="First day it no longer holds.")
    fixed = MoneyField()
    incentive = MoneyField()
    total = MoneyField()

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
                condition=Q(total__lte=F("fixed") + F("incentive")),
                name="opinion_total_within_its_parts",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.valuator}, {self.total}"

    @property
    def validity(self) -> Period:
        """The days on which the opinion holds."""
        return Period(self.valid_from, self.valid_until)
