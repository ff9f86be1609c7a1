"""The shape of extract clients and of their keys."""

from ipaddress import ip_network
from typing import Any, cast

from django import forms
from django.http import QueryDict

from comanage.clients.keysets import (
    MOST_CHARACTERS,
    KeySetError,
    PrivateKeyError,
    PublicKey,
    read_keys,
)
from comanage.web.calls import CalledAddressField
from comanage.web.names import NameField

_PASTE = (
    "A JWK set, one JWK, or a public key in PEM. Only the public part leaves the job's machine."
)


class NetworksField(forms.CharField):
    """Networks, one a line, kept as 192.0.2.0/24."""

    widget = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})

    def clean(self, value: str) -> list[str]:
        """Read each line."""
        found = []
        for line in super().clean(value).split():
            try:
                found.append(str(ip_network(line, strict=False)))
            except ValueError as wrong:
                raise forms.ValidationError(
                    f"“{line[:50]}” is not a network. Write 192.0.2.0/24, or one address."
                ) from wrong
        return list(dict.fromkeys(found))


class ClientForm(forms.Form):
    """A machine that sends data, what it may do and from where."""

    name = NameField(max_length=80, help_text="The job that sends, such as “EHR extract”.")
    scopes = forms.MultipleChoiceField(
        label="May do",
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose what the job needs and no more.",
    )
    addresses = NetworksField(
        label="Networks it calls from",
        required=False,
        help_text="One a line, such as 192.0.2.0/24. Empty lets it call from anywhere.",
    )

    def __init__(self, *args: Any, scopes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.MultipleChoiceField", self.fields["scopes"])
        field.choices = scopes


class KeysForm(forms.Form):
    """Public keys, pasted or as a file."""

    one_of = ("keys", "key_file", "jwks_url")  # one of them is needed, so none is optional

    keys = forms.CharField(
        label="Public keys",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
        help_text="Needed, pasted here or in another way below. A JWK set, or one public key in "
        "PEM. The private part stays with the job.",
    )
    key_file = forms.FileField(label="Or a file with them", required=False)

    def clean(self) -> dict[str, Any]:
        """Read the keys, wherever they are."""
        given = super().clean() or {}
        text = self._text(given)
        given["keys"] = self._read(text) if text else ()
        if not text and not self.errors and self.are_needed(given):
            self.add_error("keys", "Paste the job's public keys, or choose a file with them.")
        return given

    def are_needed(self, given: dict[str, Any]) -> bool:
        """Say whether there must be keys in the form."""
        return True

    def _text(self, given: dict[str, Any]) -> str:
        file = given.pop("key_file", None)
        if file is None:
            return str(given.get("keys", ""))
        return str(file.read(MOST_CHARACTERS + 1).decode("utf-8", errors="replace"))

    def _read(self, text: str) -> tuple[PublicKey, ...]:
        try:
            return read_keys(text)
        except KeySetError as wrong:
            self.add_error("keys", str(wrong))
            if isinstance(wrong, PrivateKeyError):
                self._forget_keys()
            return ()

    def _forget_keys(self) -> None:
        """Show an empty field again: a private key is not sent back over the network."""
        shown = cast("QueryDict", self.data).copy()
        shown[self.add_prefix("keys")] = ""
        self.data = shown


class RegisterForm(ClientForm, KeysForm):
    """A machine that signs: with keys given here, or served at an address of its own."""

    jwks_url = CalledAddressField(
        label="Or the address that serves them",
        required=False,
        help_text="A JWKS address of the job's own, which is asked again each hour.",
    )
    field_order = ("name", "scopes", "keys", "key_file", "jwks_url", "addresses")

    def are_needed(self, given: dict[str, Any]) -> bool:
        """Keys are needed here when nobody else serves them."""
        return not given.get("jwks_url")

    def clean(self) -> dict[str, Any]:
        """Take one of the three ways."""
        given = super().clean()
        if given.get("jwks_url") and given.get("keys"):
            self.add_error("jwks_url", "Give the keys, or the address that serves them: not both.")
        return given
