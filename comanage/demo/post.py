"""Sending the real extracts as an extract job would: by HTTP, with a key, to the running web."""

import hashlib
import json
import time
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from comanage.api.bodies import CSV, XLSX
from comanage.clients.actions import create_extract_client, renew_extract_client
from comanage.demo.build import SET_UP, find_tenant
from comanage.demo.hospitals import HOSPITALS, YEAR, Hospital
from comanage.identity.models import ExtractClient
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import READ_SCORECARDS, write_scope
from scorecards.intake.models import Slice

CLIENT = "EHR extract (demonstration)"
MEDIA_TYPES = {".csv": CSV, ".xlsx": XLSX}
PATIENCE_SECONDS = 120


class PostError(Exception):
    """The running installation did not take a file; the text says why."""


def post_all(base_url: str) -> None:
    """Send the extract of every hospital that has no data yet, and wait for its outcome."""
    for hospital in HOSPITALS:
        if not _has_data(hospital):
            post(hospital, base_url)


def post(hospital: Hospital, base_url: str) -> dict[str, Any]:
    """Send one hospital's extract, wait for its outcome, and return the submission.

    Raises:
        PostError: refused, rejected, or no worker took it in time.
    """
    key, feed = _fresh_key(hospital)
    file = hospital.program.extract
    content = file.read_bytes()
    address = f"/t/{hospital.slug}/api/v1/feeds/{feed.pk}/submissions?period={YEAR.start.year}"
    headers = {
        "Content-Type": MEDIA_TYPES[file.suffix],
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Idempotency-Key": hashlib.sha256(content).hexdigest(),
    }
    submission = _call(base_url, key, "POST", address, content, headers)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while submission["status"] in {"received", "validating"}:
        if time.monotonic() > deadline:
            raise PostError(f"No worker checked {file.name} within {PATIENCE_SECONDS} s.")
        time.sleep(0.2)
        where = f"/t/{hospital.slug}/api/v1/submissions/{submission['id']}"
        submission = _call(base_url, key, "GET", where)
    if submission["status"] != "accepted":
        raise PostError(f"{file.name} was rejected with {submission['findings']} findings.")
    return submission


def _has_data(hospital: Hospital) -> bool:
    with tenant_scope(_tenant(hospital).pk):
        return Slice.objects.exists()


def _tenant(hospital: Hospital) -> Tenant:
    tenant = find_tenant(hospital)
    if tenant is None:
        raise PostError("The demonstration is not loaded. Run `manage.py demo` first.")
    return tenant


def _fresh_key(hospital: Hospital) -> tuple[str, Feed]:
    with tenant_scope(_tenant(hospital).pk):
        feed = Feed.objects.get(is_sandbox=False)
        client = ExtractClient.objects.filter(name=CLIENT).first()
        if client is not None:
            return renew_extract_client(client=client, by=SET_UP), feed
        scopes = [write_scope(feed), READ_SCORECARDS]
        _, key = create_extract_client(name=CLIENT, scopes=scopes, by=SET_UP)
        return key, feed


def _call(
    base_url: str,
    key: str,
    method: str,
    address: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    host = urlsplit(base_url).netloc
    connection = HTTPConnection(host, timeout=60)
    try:
        sent = {"Authorization": f"Bearer {key}", **(headers or {})}
        connection.request(method, address, body, sent)
        return _read(connection.getresponse())
    finally:
        connection.close()


def _read(response: HTTPResponse) -> dict[str, Any]:
    text = response.read().decode()
    if response.status not in {200, 202}:
        raise PostError(f"{response.status} from the API: {text[:500]}")
    answer: dict[str, Any] = json.loads(text)
    return answer
