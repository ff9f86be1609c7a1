"""How a day is asked for."""

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A day, by the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault(
            "error_messages", {"invalid": "Give a day as year-month-day, such as 2026-01-31."}
        )
        super().__init__(**kwargs)
