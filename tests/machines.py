"""Machines in tests: a key, and requests as an extract job sends them."""

import base64
import hashlib
from dataclasses import dataclass
from uuid import uuid4

from django.test import Client

from comanage.api.bodies import CSV
from comanage.clients.actions import create_extract_client
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from tests.ground import stays

PROBLEM = "application/problem+json"


def make_key(tenant, scopes, name="EHR"):
    """Register a machine with scopes; return its key."""
    with tenant_scope(tenant.pk):
        _, key = create_extract_client(
            name=name, scopes=scopes, by=member(Role.TENANT_ADMINISTRATOR)
        )
    return key


@dataclass(frozen=True)
class Machine:
    """A client of one hospital with its key."""

    key: str
    slug: str = "smallville"

    def ask(self, method, address, body=b"", *, media_type="", **headers):
        """Send one request; an address is under the API or whole."""
        where = address if address.startswith("/") else f"/t/{self.slug}/api/v1/{address}"
        given = {"Authorization": f"Bearer {self.key}", **headers}
        return Client().generic(
            method,
            where,
            body,
            content_type=media_type,
            headers={name: value for name, value in given.items() if value is not None},
        )

    def get(self, address, **headers):
        """Read."""
        return self.ask("GET", address, **headers)

    def send(self, feed, content=None, *, media_type=CSV, period="2025", query="", **headers):
        """Submit a file under a key of its own unless one is given."""
        headers = {"Idempotency-Key": uuid4().hex} | headers
        return self.ask(
            "POST",
            f"feeds/{feed.pk}/submissions?period={period}{query}",
            stays() if content is None else content,
            media_type=media_type,
            **headers,
        )


def digest(content: bytes) -> str:
    """Write a Content-Digest."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def assert_problem(response, status, code=None):
    """See that a refusal is a problem with a code; return its body."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"].startswith(PROBLEM)
    body = response.json()
    assert body["status"] == status
    assert body["detail"]
    if code is not None:
        assert body["type"].endswith(code), body
    return body
