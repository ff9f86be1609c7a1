"""The shape of a year's terms."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from django import forms

from agreements.programs.models import Program
from agreements.terms.actions import IndicatorTerms, TierTerms, YearTerms
from agreements.terms.models import (
    LAST_GOAL_YEAR,
    AgreedIndicator,
    EarlyEnd,
    MeasurementYear,
    MissingRule,
)
from agreements.valuations.models import Opinion
from comanage.values.period import Period, PeriodError
from comanage.web.amounts import DollarsField, ExactField
from comanage.web.choices import RowChoiceField
from comanage.web.dates import DayField
from comanage.web.groups import FieldGroup, group
from indicators.library.queries import current_versions, versions_to_agree_on
from indicators.library.vocabulary import OBP_CLASSES
from indicators.measure.definition import Definition
from indicators.measure.figures import as_typed, trimmed, typed_result, unit_text
from indicators.measure.scoring import PERCENT

TIER_NAMES = ("Threshold", "Target", "Stretch")
LATER_YEARS = range(2, LAST_GOAL_YEAR + 1)


class YearForm(forms.Form):
    """Period, pay and scope."""

    starts_on = DayField(label="First day")
    last_day = DayField(label="Last day")
    opinion = RowChoiceField(Opinion.objects.all, label="Fair-market-value opinion")
    fixed_fee = DollarsField(label="Fixed fee for the year")
    incentive_pool = DollarsField(label="Incentive pool for the year")
    estimate_share = ExactField(
        required=False,
        label="Part of the pool that may be paid on account",
        help_text="By quarters, before the year is adjudicated; what was not earned comes back. "
        "Example: 50%. Empty: the incentive is paid once it is earned.",
    )
    early_end = forms.ChoiceField(
        choices=EarlyEnd.choices,
        initial=EarlyEnd.BY_DAYS,
        label="The incentive, if the agreement ends inside the year",
        help_text="The fixed fee and salaries are due for the months and days before the end, and "
        "work as far as it was done. Where nothing is said, such a year cannot be settled.",
    )
    scope = forms.CharField(
        required=False,
        max_length=2000,
        label="Scope",
        help_text="Which cases the program is about, as a criterion. "
        "Example: medical_specialty = 'Cardiology'. Empty: all cases of the feed.",
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "class": "code"}),
    )
    missing_rule = forms.ChoiceField(
        choices=MissingRule.choices, label="When an indicator has no rate"
    )

    def __init__(
        self, *args: Any, program: Program, year: MeasurementYear | None = None, **kwargs: Any
    ) -> None:
        if year is not None:
            kwargs["initial"] = {
                "starts_on": year.starts_on,
                "last_day": year.ends_on - timedelta(days=1),
                "opinion": year.opinion_id,
                "fixed_fee": year.fixed_fee,
                "incentive_pool": year.incentive_pool,
                "estimate_share": year.estimate_percent,
                "early_end": year.early_end,
                "scope": year.scope,
                "missing_rule": year.missing_rule,
            }
        super().__init__(*args, **kwargs)
        opinion = cast("RowChoiceField", self.fields["opinion"])
        opinion.queryset = program.opinions.all()

    def clean(self) -> dict[str, Any]:
        """Make the half-open period of the two days."""
        given = super().clean() or {}
        if "starts_on" in given and "last_day" in given:
            try:
                given["period"] = Period(given["starts_on"], given["last_day"] + timedelta(days=1))
            except PeriodError:
                self.add_error("last_day", "The last day is before the first.")
        return given

    def terms(self) -> YearTerms:
        """Return the terms."""
        given = self.cleaned_data
        return YearTerms(
            period=given["period"],
            opinion=given["opinion"],
            fixed_fee=given["fixed_fee"],
            incentive_pool=given["incentive_pool"],
            scope=given["scope"].replace("\r\n", "\n"),
            missing_rule=MissingRule(given["missing_rule"]),
            estimate_share=given["estimate_share"],
            early_end=EarlyEnd(given["early_end"]),
        )


class AgreedIndicatorForm(forms.Form):
    """One indicator: baseline, weight, and up to three tiers with goals for up to three years."""

    version = RowChoiceField(current_versions, label="Indicator")
    weight = forms.IntegerField(min_value=1, max_value=100, help_text="Points of 100.")
    minimum_cases = forms.IntegerField(
        min_value=0, initial=20, help_text="With fewer eligible cases there is no rate."
    )
    compare_places = forms.IntegerField(
        min_value=0,
        max_value=6,
        initial=1,
        label="Decimals kept before comparison",
        help_text="Of the percentage, or of the figure in its unit; halves upward.",
    )
    outcome_class = forms.ChoiceField(
        choices=[("", "As its definition says"), *OBP_CLASSES.items()],
        required=False,
        label="Kind of outcome",
        help_text="Where the definition says only quality, and it is about something else.",
    )
    data_source = forms.CharField(
        max_length=200,
        label="Source of the data",
        help_text="The system or registry, and who at the hospital answers for it. The agreement "
        "prints it.",
    )
    baseline_numerator = forms.DecimalField(
        max_digits=18,
        decimal_places=6,
        min_value=0,
        help_text="Cases that met it; for a mean, the sum observed.",
    )
    baseline_denominator = forms.DecimalField(
        max_digits=18,
        decimal_places=6,
        min_value=Decimal("0.000001"),
        help_text="Eligible cases; for a mean, how many were observed.",
    )
    baseline_source = forms.CharField(max_length=200, help_text="Origin of the counts.")
    baseline_first_day = DayField(label="First day of the baseline", required=False)
    baseline_last_day = DayField(label="Last day of the baseline", required=False)
    rebase_reason = forms.CharField(
        max_length=500,
        required=False,
        label="Why the baseline is new",
        help_text="Needed when it is not the one of the year before.",
    )

    def __init__(self, *args: Any, agreed: AgreedIndicator | None = None, **kwargs: Any) -> None:
        if agreed is not None:
            kwargs["initial"] = _as_agreed(agreed)
        super().__init__(*args, **kwargs)
        if agreed is not None:
            version = cast("RowChoiceField", self.fields["version"])
            version.queryset = versions_to_agree_on(agreed.version)
        for name in TIER_NAMES:
            is_first = name == TIER_NAMES[0]
            self.fields[_goal(name)] = ExactField(label=f"{name}: goal", required=is_first)
            self.fields[_share(name)] = ExactField(label=f"{name}: earns", required=is_first)
        for number in LATER_YEARS:
            for name in TIER_NAMES:
                self.fields[_goal(name, number)] = ExactField(
                    label=f"{name}, year {number}", required=False
                )

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        """The fields as the page shows them."""
        measured = (
            *("version", "outcome_class", "data_source", "weight"),
            *("minimum_cases", "compare_places"),
        )
        return (
            group(self, "What is measured", measured),
            group(
                self,
                "Before the program: the baseline",
                [name for name in self.fields if "base" in name],
                hint="Counts of data that the hospital has sent can be computed from the page of "
                "these terms; then write here what is known, and replace it there.",
            ),
            group(
                self,
                "Goals that pay in this year",
                [part(name) for name in TIER_NAMES for part in (_goal, _share)],
                hint="A goal is a percentage such as 8.5%, or a number in the indicator's unit, "
                "such as 3.52 days. What it earns is a share of the indicator's part of the pool, "
                "such as 50%.",
                columns=2,
            ),
            group(
                self,
                "Goals for the years after",
                [_goal(name, number) for number in LATER_YEARS for name in TIER_NAMES],
                hint="They pay nothing in this year. The draft of the next year begins with them.",
                columns=3,
                is_folded=True,
            ),
        )

    def clean(self) -> dict[str, Any]:
        """Ask for both halves of each tier, and for whole years of goals."""
        given = super().clean() or {}
        named = self._tiers_named(1)
        for name in TIER_NAMES[1:]:
            if (name in named) != (given.get(_share(name)) is not None):
                self.add_error(_goal(name), f"{name} needs both a goal and a share.")
        for number in LATER_YEARS:
            self._check_later_goals(number, named)
        if "version" in given:
            self._check_goals_are_in_the_unit(given["version"].definition)
        given["baseline_period"] = self._baseline_period(given)
        return given

    def _tiers_named(self, number: int) -> list[str]:
        given = self.cleaned_data
        return [name for name in TIER_NAMES if given.get(_goal(name, number)) is not None]

    def _check_later_goals(self, number: int, named: list[str]) -> None:
        """Ask for a goal for each tier of the first year or for none, without a year left out."""
        later, first = self._tiers_named(number), _goal(TIER_NAMES[0], number)
        if later and later != named:
            self.add_error(
                first, f"Give year {number} a goal for each tier of the first year, or none."
            )
        elif later and number - 1 in LATER_YEARS and not self._tiers_named(number - 1):
            self.add_error(first, f"Give year {number - 1} its goals before year {number}.")

    def _check_goals_are_in_the_unit(self, definition: Definition) -> None:
        """Refuse 8.5 where 8.5% is meant, and a percentage where the unit is another."""
        unit = unit_text(definition)
        for number in (1, *LATER_YEARS):
            for name in self._tiers_named(number):
                field = _goal(name, number)
                has_sign = "%" in str(self.data.get(self.add_prefix(field)))
                if has_sign and unit != "%":
                    self.add_error(field, f"The unit is {unit}: write the number without a %.")
                elif unit == "%" and not 0 <= self.cleaned_data[field] <= 1:
                    self.add_error(field, "Write a percentage with its sign, from 0% to 100%.")

    def _baseline_period(self, given: dict[str, Any]) -> Period | None:
        first, last = given.get("baseline_first_day"), given.get("baseline_last_day")
        if first is None and last is None:
            return None
        try:
            if first and last:
                return Period.inclusive(first, last)
            self.add_error("baseline_last_day", "Give both days of the baseline, or neither.")
        except PeriodError:
            self.add_error("baseline_last_day", "The last day is before the first.")
        return None

    def terms(self) -> IndicatorTerms:
        """Return the terms of the indicator."""
        given = self.cleaned_data
        return IndicatorTerms(
            version=given["version"],
            weight=given["weight"],
            minimum_cases=given["minimum_cases"],
            compare_places=given["compare_places"],
            baseline_numerator=given["baseline_numerator"],
            baseline_denominator=given["baseline_denominator"],
            baseline_source=given["baseline_source"],
            baseline_period=given["baseline_period"],
            rebase_reason=given["rebase_reason"],
            outcome_class=given["outcome_class"],
            data_source=given["data_source"],
            tiers=self._tiers(1),
            later=tuple(tiers for number in LATER_YEARS if (tiers := self._tiers(number))),
        )

    def _tiers(self, number: int) -> tuple[TierTerms, ...]:
        given = self.cleaned_data
        definition: Definition = given["version"].definition
        return tuple(
            TierTerms(
                name, typed_result(definition, given[_goal(name, number)]), given[_share(name)]
            )
            for name in self._tiers_named(number)
        )


def _as_agreed(agreed: AgreedIndicator) -> dict[str, Any]:
    """Fill the form with what is agreed, as it would be typed."""
    period, definition = agreed.baseline_period, agreed.version.definition
    filled: dict[str, Any] = {
        "version": agreed.version_id,
        "outcome_class": agreed.outcome_class,
        "data_source": agreed.data_source,
        "weight": agreed.weight,
        "minimum_cases": agreed.minimum_cases,
        "compare_places": agreed.compare_places,
        "baseline_numerator": trimmed(Fraction(agreed.baseline_numerator), 0),
        "baseline_denominator": trimmed(Fraction(agreed.baseline_denominator), 0),
        "baseline_source": agreed.baseline_source,
        "baseline_first_day": period and period.start,
        "baseline_last_day": period and period.last,
        "rebase_reason": agreed.rebase_reason,
    }
    for tier in agreed.tiers.all():
        name = TIER_NAMES[tier.position - 1]
        filled[_goal(name, tier.year_number)] = as_typed(definition, Fraction(tier.goal))
        if tier.year_number == 1:
            filled[_share(name)] = f"{trimmed(Fraction(tier.share) * PERCENT, 0)}%"
    return filled


def _goal(tier: str, year_number: int = 1) -> str:
    return f"{tier.lower()}_goal" + ("" if year_number == 1 else f"_{year_number}")


def _share(tier: str) -> str:
    return f"{tier.lower()}_share"


class LockForm(forms.Form):
    """When the parties signed."""

    signed_on = DayField(
        label="Signed by both parties on", help_text="As the paper says, not today's date."
    )
