"""The shape of a year's terms."""

from datetime import timedelta
from typing import Any, cast

from django import forms

from agreements.programs.models import Program
from agreements.terms.actions import IndicatorTerms, TierTerms, YearTerms
from agreements.terms.models import MeasurementYear, MissingRule
from agreements.valuations.models import Opinion
from comanage.values.period import Period, PeriodError
from comanage.web.amounts import DollarsField, ExactField
from comanage.web.choices import RowChoiceField
from comanage.web.dates import DayField
from indicators.library.queries import current_versions

TIER_NAMES = ("Threshold", "Target", "Stretch")


class YearForm(forms.Form):
    """Period, pay and scope."""

    starts_on = DayField(label="First day")
    last_day = DayField(label="Last day")
    opinion = RowChoiceField(Opinion.objects.all, label="Fair-market-value opinion")
    fixed_fee = DollarsField(label="Fixed fee for the year")
    incentive_pool = DollarsField(label="Incentive pool for the year")
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
                "scope": year.scope,
                "missing_rule": year.missing_rule,
            }
        super().__init__(*args, **kwargs)
        opinion = cast("RowChoiceField", self.fields["opinion"])
        opinion.queryset = program.opinions.all()
        if year is not None:  # the period is the draft's identity
            self.fields["starts_on"].disabled = True
            self.fields["last_day"].disabled = True

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
        )


class AgreedIndicatorForm(forms.Form):
    """One indicator: baseline, weight, and up to three tiers."""

    version = RowChoiceField(current_versions, label="Indicator")
    weight = forms.IntegerField(min_value=1, max_value=100, help_text="Points of 100.")
    baseline_numerator = forms.DecimalField(
        max_digits=18,
        decimal_places=6,
        min_value=0,
        help_text="Cases that met it before the program; for a mean, the sum observed.",
    )
    baseline_denominator = forms.DecimalField(
        max_digits=18,
        decimal_places=6,
        min_value=1,
        help_text="Eligible cases before the program; for a mean, how many were observed.",
    )
    baseline_source = forms.CharField(max_length=200, help_text="Period and origin of the counts.")
    minimum_cases = forms.IntegerField(
        min_value=0, initial=20, help_text="With fewer eligible cases there is no rate."
    )
    compare_places = forms.IntegerField(
        min_value=0,
        max_value=6,
        initial=1,
        label="Decimals kept before comparison",
        help_text="Of the percentage, or of the mean; halves upward.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TIER_NAMES:
            key = name.lower()
            is_first = name == TIER_NAMES[0]
            self.fields[f"{key}_goal"] = ExactField(
                label=f"{name}: goal",
                required=is_first,
                help_text="A percentage such as 8.5%, or a number for a mean.",
            )
            self.fields[f"{key}_share"] = ExactField(
                label=f"{name}: earns",
                required=is_first,
                help_text="Share of the indicator's part of the pool, such as 50%.",
            )

    def clean(self) -> dict[str, Any]:
        """Ask for both halves of each tier."""
        given = super().clean() or {}
        for name in TIER_NAMES[1:]:
            goal, share = given.get(f"{name.lower()}_goal"), given.get(f"{name.lower()}_share")
            if (goal is None) != (share is None):
                self.add_error(f"{name.lower()}_goal", f"{name} needs both a goal and a share.")
        return given

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
            tiers=tuple(
                TierTerms(name, given[f"{name.lower()}_goal"], given[f"{name.lower()}_share"])
                for name in TIER_NAMES
                if given.get(f"{name.lower()}_goal") is not None
            ),
        )


class LockForm(forms.Form):
    """When the parties signed."""

    signed_on = DayField(
        label="Signed by both parties on", help_text="As the paper says, not today's date."
    )
