"""What comes back when keys are refused."""

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.http import QueryDict
from django.utils.http import urlencode

from comanage.clients.forms import KeysForm, RegisterForm
from tests.signers import key_pair

NOT_A_KEY = "-----BEGIN PUBLIC KEY-----\nno\n-----END PUBLIC KEY-----"


def private_pem():
    private = key_pair().private
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def sent(form, text, **more):
    given = QueryDict(urlencode({"keys": text} | more))
    return form(given, scopes=[]) if form is RegisterForm else form(given)


def test_a_pasted_private_key_does_not_come_back():
    for form in (sent(KeysForm, private_pem()), sent(RegisterForm, private_pem(), name="EHR")):
        assert "PRIVATE" not in form.as_p()
        assert "private" in str(form.errors["keys"]).lower()
        assert form["keys"].value() == ""


def test_what_else_was_typed_comes_back():
    assert sent(RegisterForm, private_pem(), name="EHR")["name"].value() == "EHR"
    assert sent(KeysForm, NOT_A_KEY)["keys"].value() == NOT_A_KEY
