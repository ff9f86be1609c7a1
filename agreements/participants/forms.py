"""The shape of participants and seats."""

from typing import Any

from django import forms

from comanage.identity.models import Membership
from comanage.web.dates import DayField


class ParticipantForm(forms.Form):
    """A physician who takes part."""

    npi = forms.CharField(
        label="NPI",
        max_length=10,
        help_text="Ten digits.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(max_length=120)
    specialty = forms.CharField(max_length=80)
    joined_on = DayField(label="First day in the program")


class SeatForm(forms.Form):
    """A member who may see the program."""

    membership = forms.ModelChoiceField(queryset=None, label="Member", empty_label="Choose")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = Membership.objects.select_related("user").filter(
            revoked_at=None
        )
