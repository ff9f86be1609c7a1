"""The shape of a decision."""

from typing import Any

from django import forms


class DecisionForm(forms.Form):
    """A decision on the changes that were looked at, and its reason."""

    basis = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        required=False,
        max_length=1000,
        label="Reason",
        error_messages={"required": "Give the reason: others will read it beside the decision."},
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept beside the decision and in the audit trail. Declining needs it always.",
    )

    def __init__(self, *args: Any, needs_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason


class AskForm(forms.Form):
    """Why a closed period must change."""

    reason = forms.CharField(
        max_length=1000,
        label="Reason for the restatement",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What was wrong, how it was found, and who says so. Name no patient.",
    )
