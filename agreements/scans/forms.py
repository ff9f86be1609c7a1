"""The shapes of sending a signed paper, confirming it and declining it."""

from typing import Any

from django import forms

from comanage.web.dates import DayField


class ScanForm(forms.Form):
    """The paper, and the day it shows."""

    document = forms.FileField(
        label="The signed paper, scanned",
        help_text="PDF, at most 20 MB, every page, without a password. It is kept as it comes.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
    )
    signed_on = DayField(
        label="Day of the last signature", help_text="As the paper shows, beside the signatures."
    )

    def given(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {
            "content": self.cleaned_data["document"].file,
            "signed_on": self.cleaned_data["signed_on"],
        }


class ConfirmForm(forms.Form):
    """What a second person has seen."""

    is_version = forms.BooleanField(
        label="Every page is of this version, and nothing is written into it or struck out"
    )
    is_signed = forms.BooleanField(label="Both who are named signed it, on the days it shows")


class RefusalForm(forms.Form):
    """Why a signed paper is not taken."""

    reason = forms.CharField(max_length=500, label="What is wrong with it")
