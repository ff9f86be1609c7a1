"""How an address that the house will call is asked for."""

from typing import Any

from django import forms

from comanage.web.outbound import OutboundError, read_target

_MOST_CHARACTERS = 300


class CalledAddressField(forms.CharField):
    """A public https address; what is refused is said with the way out."""

    widget = forms.URLInput(attrs={"placeholder": "https://"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=_MOST_CHARACTERS, **kwargs)

    def clean(self, value: Any) -> str:
        """Take an address that would be called."""
        url = str(super().clean(value))
        if url:
            try:
                read_target(url)
            except OutboundError as wrong:
                raise forms.ValidationError(str(wrong)) from wrong
        return url
