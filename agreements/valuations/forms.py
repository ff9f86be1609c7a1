"""The shape of an opinion."""

from datetime import timedelta

from django import forms

from agreements.valuations.actions import OpinionFacts
from comanage.web.amounts import DollarsField
from comanage.web.dates import DayField
from comanage.web.groups import FieldGroup, group


class OpinionForm(forms.Form):
    """The opinion as the valuator wrote it."""

    valuator = forms.CharField(max_length=160, help_text="The firm that signed it.")
    opined_on = DayField(label="Date of the opinion")
    valid_from = DayField(label="Holds from")
    valid_to = DayField(label="Holds to", help_text="The last day it holds.")
    fixed = DollarsField(label="Fixed fee, at most", help_text="Dollars a year.")
    incentive = DollarsField(label="Incentive, at most", help_text="Dollars a year.")
    salary = DollarsField(required=False, label="Salary, at most", help_text="Dollars a year.")
    hourly = DollarsField(
        required=False, label="Duties by the hour, at most", help_text="Dollars a year."
    )
    wrvu = DollarsField(required=False, label="Pay by wRVU, at most", help_text="Dollars a year.")
    savings = DollarsField(
        required=False, label="Shared savings, at most", help_text="Dollars a year."
    )
    total = DollarsField(label="All together, at most", help_text="Dollars a year.")
    hourly_low = DollarsField(required=False, label="An hour of duties, from")
    hourly_high = DollarsField(required=False, label="An hour of duties, to")
    wrvu_low = forms.DecimalField(
        required=False, max_digits=9, decimal_places=4, min_value=0, label="A wRVU, from"
    )
    wrvu_high = forms.DecimalField(
        required=False, max_digits=9, decimal_places=4, min_value=0, label="A wRVU, to"
    )
    percentile = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=99,
        help_text="Of the survey that the valuator relied on.",
    )
    all_agreements = DollarsField(
        required=False,
        label="One physician, at most",
        help_text="A year, from every agreement with the hospital.",
    )

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        """The fields as the page shows them."""
        return (
            group(self, "The paper", ("valuator", "opined_on", "valid_from", "valid_to")),
            group(self, "What it supports at most", ("fixed", "incentive", "total")),
            group(
                self,
                "Salary, duties by the hour, pay by wRVU, shared savings",
                ("salary", "hourly", "wrvu", "savings"),
                hint="Only for terms that have such parts. A part the opinion says nothing about "
                "cannot be paid.",
                columns=2,
                is_folded=True,
            ),
            group(
                self,
                "What an hour and a wRVU are worth, and one physician in all",
                (
                    *("hourly_low", "hourly_high", "wrvu_low", "wrvu_high"),
                    *("percentile", "all_agreements"),
                ),
                hint="Dollars. Terms that pay by the hour or by wRVU need the range for it.",
                columns=2,
                is_folded=True,
            ),
        )

    def facts(self) -> OpinionFacts:
        """Return the opinion's facts, with the half-open end."""
        given = dict(self.cleaned_data)
        last_day = given.pop("valid_to")
        return OpinionFacts(**given, valid_until=last_day + timedelta(days=1))
