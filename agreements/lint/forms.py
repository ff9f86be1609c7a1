"""The shape of what counsel says of a finding."""

from typing import Any

from django import forms


class WaiverForm(forms.Form):
    """Why a finding is waived, or the waiver taken back."""

    key = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=500,
        label="Why",
        help_text="It stands beside the finding with your name and the day, also in what is kept.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, key: str = "", **kwargs: Any) -> None:
        if key:
            kwargs |= {"initial": {"key": key}, "auto_id": f"id_{key[:12]}_%s"}
        super().__init__(*args, **kwargs)
