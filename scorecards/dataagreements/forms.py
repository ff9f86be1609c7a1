"""The shape of an agreement on file."""

from datetime import timedelta

from django import forms

from comanage.web.dates import DayField
from scorecards.dataagreements.actions import AgreementFacts
from scorecards.dataagreements.models import AgreementKind


class AgreementForm(forms.Form):
    """The agreement as the parties signed it."""

    kind = forms.ChoiceField(
        choices=[("", "Choose"), *AgreementKind.choices],
        help_text="Case rows with a hospital-keyed case key need a business associate agreement.",
    )
    counterparty = forms.CharField(
        max_length=160, help_text="Whom the hospital signed it with, such as the consultant's firm."
    )
    permitted_uses = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What the data may be used for, in the agreement's own words.",
    )
    signed_on = DayField(label="Signed")
    valid_from = DayField(label="Holds from")
    valid_to = DayField(
        label="Holds to", required=False, help_text="The last day it holds; empty when it has none."
    )

    document = forms.FileField(
        label="The signed agreement",
        help_text="PDF, at most 20 MB, without a password. It is kept encrypted; who "
        "takes it away is in the audit trail.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def facts(self) -> AgreementFacts:
        """Return the agreement's facts, with the half-open end."""
        given = dict(self.cleaned_data)
        del given["document"]
        last_day = given.pop("valid_to")
        return AgreementFacts(
            **given | {"kind": AgreementKind(given["kind"])},
            valid_until=last_day + timedelta(days=1) if last_day else None,
        )
