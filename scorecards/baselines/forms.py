"""Which history a baseline is computed from."""

from typing import Any

from django import forms

from comanage.web.dates import DayField, DaysForm


class HistoryForm(DaysForm):
    """The days to count."""

    first_day = DayField(label="First day of the history")
    last_day = DayField(label="Last day of the history")


class FreezeForm(HistoryForm):
    """The days that were counted, the computation that was shown, and the reason for it."""

    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=500,
        required=False,
        label="Why the baseline is new",
        help_text="Needed when the year before was signed with another baseline.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_day", "last_day"):
            self.fields[name].widget = forms.HiddenInput()
