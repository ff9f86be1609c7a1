"""The measurement year, its agreed indicators and their tiers.

While a year is a draft its rows may change. Once locked, the database refuses every change of
terms, by triggers that hold for raw SQL too.
"""

from datetime import date
from fractions import Fraction

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Greatest, Least, Substr

from comanage.identity.models import User
from comanage.money_field import MoneyField
from comanage.tenancy.models import TenantModel
from comanage.values.period import Period
from indicators.library.models import IndicatorVersion
from indicators.library.vocabulary import OBP_CLASSES


class YearStatus(models.TextChoices):
    """Where a measurement year is."""

    DRAFT = "draft", "Draft"
    LOCKED = "locked", "Terms locked"
    OPEN = "open", "On the clock"
    CLOSED = "closed", "Closed for adjudication"


class MissingRule(models.TextChoices):
    """What happens to the weight of an indicator that has no rate."""

    REDISTRIBUTE = "redistribute", "Its weight goes to the scored indicators in proportion"
    UNPAID = "unpaid", "Its part of the pool is not paid"


class EarlyEnd(models.TextChoices):
    """What is due of the incentive when the agreement ends inside the year."""

    BY_DAYS = "by_days", "By its days once six months are over, unless the way it ended forfeits it"
    NONE = "none", "Nothing"
    SILENT = "silent", "The agreement says nothing of it"


_PAY = ("fixed_fee", "incentive_pool", "estimate_share", "early_end")
_TERMS = ("starts_on", "ends_on", "scope", *_PAY, "missing_rule", "scoring_plan", "allocation")
_TERMS_KEPT = " AND ".join(
    f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}"
    for column in (*_TERMS, "program_id", "opinion_id", "signed_on", "terms", "terms_sha256")
)

LOCKED_TERMS_STAY = pgtrigger.Trigger(
    name="locked_terms_stay",
    operation=pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    condition=pgtrigger.Condition("OLD.status <> 'draft'"),
    func=(
        "IF TG_OP = 'DELETE' OR NEW.status = 'draft' OR NOT ("
        + _TERMS_KEPT
        + ") THEN RAISE EXCEPTION 'locked terms cannot change'; END IF; RETURN NEW;"
    ),
)

WITHIN_THE_OPINION = pgtrigger.Trigger(
    name="within_the_opinion",
    operation=pgtrigger.Insert | pgtrigger.Update,
    when=pgtrigger.Before,
    condition=pgtrigger.Condition("NEW.status <> 'draft'"),
    func=(
        "IF NOT EXISTS (SELECT 1 FROM agreements_opinion o WHERE o.id = NEW.opinion_id "
        "AND NEW.fixed_fee <= o.fixed AND NEW.incentive_pool <= o.incentive "
        "AND NEW.fixed_fee + NEW.incentive_pool <= o.total "
        "AND NOT EXISTS (SELECT 1 FROM agreements_paycomponent c WHERE c.year_id = NEW.id "
        "AND CASE c.kind WHEN 'hourly' THEN o.hourly WHEN 'salary' THEN o.salary "
        "WHEN 'savings' THEN o.savings ELSE o.wrvu END "
        "IS NULL)) "
        "THEN RAISE EXCEPTION 'pay is above the fair-market-value opinion'; END IF; RETURN NEW;"
    ),
)


def only_in_a_draft(year_of: str) -> pgtrigger.Trigger:
    """Refuse any change of a row whose year is no longer a draft, and any move out of such a year.

    Args:
        year_of: SQL of the year's id, with `{row}` for the row before or after the change.
    """
    return pgtrigger.Trigger(
        name="only_in_a_draft",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=(
            "IF EXISTS (SELECT 1 FROM agreements_measurementyear y WHERE y.status <> 'draft' "
            f"AND y.id IN ({year_of.format(row='OLD')}, {year_of.format(row='NEW')})) "
            "THEN RAISE EXCEPTION 'locked terms cannot change'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
        ),
    )


def _of_the_end(place: int, letters: int) -> Cast:
    """Read a number of the day in `ending`, which is written `2026-07-01`."""
    day = KeyTextTransform("on", "ending")
    return Cast(Substr(day, place, letters), IntegerField())


# Nothing where the agreement did not end early; a cast of the whole text is not immutable.
_ENDED_ON = Func(
    _of_the_end(1, 4),
    _of_the_end(6, 2),
    _of_the_end(9, 2),
    function="make_date",
    output_field=models.DateField(),
)


class MeasurementYear(TenantModel):
    """One year of a program: period, pay, scope, and when it was locked and opened."""

    program = models.ForeignKey(
        "agreements.Program", on_delete=models.PROTECT, related_name="years"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="First day after the year.")
    opinion = models.ForeignKey(
        "agreements.Opinion", on_delete=models.PROTECT, related_name="years"
    )
    fixed_fee = MoneyField()
    incentive_pool = MoneyField()
    estimate_share = models.DecimalField(
        max_digits=9,
        decimal_places=8,
        null=True,
        help_text="Of the pool, that may be paid before the year is adjudicated.",
    )
    early_end = models.CharField(
        max_length=7, choices=EarlyEnd, default=EarlyEnd.SILENT, db_default=EarlyEnd.SILENT
    )
    scope = models.TextField(max_length=2000, blank=True)
    missing_rule = models.CharField(
        max_length=20, choices=MissingRule, default=MissingRule.REDISTRIBUTE
    )
    allocation = models.JSONField(
        null=True, help_text="How the group divides what it is paid; null where it is silent."
    )
    scoring_plan = models.JSONField(
        null=True,
        editable=False,
        help_text="How results earn the pool; empty for weights and tiers of the indicators.",
    )
    status = models.CharField(max_length=10, choices=YearStatus, default=YearStatus.DRAFT)
    signed_on = models.DateField(null=True)
    terms = models.JSONField(null=True, editable=False)
    terms_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    ending = models.JSONField(
        null=True,
        editable=False,
        help_text="How the agreement ended inside the year, from the register; no term of it.",
    )
    locked_at = models.DateTimeField(null=True, editable=False)
    locked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, editable=False)
    opened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="year_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(fixed_fee__gte=0, incentive_pool__gte=0), name="year_pay_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(estimate_share=None) | Q(estimate_share__gt=0, estimate_share__lte=1),
                name="estimate_share_0_1",
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | (~Q(terms_sha256="") & Q(locked_at__isnull=False, signed_on__isnull=False)),
                name="locked_year_is_signed_and_hashed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "locked"]) | Q(opened_at__isnull=False),
                name="open_year_has_its_moment",
            ),
            ExclusionConstraint(
                name="days_in_effect_do_not_overlap",
                expressions=[
                    ("tenant", RangeOperators.EQUAL),
                    ("program", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            Greatest(F("starts_on"), Least(F("ends_on"), _ENDED_ON)),
                            RangeBoundary(),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        triggers = [LOCKED_TERMS_STAY, WITHIN_THE_OPINION]

    def __str__(self) -> str:
        return f"{self.program}, {self.period}"

    @property
    def period(self) -> Period:
        """The days that count."""
        return Period(self.starts_on, self.ends_on)

    @property
    def ended_on(self) -> date | None:
        """The first day without the agreement; None where it did not end before the year's."""
        return date.fromisoformat(self.ending["on"]) if self.ending else None

    @property
    def pay_ends_on(self) -> date:
        """The first day that is not paid for any more."""
        return min(self.ended_on or self.ends_on, self.ends_on)

    @property
    def in_effect(self) -> Period | None:
        """The days that are paid for; None where the agreement ended before the year began."""
        end = self.pay_ends_on
        return Period(self.starts_on, end) if end > self.starts_on else None

    @property
    def estimate_percent(self) -> str:
        """The share of the pool that may be paid on account, as it is typed; empty for none."""
        if self.estimate_share is None:
            return ""
        return f"{(self.estimate_share * 100).normalize():f}%"

    @property
    def is_draft(self) -> bool:
        """Whether the terms may still change."""
        return self.status == YearStatus.DRAFT


class AgreedIndicator(TenantModel):
    """An indicator version with its weight and baseline in one year's terms."""

    year = models.ForeignKey(MeasurementYear, on_delete=models.CASCADE, related_name="indicators")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(IndicatorVersion, on_delete=models.PROTECT, related_name="+")
    weight = models.PositiveSmallIntegerField(help_text="Points of 100.")
    minimum_cases = models.PositiveIntegerField(default=20)
    compare_places = models.PositiveSmallIntegerField(default=1)
    baseline_numerator = models.DecimalField(max_digits=18, decimal_places=6)
    baseline_denominator = models.DecimalField(max_digits=18, decimal_places=6)
    data_source = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="The system or registry, and who at the hospital answers for it.",
    )
    baseline_source = models.CharField(max_length=200)
    baseline_from = models.DateField(null=True, help_text="First day of the counts.")
    baseline_until = models.DateField(null=True, help_text="First day after the counts.")
    baseline_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of the computation from history; empty when entered."
    )
    baseline_scope = models.TextField(
        max_length=2000, blank=True, help_text="The scope of that computation."
    )
    rebase_reason = models.CharField(max_length=500, blank=True)
    outcome_class = models.CharField(
        max_length=20,
        choices=list(OBP_CLASSES.items()),
        blank=True,
        default="",
        db_default="",
        help_text="Where its definition says no other than quality; empty where that holds.",
    )

    class Meta(TenantModel.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "year", "version"], name="indicator_once_per_year"
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=100), name="weight_1_100"
            ),
            models.CheckConstraint(
                condition=Q(baseline_denominator__gt=0, baseline_numerator__gte=0),
                name="baseline_is_a_rate",
            ),
            models.CheckConstraint(
                condition=Q(baseline_from__isnull=True, baseline_until__isnull=True)
                | Q(baseline_until__gt=F("baseline_from")),
                name="baseline_period_is_whole",
            ),
        ]
        triggers = [only_in_a_draft("{row}.year_id")]

    def __str__(self) -> str:
        return str(self.version)

    @property
    def baseline_period(self) -> Period | None:
        """The days that the baseline counts; None when nobody said."""
        if self.baseline_from is None or self.baseline_until is None:
            return None
        return Period(self.baseline_from, self.baseline_until)

    @property
    def baseline(self) -> Fraction:
        """The rate before the program."""
        return Fraction(self.baseline_numerator) / Fraction(self.baseline_denominator)


LAST_GOAL_YEAR = 3


class Tier(TenantModel):
    """A rate that earns a share of the indicator's part of the pool.

    Goals reach up to three years ahead: those of the first year pay in these terms, those of
    the others are what the next year's draft begins with.
    """

    indicator = models.ForeignKey(AgreedIndicator, on_delete=models.CASCADE, related_name="tiers")
    year_number = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=30)
    goal = models.DecimalField(max_digits=18, decimal_places=8)
    share = models.DecimalField(max_digits=9, decimal_places=8)

    class Meta(TenantModel.Meta):
        ordering = ["year_number", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "indicator", "year_number", "position"],
                name="tier_position_once",
            ),
            models.CheckConstraint(
                condition=Q(year_number__gte=1, year_number__lte=LAST_GOAL_YEAR),
                name="tier_year_1_3",
            ),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="tier_share_0_1"),
        ]
        triggers = [
            only_in_a_draft(
                "(SELECT a.year_id FROM agreements_agreedindicator a "
                "WHERE a.id = {row}.indicator_id)"
            )
        ]

    def __str__(self) -> str:
        return self.name
