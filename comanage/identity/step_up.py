"""A fresh proof of who somebody is, before a deed that moves money.

A signed-in browser may be anybody's who walks past; a password or code given in the last minutes
is not.
"""

import time
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


def is_fresh(request: HttpRequest) -> bool:
    """Say whether the person proved who they are within the last minutes."""
    proofs = [record["at"] for record in get_authentication_records(request, request.user)]
    return bool(proofs) and time.time() - max(proofs) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def ask_for_proof(*, back: str) -> HttpResponse:
    """Ask for the proof, and come back to a page of this site."""
    return redirect(proof_url(back))


def proof_url(back: str) -> str:
    """Return the address that asks for the proof and comes back."""
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}"


def proof_method(request: HttpRequest) -> str:
    """Say how the person proved who they are the last time, such as `password` or `mfa`."""
    proofs = get_authentication_records(request, request.user)
    return str(max(proofs, key=lambda proof: proof["at"])["method"])
