"""What is kept of a first answer."""

import hashlib

import pytest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from comanage.api.idempotency import REPLAYED, answer_once
from comanage.api.models import IdempotentRequest
from comanage.clients.actions import create_extract_client
from comanage.demo.build import member
from comanage.identity.actor import Actor
from comanage.identity.roles import Role

BODY = hashlib.sha256(b"").hexdigest()


def ask(by, status):
    """Send one request under one key; what it does answers as told."""
    request = Request(
        APIRequestFactory().post(
            "/t/smallville/api/v1/feeds", headers={"Idempotency-Key": "12345678"}
        )
    )
    request.user = by
    return answer_once(
        request, body_sha256=BODY, deed=lambda _: Response({"at": status}, status=status)
    )


@pytest.mark.usefixtures("inside")
def test_a_fault_of_ours_is_not_kept_and_the_next_try_does_the_deed():
    client, _ = create_extract_client(name="Agent", scopes=[], by=member(Role.TENANT_ADMINISTRATOR))
    by = Actor.client(client)

    first, kept = ask(by, 503), IdempotentRequest.objects.count()
    second, third = ask(by, 201), ask(by, 418)

    assert (first.status_code, kept) == (503, 0)
    assert (second.status_code, third.status_code) == (201, 201)
    assert third.headers[REPLAYED] == "true"
