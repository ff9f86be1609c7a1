"""A fresh proof of who somebody is, before a deed that moves money.

A signed-in browser may be anybody's who walks past; a password or code given in the last minutes
is not.
"""

import time
from collections.abc import Iterable
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


def is_fresh(request: HttpRequest) -> bool:
    """Say whether the person proved who they are within the last minutes."""
    records = get_authentication_records(request, request.user)
    return _is_recent(record["at"] for record in records)


def is_proved_anew(request: HttpRequest) -> bool:
    """Say whether the person proved it within the last minutes, besides having signed in.

    To sign in is not enough for a signature: it may have been for anything.
    """
    return _is_recent(
        record["at"]
        for record in get_authentication_records(request, request.user)
        if record.get("reauthenticated")
    )


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


def _is_recent(proofs: Iterable[float]) -> bool:
    last = max(proofs, default=0)
    return time.time() - last < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
