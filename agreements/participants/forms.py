"""The shape of participants and seats."""

from django import forms
from django.db.models import QuerySet

from comanage.identity.models import Membership
from comanage.identity.roles import BOUND_TO_THEIR_PROGRAMS
from comanage.web.choices import RowChoiceField
from comanage.web.dates import DayField
from comanage.web.names import NameField


class ParticipantForm(forms.Form):
    """A physician who takes part."""

    npi = forms.CharField(
        label="NPI",
        max_length=10,
        help_text="Ten digits.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = NameField(max_length=120)
    specialty = forms.CharField(max_length=80)
    joined_on = DayField(
        label="First day in the program",
        help_text="Once the terms of a year are locked, today or a later day.",
    )


class LeaveForm(forms.Form):
    """When somebody leaves."""

    left_on = DayField(
        label="First day no longer in the program",
        help_text="A day that is over can be given, but not into a year that is frozen.",
    )


def _members() -> QuerySet[Membership]:
    return Membership.objects.select_related("user").filter(
        revoked_at=None, role__in=BOUND_TO_THEIR_PROGRAMS
    )


class SeatForm(forms.Form):
    """A member who may see the program."""

    membership = RowChoiceField(_members, label="Member")
