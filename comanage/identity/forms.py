"""The shape of memberships."""

from typing import Any

from django import forms

from comanage.identity.models import MEMBER_ROLES
from comanage.web.dates import DayField


class MembershipForm(forms.Form):
    """A person, their role, and from when to when."""

    name = forms.CharField(max_length=120)
    email = forms.EmailField(label="E-mail address")
    role = forms.ChoiceField(choices=[("", "Choose"), *MEMBER_ROLES])
    starts_on = DayField(label="First day")
    ends_on = DayField(label="First day without access", required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning."""
        given = super().clean() or {}
        starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", "Access would end before it begins.")
        return given
