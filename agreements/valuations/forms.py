"""The shape of an opinion."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, BinaryIO

from django import forms

from agreements.valuations.actions import MemoFacts, OpinionFacts
from agreements.valuations.models import Basis
from comanage.identity.roles import Role
from comanage.web.amounts import DollarsField
from comanage.web.dates import DayField
from comanage.web.groups import FieldGroup, group
from comanage.web.names import NameField

MINUTES_AN_HOUR = 60
# Of the hospital: whoever is paid, or prepares the arrangement, does not approve it.
APPROVERS = (Role.CEO, Role.EXECUTIVE, Role.COMPLIANCE, Role.COUNSEL, Role.FINANCE)


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
        help_text="Of the survey that the valuator relied on. A high one asks for more approvals.",
    )
    all_agreements = DollarsField(
        required=False,
        label="One physician, at most",
        help_text="A year, from every agreement with the hospital.",
    )

    basis = forms.ChoiceField(
        required=False, choices=[("", "Not said"), *Basis.choices], label="How it was valued"
    )
    assumed_hours = forms.DecimalField(
        required=False,
        min_value=Decimal("0.01"),
        max_value=20_000,
        decimal_places=2,
        label="Hours of duties a year that were assumed",
        help_text="Of all physicians together. The duties of the terms are held against them.",
    )
    assumptions = forms.CharField(
        required=False,
        max_length=1000,
        label="What else was assumed",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    document = forms.FileField(
        required=False,
        label="The signed opinion",
        help_text="PDF, at most 20 MB, without a password. It is kept encrypted; who takes it "
        "away is in the audit trail.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def clean_assumed_hours(self) -> int | None:
        """Read the hours as whole minutes."""
        hours: Decimal | None = self.cleaned_data["assumed_hours"]
        if hours is None:
            return None
        if (hours * MINUTES_AN_HOUR) % 1:
            raise forms.ValidationError("Give hours that are whole minutes, such as 12.5.")
        return int(hours * MINUTES_AN_HOUR)

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        """The fields as the page shows them."""
        return (
            group(self, "The paper", ("valuator", "opined_on", "valid_from", "valid_to")),
            group(self, "What it supports at most", ("fixed", "incentive", "total")),
            group(
                self,
                "What it rests on",
                ("basis", "percentile", "assumed_hours", "assumptions", "document"),
            ),
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
                (*("hourly_low", "hourly_high", "wrvu_low", "wrvu_high", "all_agreements"),),
                hint="Dollars. Terms that pay by the hour or by wRVU need the range for it.",
                columns=2,
                is_folded=True,
            ),
        )

    @property
    def paper(self) -> BinaryIO | None:
        """The opinion itself; None where only its figures are filed."""
        return paper_of(self.cleaned_data["document"])

    def facts(self) -> OpinionFacts:
        """Return the opinion's facts, with the half-open end."""
        given = dict(self.cleaned_data)
        del given["document"]
        last_day, minutes = given.pop("valid_to"), given.pop("assumed_hours")
        return OpinionFacts(
            **given, valid_until=last_day + timedelta(days=1), assumed_minutes=minutes
        )


def paper_of(given: Any) -> BinaryIO | None:
    """Return what a file that was sent holds; None where none was."""
    content: BinaryIO | None = given.file if given else None
    return content


class MemoForm(forms.Form):
    """Why the arrangement makes sense, and who approved that."""

    purpose = forms.CharField(
        max_length=3000,
        help_text="What the hospital wants to reach with it.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    need = forms.CharField(
        max_length=3000,
        help_text="Why it needs the physicians for it, and how many hours of them.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    alternatives = forms.CharField(
        max_length=3000,
        help_text="What else was looked at, and why it was not chosen.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    approver = NameField(max_length=120, label="Approved by")
    approver_role = forms.ChoiceField(
        choices=[(role.value, role.label) for role in APPROVERS], label="As"
    )
    approved_on = DayField(label="Approved on")
    document = forms.FileField(
        required=False,
        label="The signed memo",
        help_text="PDF, at most 20 MB, without a password. It is kept encrypted; who takes it "
        "away is in the audit trail.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    @property
    def paper(self) -> BinaryIO | None:
        """The signed memo; None where only its words are recorded."""
        return paper_of(self.cleaned_data["document"])

    def facts(self) -> MemoFacts:
        """Return the memo."""
        given: dict[str, Any] = dict(self.cleaned_data)
        del given["document"]
        return MemoFacts(**given | {"approver_role": Role(given["approver_role"])})
