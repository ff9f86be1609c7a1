"""The choice of an indicator and of the column to tell its cases apart by."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

Choices = Sequence[tuple[str, str]]


class StrataForm(forms.Form):
    """Which indicator, by which column."""

    indicator = forms.ChoiceField(label="Indicator")
    by = forms.ChoiceField(label="By")

    def __init__(self, *args: Any, indicators: Choices, columns: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("indicator", indicators), ("by", columns)):
            cast("forms.ChoiceField", self.fields[name]).choices = list(choices)
