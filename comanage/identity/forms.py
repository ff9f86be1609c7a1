"""The shape of memberships and extract clients."""

from typing import Any, cast

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


class ClientForm(forms.Form):
    """A machine that sends data."""

    name = forms.CharField(max_length=80, help_text="The job that sends, such as “EHR extract”.")
    scopes = forms.MultipleChoiceField(
        label="May do",
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose what the job needs and no more.",
    )

    def __init__(self, *args: Any, scopes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.MultipleChoiceField", self.fields["scopes"])
        field.choices = scopes
