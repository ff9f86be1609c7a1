"""The shapes of what finance enters. Amounts of a settled year come from its snapshot alone."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from adjudication.payments.actions import Proposal, Recovery
from adjudication.payments.models import Component, LedgerEntry
from comanage.values.period import Period
from comanage.web.amounts import DollarsField
from comanage.web.choices import offer
from comanage.web.dates import DayField

REPAID = "repaid"


class PaidForm(forms.Form):
    """When it was paid, and under which reference."""

    paid_on = DayField(label="Paid on")
    reference = forms.CharField(
        max_length=60,
        label="Payment reference",
        help_text="The hospital's own reference in accounts payable; never a bank account number.",
    )


class PaymentForm(PaidForm):
    """The payment of a year, with the snapshot that was looked at."""

    sha256 = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)


class ProposalForm(forms.Form):
    """What to pay on account of a quarter."""

    quarter = forms.ChoiceField(help_text="A quarter is estimated once it is over.")
    component = forms.ChoiceField(label="Part of the pay")
    amount = DollarsField(help_text="Up to what the terms allow for the quarter, as listed above.")
    reason = forms.CharField(
        max_length=500,
        help_text="What was done in the quarter, and where that is filed. Stands in the ledger.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, quarters: Sequence[Period], components: Sequence[Component], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._quarters = {quarter.start.isoformat(): quarter for quarter in quarters}
        offer(self, "quarter", [(key, str(each)) for key, each in self._quarters.items()])
        offer(self, "component", [(each.value, each.label) for each in components])

    def proposal(self) -> Proposal:
        """Return what was proposed."""
        given = self.cleaned_data
        return Proposal(
            quarter=self._quarters[given["quarter"]],
            component=Component(given["component"]),
            amount=given["amount"],
            reason=given["reason"],
        )


class DecisionForm(forms.Form):
    """What the CEO says to an estimate."""

    note = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="To decline, say why here.",
    )


class CorrectionForm(forms.Form):
    """Why an entry is taken back."""

    reason = forms.CharField(
        max_length=500,
        label="Why it is taken back",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RecoveryForm(forms.Form):
    """How an overpayment came back."""

    how = forms.ChoiceField(label="How it came back")
    amount = DollarsField()
    recovered_on = DayField(label="On")
    reference = forms.CharField(
        required=False,
        max_length=60,
        help_text="The hospital's own reference. Needed when it was paid back.",
    )
    reason = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, targets: Sequence[tuple[LedgerEntry, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._targets = {str(entry.pk): entry for entry, _ in targets}
        kept = [(str(entry.pk), f"Kept back from {words}") for entry, words in targets]
        offer(self, "how", [(REPAID, "The group paid it back"), *kept])

    def clean(self) -> dict[str, Any]:
        """Ask for the reference of money that moved."""
        given = super().clean() or {}
        if given.get("how") == REPAID and not given.get("reference"):
            self.add_error("reference", "Give the reference under which it came back.")
        return given

    def recovery(self) -> Recovery:
        """Return how it came back."""
        given = self.cleaned_data
        recovered_on: date = given["recovered_on"]
        return Recovery(
            amount=given["amount"],
            recovered_on=recovered_on,
            reference=given["reference"],
            reason=given["reason"],
            against=self._targets.get(given["how"]),
        )
