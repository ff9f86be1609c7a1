"""The shape of a webhook, and of switching it."""

from django import forms

from comanage.api.webhooks import KINDS_TO_CHOOSE
from comanage.web.calls import CalledAddressField
from comanage.web.names import NameField


class WebhookForm(forms.Form):
    """An address and what it is told of."""

    name = NameField(max_length=80, help_text="What listens there, such as “Data warehouse”.")
    url = CalledAddressField(
        label="Address",
        help_text="Where each message is sent by POST. It must be public and speak https.",
    )
    kinds = forms.MultipleChoiceField(
        label="Tell it when",
        choices=[(kind.value, kind.label) for kind in KINDS_TO_CHOOSE],
        widget=forms.CheckboxSelectMultiple,
    )


class SwitchForm(forms.Form):
    """Why a webhook is switched off, or on again."""

    reason = forms.CharField(max_length=200, help_text="For the audit trail.")
