"""The shape of an opinion."""

from datetime import timedelta

from django import forms

from agreements.valuations.actions import OpinionFacts
from comanage.web.amounts import DollarsField
from comanage.web.dates import DayField


class OpinionForm(forms.Form):
    """The opinion as the valuator wrote it."""

    valuator = forms.CharField(max_length=160, help_text="The firm that signed it.")
    opined_on = DayField(label="Date of the opinion")
    valid_from = DayField(label="Holds from")
    valid_to = DayField(label="Holds to", help_text="The last day it holds.")
    fixed = DollarsField(label="Fixed fee, at most", help_text="Dollars a year.")
    incentive = DollarsField(label="Incentive, at most", help_text="Dollars a year.")
    total = DollarsField(label="Both together, at most", help_text="Dollars a year.")

    def facts(self) -> OpinionFacts:
        """Return the opinion's facts, with the half-open end."""
        given = dict(self.cleaned_data)
        last_day = given.pop("valid_to")
        return OpinionFacts(**given, valid_until=last_day + timedelta(days=1))
