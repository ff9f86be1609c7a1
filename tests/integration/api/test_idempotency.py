"""What is kept of a first answer, and what a second request is told until there is one."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from comanage.api.idempotency import REPLAYED, RequestInFlight, answer_once
from comanage.api.models import IdempotentRequest
from comanage.clients.actions import create_extract_client
from comanage.demo.build import member
from comanage.identity.actor import Actor
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope

BODY = hashlib.sha256(b"").hexdigest()


def send(by, deed):
    """Send one request under one key."""
    request = Request(
        APIRequestFactory().post(
            "/t/smallville/api/v1/feeds", headers={"Idempotency-Key": "12345678"}
        )
    )
    request.user = by
    return answer_once(request, body_sha256=BODY, deed=deed)


def ask(by, status):
    """Send it; what it does answers as told."""
    return send(by, lambda _: Response({"at": status}, status=status))


@pytest.mark.usefixtures("inside")
def test_a_fault_of_ours_is_not_kept_and_the_next_try_does_the_deed():
    client, _ = create_extract_client(name="Agent", scopes=[], by=member(Role.TENANT_ADMINISTRATOR))
    by = Actor.client(client)

    first, kept = ask(by, 503), IdempotentRequest.objects.count()
    second, third = ask(by, 201), ask(by, 418)

    assert (first.status_code, kept) == (503, 0)
    assert (second.status_code, third.status_code) == (201, 201)
    assert third.headers[REPLAYED] == "true"


def test_while_the_first_request_is_answered_the_same_key_is_told_to_wait(inside):
    client, _ = create_extract_client(name="Agent", scopes=[], by=member(Role.TENANT_ADMINISTRATOR))
    by = Actor.client(client)

    def again():
        """Send it as another web process would."""
        try:
            with tenant_scope(inside.pk), connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1s'")
                return ask(by, 418)
        finally:
            connection.close()

    def deed(_):
        with ThreadPoolExecutor(1) as threads, pytest.raises(RequestInFlight):
            threads.submit(again).result()
        return Response({"at": 201}, status=201)

    assert send(by, deed).status_code == 201
    assert ask(by, 418).headers[REPLAYED] == "true"
