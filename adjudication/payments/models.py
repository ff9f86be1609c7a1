"""The ledger: entries that are never edited, and the estimates behind some.

An account is one component of a program's pay to one payee. What the hospital comes to owe is
positive, what it settles is negative, and the balance is the sum.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from adjudication.years.models import Snapshot
from agreements.participants.models import Physician, PhysicianGroup
from agreements.programs.models import Program
from agreements.terms.models import MeasurementYear
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.money_field import MoneyField
from comanage.tenancy.models import TenantModel
from comanage.values.period import Period


class Component(models.TextChoices):
    """The part of the pay."""

    FIXED_FEE = "fixed_fee", "Fixed fee"
    HOURLY = "hourly", "Hourly duties"
    SALARY = "salary", "Salary"
    WRVU = "wrvu", "Pay by wRVU"
    SAVINGS = "savings", "Shared savings"
    INCENTIVE = "incentive", "Incentive"


class EstimateStatus(models.TextChoices):
    """Where an estimate is."""

    PROPOSED = "proposed", "Proposed, to be approved"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    TAKEN_BACK = "taken_back", "Taken back"


ESTIMATES_STAY = pgtrigger.Trigger(
    name="estimates_stay",
    operation=pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    func=(
        "IF TG_OP = 'DELETE' OR OLD.status IN ('declined', 'taken_back') "
        "OR (OLD.status = 'approved' AND NEW.status <> 'taken_back') OR "
        + " OR ".join(
            f"OLD.{column} IS DISTINCT FROM NEW.{column}"
            for column in (
                *("year_id", "starts_on", "ends_on", "component", "payee_id", "amount"),
                *("proposed_by_id", "proposed_at"),
            )
        )
        + " THEN RAISE EXCEPTION 'an estimate is decided once and never edited'; END IF; "
        "RETURN NEW;"
    ),
)


class Estimate(TenantModel):
    """What finance proposes to pay on account of one quarter, and what was decided about it."""

    year = models.ForeignKey(MeasurementYear, on_delete=models.PROTECT, related_name="estimates")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="First day after the quarter.")
    component = models.CharField(max_length=12, choices=Component)
    payee = models.ForeignKey(PhysicianGroup, on_delete=models.PROTECT, related_name="+")
    amount = MoneyField()
    status = models.CharField(
        max_length=12, choices=EstimateStatus, default=EstimateStatus.PROPOSED
    )
    reason = models.CharField(max_length=500)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decision_note = models.CharField(max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["starts_on", "component", "proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "year", "starts_on", "component", "payee"],
                condition=Q(status__in=["proposed", "approved"]),
                name="one_live_estimate_per_quarter",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="estimate_is_of_something"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="estimate_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by=None, decided_at=None)
                | (~Q(status="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="estimate_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="nobody_decides_their_own_estimate",
            ),
        ]
        triggers = [ESTIMATES_STAY]

    def __str__(self) -> str:
        return f"{self.get_component_display()} for {self.period}, {self.amount}"

    @property
    def period(self) -> Period:
        """The quarter."""
        return Period(self.starts_on, self.ends_on)


class EntryKind(models.TextChoices):
    """What an entry says."""

    DUE = "due", "Due"
    ESTIMATED = "estimated", "Estimated"
    TRUE_UP = "true_up", "True-up"
    RECOUPMENT = "recoupment", "Recoupment"
    CORRECTION = "correction", "Correction"
    PAID = "paid", "Paid"


class Side(models.TextChoices):
    """Which column of the account an entry stands in."""

    OWED = "owed", "Owed"
    SETTLED = "settled", "Settled"


_ITEM = (
    "p.tenant_id = NEW.tenant_id AND p.year_id = NEW.year_id "
    "AND p.component = NEW.component AND p.payee_id = NEW.payee_id "
    "AND p.physician_id IS NOT DISTINCT FROM NEW.physician_id"
)
_OPINION = (
    "(SELECT {cap} FROM agreements_opinion o "
    "JOIN agreements_measurementyear y ON y.opinion_id = o.id WHERE y.id = NEW.year_id)"
)
# What the opinion is silent about is worth nothing.
_CAP_OF_THE_COMPONENT = _OPINION.format(
    cap="coalesce(CASE NEW.component WHEN 'fixed_fee' THEN o.fixed "
    "WHEN 'incentive' THEN o.incentive WHEN 'hourly' THEN o.hourly "
    "WHEN 'salary' THEN o.salary WHEN 'wrvu' THEN o.wrvu WHEN 'savings' THEN o.savings END, 0)"
)
_CAP_OF_THE_WHOLE = _OPINION.format(cap="o.total")

LEDGER_HOLDS = pgtrigger.Trigger(
    name="ledger_holds",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func="".join(
        (
            "IF NOT EXISTS (SELECT 1 FROM agreements_measurementyear y ",
            "WHERE y.id = NEW.year_id AND y.program_id = NEW.program_id) ",
            "THEN RAISE EXCEPTION 'the year is of another program'; END IF; ",
            "IF (SELECT coalesce(sum(p.amount), 0) + NEW.amount FROM adjudication_ledgerentry p ",
            "WHERE p.year_id = NEW.year_id AND p.side = NEW.side) ",
            f"* (CASE NEW.side WHEN 'owed' THEN 1 ELSE -1 END) > {_CAP_OF_THE_WHOLE} ",
            "OR (SELECT coalesce(sum(p.amount), 0) + NEW.amount FROM adjudication_ledgerentry p ",
            "WHERE p.year_id = NEW.year_id AND p.side = NEW.side ",
            "AND p.component = NEW.component) ",
            f"* (CASE NEW.side WHEN 'owed' THEN 1 ELSE -1 END) > {_CAP_OF_THE_COMPONENT} ",
            "THEN RAISE EXCEPTION 'the ledger is above the fair-market-value opinion'; END IF; ",
            "IF NEW.kind = 'paid' THEN ",
            "IF (SELECT coalesce(sum(p.amount), 0) + NEW.amount FROM adjudication_ledgerentry p ",
            f"WHERE {_ITEM} AND p.starts_on = NEW.starts_on AND p.ends_on = NEW.ends_on) < 0 ",
            "THEN RAISE EXCEPTION 'more would be paid than is owed'; END IF; ",
            "IF NEW.number > 1 + (SELECT count(*) FROM adjudication_ledgerentry p ",
            f"WHERE {_ITEM} AND p.starts_on = NEW.starts_on AND p.ends_on = NEW.ends_on ",
            "AND p.kind = 'correction') ",
            "THEN RAISE EXCEPTION 'paid already, and nothing was corrected since'; END IF; ",
            "IF EXISTS (SELECT 1 FROM adjudication_signoff s ",
            "WHERE s.snapshot_id = NEW.snapshot_id AND s.signed_by_id = NEW.recorded_by_id) ",
            "OR EXISTS (SELECT 1 FROM adjudication_estimate e ",
            "WHERE e.id = NEW.estimate_id AND e.decided_by_id = NEW.recorded_by_id) ",
            "THEN RAISE EXCEPTION 'whoever authorized does not pay'; END IF; ",
            "END IF; RETURN NEW;",
        )
    ),
)

_OWED_KINDS = ["due", "estimated", "true_up"]
_SETTLED_KINDS = ["recoupment", "paid"]


class LedgerEntry(TenantModel):
    """One amount of one account, with its reason. A correction is a new entry.

    Attributes:
        physician: of the payee's, who is paid in person; None for the payee itself.
        number: of a payment for the same period; a further one needs a correction before it.
        about: the entry that a correction takes back or amends, or whose overpayment a
            recoupment recovers.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="entries")
    year = models.ForeignKey(MeasurementYear, on_delete=models.PROTECT, related_name="entries")
    sequence = models.PositiveIntegerField(help_text="Counts the program's entries from 1.")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="First day after the period that the amount is for.")
    component = models.CharField(max_length=12, choices=Component)
    payee = models.ForeignKey(PhysicianGroup, on_delete=models.PROTECT, related_name="+")
    physician = models.ForeignKey(
        Physician, null=True, on_delete=models.PROTECT, related_name="entries"
    )
    kind = models.CharField(max_length=12, choices=EntryKind)
    side = models.CharField(max_length=8, choices=Side)
    amount = MoneyField()
    number = models.PositiveSmallIntegerField(default=1)
    snapshot = models.ForeignKey(
        Snapshot, null=True, on_delete=models.PROTECT, related_name="entries"
    )
    estimate = models.ForeignKey(
        Estimate, null=True, on_delete=models.PROTECT, related_name="entries"
    )
    about = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=600)
    clause = models.CharField(max_length=200, help_text="Where the agreement says so.")
    paid_on = models.DateField(null=True, help_text="The day on which money moved.")
    reference = models.CharField(max_length=60, blank=True, help_text="The hospital's own.")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "program", "sequence"], name="entry_sequence_once_per_program"
            ),
            models.UniqueConstraint(
                fields=[
                    *("tenant", "program", "year", "starts_on", "ends_on", "component"),
                    *("payee", "physician", "number"),
                ],
                condition=Q(kind="paid"),
                name="one_live_payment",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["tenant", "estimate"],
                condition=Q(kind="estimated"),
                name="estimate_booked_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "year", "component", "payee", "physician"],
                condition=Q(kind__in=["due", "true_up"]),
                name="year_booked_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["tenant", "about"],
                condition=Q(kind="correction"),
                name="entry_corrected_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=_OWED_KINDS, side="owed")
                | Q(kind__in=_SETTLED_KINDS, side="settled")
                | Q(kind="correction"),
                name="entry_on_its_side",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="entry_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(kind="paid")
                | (Q(amount__lte=0, paid_on__isnull=False) & ~Q(reference="")),
                name="payment_has_its_day_and_reference",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["due", "true_up"]) | Q(snapshot__isnull=False),
                name="year_is_booked_from_a_snapshot",
            ),
            models.CheckConstraint(
                condition=~Q(kind="due") | Q(amount__gte=0), name="due_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(kind="estimated") | Q(amount__gt=0, estimate__isnull=False),
                name="estimate_is_booked_from_an_approval",
            ),
            models.CheckConstraint(
                condition=~Q(kind="correction") | Q(about__isnull=False),
                name="correction_names_its_entry",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="entry_has_its_reason"),
        ]
        triggers = [APPEND_ONLY, LEDGER_HOLDS]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_component_display().lower()} {self.amount}"

    @property
    def period(self) -> Period:
        """The days that the amount is for."""
        return Period(self.starts_on, self.ends_on)

    @property
    def payee_name(self) -> str:
        """Who is paid: the group, or one of its physicians."""
        return self.physician.name if self.physician else self.payee.name
