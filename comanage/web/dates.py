"""How a day is asked for."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from comanage.values.period import Period, PeriodError

# A period ends on the day after its last, and the calendar has none after this one.
LATEST = date.max - timedelta(days=1)


class DayField(forms.DateField):
    """A day, by the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)
        self.validators.append(
            MaxValueValidator(LATEST, f"The last day that can be given is {LATEST}.")
        )


class DaysForm(forms.Form):
    """A period, by its first and its last day."""

    first_day = DayField(label="First day")
    last_day = DayField(label="Last day")

    def clean(self) -> dict[str, Any]:
        """Make the period of the two days."""
        given = super().clean() or {}
        if "first_day" in given and "last_day" in given:
            try:
                given["period"] = Period.inclusive(given["first_day"], given["last_day"])
            except PeriodError:
                self.add_error("last_day", "The last day is before the first.")
        return given
