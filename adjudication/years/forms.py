"""The shape of a signature."""

from django import forms

from adjudication.years.steps import Step


class SignForm(forms.Form):
    """A signature on the snapshot that was looked at."""

    step = forms.ChoiceField(choices=Step.choices, widget=forms.HiddenInput)
    sha256 = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)
    note = forms.CharField(
        required=False,
        max_length=1000,
        label="Note",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Printed in the report. A return needs its reason here.",
    )
