"""How a day is asked for."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

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
