"""The shapes of work as it is recorded."""

from datetime import date
from typing import Any

from django import forms

from agreements.components.models import PAID_BY_WORK, ComponentKind
from agreements.components.queries import components_of
from agreements.terms.models import MeasurementYear
from agreements.work.queries import days_taking_part
from agreements.work.totals import LARGEST_BYTES, Total, TotalsError, YearCosts, read_totals
from comanage.web.amounts import DollarsField
from comanage.web.choices import offer

MOST_CASES = 10_000_000


class TotalForm(forms.Form):
    """The work of one physician in one month."""

    part = forms.ChoiceField(label="Part of the pay")
    npi = forms.ChoiceField(label="Physician")
    month = forms.ChoiceField()
    minutes = forms.IntegerField(
        required=False, min_value=0, label="Approved minutes", help_text="Of duties by the hour."
    )
    wrvus = forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
        label="wRVUs",
        help_text="Of services performed personally, by the fee schedule that the terms name.",
    )
    source = forms.CharField(
        max_length=200,
        label="Source document",
        help_text="Where the totals stand, so that somebody can look them up; never a patient's "
        "name.",
    )

    def __init__(self, *args: Any, year: MeasurementYear, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = components_of(year).filter(kind__in=PAID_BY_WORK)
        offer(self, "part", [(str(each.number), str(each)) for each in parts])
        physicians = [each for each, _ in days_taking_part(year).values()]
        offer(self, "npi", [(each.npi, f"{each.name}, NPI {each.npi}") for each in physicians])
        over = [month for month in year.period.months() if month.end <= today]
        offer(self, "month", [(month.start.isoformat(), f"{month}") for month in over])

    def totals(self) -> list[Total]:
        """Return the one total."""
        given = self.cleaned_data
        month = date.fromisoformat(given["month"])
        total = Total(int(given["part"]), given["npi"], month, given["minutes"], given["wrvus"])
        return [total]


class SavingsForm(forms.Form):
    """What the year and the one before it cost."""

    part = forms.ChoiceField(label="Part of the pay")
    base_cost = DollarsField(
        label="Cost of the twelve months before",
        help_text="Actual cost from the hospital's accounts, of the cases that the part is about.",
    )
    base_cases = forms.IntegerField(
        min_value=1, max_value=MOST_CASES, label="Cases of these months"
    )
    cost = DollarsField(label="Cost of the year")
    cases = forms.IntegerField(min_value=1, max_value=MOST_CASES, label="Cases of the year")
    source = forms.CharField(
        max_length=200,
        label="Source document",
        help_text="Where the figures stand, so that somebody can look them up; never a patient's "
        "name.",
    )

    def __init__(self, *args: Any, year: MeasurementYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = components_of(year).filter(kind=ComponentKind.SAVINGS)
        offer(self, "part", [(str(each.number), str(each)) for each in parts])

    def count(self) -> YearCosts:
        """Return the figures."""
        given = self.cleaned_data
        return YearCosts(
            part=int(given["part"]),
            base_cost=given["base_cost"],
            base_cases=given["base_cases"],
            cost=given["cost"],
            cases=given["cases"],
        )


class FileForm(forms.Form):
    """A file of totals."""

    file = forms.FileField(
        help_text="CSV with the columns part, npi, month, minutes and wrvus; a row for each "
        "physician and month. Example of a row: 1,1234567893,2026-03,960,"
    )
    source = forms.CharField(
        max_length=200,
        label="Source document",
        help_text="Where the totals stand, so that somebody can look them up; never a patient's "
        "name.",
    )

    def clean_file(self) -> list[Total]:
        """Read the file, and say everything that is wrong with it."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_BYTES:
            raise forms.ValidationError("The file is larger than 1 MB. Send it in parts.")
        try:
            return read_totals(file.read())
        except TotalsError as wrong:
            raise forms.ValidationError(list(wrong.reasons[:20])) from wrong

    def totals(self) -> list[Total]:
        """Return the totals of the file."""
        totals: list[Total] = self.cleaned_data["file"]
        return totals


class DeclineForm(forms.Form):
    """Why a sheet is declined."""

    note = forms.CharField(max_length=500, label="What is wrong with it")
