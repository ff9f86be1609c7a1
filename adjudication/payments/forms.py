"""The shape of a recorded payment. The amounts come from the snapshot, never from a form."""

from django import forms

from comanage.web.dates import DayField


class PaymentForm(forms.Form):
    """When it was paid, and under which reference."""

    paid_on = DayField(label="Paid on")
    reference = forms.CharField(
        max_length=60,
        label="Payment reference",
        help_text="The hospital's own reference in accounts payable; never a bank account number.",
    )
    sha256 = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)
