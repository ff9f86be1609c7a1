"""The shape of a duty."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms

from agreements.duties.actions import DutyTerms
from agreements.duties.catalogue import StandardDuty
from agreements.duties.fee import MINUTES_AN_HOUR
from agreements.duties.models import Duty, Frequency
from comanage.values.rounding import decimal_text
from comanage.web.amounts import DollarsField
from comanage.web.names import NameField

MOST_HOURS = 20_000
HOUR_PLACES = 2


class DutyForm(forms.Form):
    """One duty that the fixed fee pays for."""

    name = NameField(max_length=120, label="Duty")
    deliverable = forms.CharField(
        max_length=300,
        label="What it leaves behind",
        help_text="By which anybody sees that it was done, such as minutes or a report.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    frequency = forms.ChoiceField(choices=Frequency.choices, label="How often")
    hours = forms.DecimalField(
        min_value=Decimal("0.01"),
        max_value=MOST_HOURS,
        decimal_places=2,
        label="Hours a year",
        help_text="Of all physicians together.",
    )
    rate = DollarsField(label="For an hour")

    def __init__(self, *args: Any, standard: StandardDuty | None = None, **kwargs: Any) -> None:
        self._key = standard.key if standard else ""
        if standard is not None:
            kwargs["initial"] = {
                "name": standard.name,
                "deliverable": standard.deliverable,
                "frequency": standard.frequency,
            }
        super().__init__(*args, **kwargs)

    def clean_hours(self) -> int:
        """Read the hours as whole minutes."""
        minutes = self.cleaned_data["hours"] * MINUTES_AN_HOUR
        if minutes % 1:
            raise forms.ValidationError("Give hours that are whole minutes, such as 12.5.")
        return int(minutes)

    def terms(self) -> DutyTerms:
        """Return the duty."""
        given = self.cleaned_data
        return DutyTerms(
            name=given["name"],
            deliverable=given["deliverable"],
            frequency=Frequency(given["frequency"]),
            minutes=given["hours"],
            rate=given["rate"],
            key=self._key,
        )


def as_typed(duty: Duty) -> dict[str, Any]:
    """Write a duty as it is typed."""
    hours = decimal_text(Fraction(duty.minutes, MINUTES_AN_HOUR), HOUR_PLACES)
    return {
        "name": duty.name,
        "deliverable": duty.deliverable,
        "frequency": duty.frequency,
        "hours": hours,
        "rate": duty.rate,
    }
