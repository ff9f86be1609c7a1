"""The shape of a signature."""

from typing import Any

from django import forms

from adjudication.holds.causes import OWNERS
from adjudication.years.steps import Step
from comanage.web.dates import DayField


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
    is_independent = forms.BooleanField(
        required=False,
        label="I confirm each of the sentences above",
        help_text="Needed to approve. It is kept and printed with your signature.",
    )

    def __init__(self, *args: Any, step: Step | None = None, **kwargs: Any) -> None:
        """Ask for the statement of independence where the step is the reviewer's."""
        super().__init__(*args, **kwargs)
        if step not in {None, Step.REVIEW}:
            del self.fields["is_independent"]


class ConditionForm(forms.Form):
    """Counsel's approval of the snapshot that was looked at, on a condition."""

    sha256 = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)
    condition = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What must be done before the CEO may authorize. Printed in the report.",
    )
    owner = forms.ChoiceField(
        label="Who does it", choices=[(role.value, role.label) for role in OWNERS]
    )
    due_on = DayField(label="Until")
