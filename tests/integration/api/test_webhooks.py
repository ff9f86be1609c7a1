"""Messages to hospitals, read by another house's library on a real server."""

import base64
import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import override_settings
from django.utils import timezone
from standardwebhooks.webhooks import Webhook as Reader
from standardwebhooks.webhooks import WebhookVerificationError

from comanage.api.actions import create_webhook, renew_webhook_secret, send_again
from comanage.api.models import Webhook, WebhookDelivery
from comanage.api.webhooks import WAITS, announce, public_key_of, queue_attempt, wait_after
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Bell, Job
from comanage.tenancy.scope import tenant_scope
from comanage.web.errors import PolicyError
from tests.ground import run_jobs, small_hospital

SUBJECT = "00000000-0000-4000-8000-000000000001"
ACCEPTED = "submission.accepted"


class Peer:
    """A hospital's server: keeps what it is sent, answers what it is told to."""

    def __init__(self):
        self.status, self.taken, outer = 204, [], self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.taken.append((dict(self.headers), body))
                self.send_response(outer.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *args):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.place = f"127.0.0.1:{self.server.server_port}"


@pytest.fixture
def peer():
    """The server, where this installation may call it."""
    peer = Peer()
    threading.Thread(target=peer.server.serve_forever, args=(0.01,), daemon=True).start()
    with override_settings(OUTBOUND_ALLOW=frozenset({peer.place})):
        yield peer
    peer.server.shutdown()
    peer.server.server_close()


@contextmanager
def at(tenant):
    with tenant_scope(tenant.pk):
        yield member(Role.TENANT_ADMINISTRATOR)


def make(tenant, peer, *, kinds=(ACCEPTED,)):
    with at(tenant) as by:
        return create_webhook(name="Warehouse", url=f"http://{peer.place}/hook", kinds=kinds, by=by)


def tell(tenant, kind=ACCEPTED):
    with at(tenant):
        announce(kind=kind, subject_id=SUBJECT)
    run_jobs(tenant.pk, JobKind.DELIVER_WEBHOOK)


def delivery(tenant):
    with at(tenant):
        return WebhookDelivery.objects.select_related("webhook").get()


def test_a_message_is_verified_by_the_secret_and_holds_ids_alone(hospital, peer):
    _, secret = make(hospital, peer)

    tell(hospital)

    ((headers, body),) = peer.taken
    assert Reader(secret).verify(body, headers)
    assert json.loads(body).keys() == {"type", "timestamp", "data"}
    assert json.loads(body)["data"] == {"id": SUBJECT}
    assert delivery(hospital).state == "delivered"


def test_a_changed_message_is_not_verified(hospital, peer):
    _, secret = make(hospital, peer)
    tell(hospital)
    ((headers, body),) = peer.taken

    with pytest.raises(WebhookVerificationError):
        Reader(secret).verify(body.replace(b"accepted", b"rejected"), headers)


def test_the_public_key_verifies_without_any_secret(hospital, peer):
    webhook, _ = make(hospital, peer)
    tell(hospital)
    ((headers, body),) = peer.taken
    with at(hospital):
        public = public_key_of(webhook)

    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    (v1a,) = [s for s in headers["webhook-signature"].split() if s.startswith("v1a,")]
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))
    key.verify(base64.b64decode(v1a.removeprefix("v1a,")), signed)


def test_for_a_week_both_secrets_sign(hospital, peer):
    webhook, old = make(hospital, peer)
    with at(hospital) as by:
        new = renew_webhook_secret(webhook=webhook, by=by)
    tell(hospital)
    with at(hospital):
        Webhook.objects.update(previous_until=timezone.now() - timedelta(seconds=1))
    tell(hospital)

    (first, body), (second, later) = peer.taken
    assert Reader(old).verify(body, first)
    assert Reader(new).verify(body, first)
    assert Reader(new).verify(later, second)
    with pytest.raises(WebhookVerificationError):
        Reader(old).verify(later, second)


def test_secrets_lie_sealed(hospital, peer):
    webhook, secret = make(hospital, peer)

    assert base64.b64decode(secret.removeprefix("whsec_")) not in bytes(webhook.secret)
    assert secret.encode() not in bytes(webhook.secret)


@pytest.mark.parametrize("status", [302, 400, 500])
def test_what_is_not_taken_is_tried_again_under_the_same_id(hospital, peer, status):
    make(hospital, peer)
    peer.status = status
    tell(hospital)

    waiting = delivery(hospital)
    assert (waiting.state, waiting.attempts, waiting.last_status) == ("waiting", 1, status)
    with at(hospital):
        job = Job.objects.get(key="attempt 2")
        bell = Bell.objects.get(pk=job.pk)
    assert bell.ring_at > waiting.next_at

    peer.status = 200
    run_jobs(hospital.pk, JobKind.DELIVER_WEBHOOK)
    assert len({headers["webhook-id"] for headers, _ in peer.taken}) == 1
    assert delivery(hospital).state == "delivered"


def test_410_switches_the_webhook_off(hospital, peer):
    make(hospital, peer)
    peer.status = 410
    tell(hospital)
    tell(hospital)

    assert len(peer.taken) == 1
    gone = delivery(hospital)
    assert (gone.state, gone.webhook.disabled_at is not None) == ("failed", True)
    with at(hospital):
        assert not Job.objects.filter(key="attempt 2").exists()
    with at(hospital) as by, pytest.raises(PolicyError, match="410"):
        send_again(delivery=gone, by=by)


def test_a_message_that_was_made_while_its_webhook_went_off_is_not_sent(hospital, peer):
    webhook, _ = make(hospital, peer)
    with at(hospital):
        announce(kind=ACCEPTED, subject_id=SUBJECT)
        Webhook.objects.filter(pk=webhook.pk).update(disabled_at=timezone.now())
    run_jobs(hospital.pk, JobKind.DELIVER_WEBHOOK)

    assert peer.taken == []


def test_a_message_is_sent_again_on_request(hospital, peer):
    make(hospital, peer)
    tell(hospital)
    with at(hospital) as by:
        send_again(delivery=WebhookDelivery.objects.get(), by=by)
    run_jobs(hospital.pk, JobKind.DELIVER_WEBHOOK)

    assert len(peer.taken) == 2
    assert len({headers["webhook-id"] for headers, _ in peer.taken}) == 1


def test_a_message_that_has_arrived_is_not_sent_by_a_job_that_comes_late(hospital, peer):
    make(hospital, peer)
    tell(hospital)
    with at(hospital):
        queue_attempt(WebhookDelivery.objects.get(), key="late")
    run_jobs(hospital.pk, JobKind.DELIVER_WEBHOOK)

    assert len(peer.taken) == 1


def test_waits_grow_with_a_tenth_by_lot_and_end():
    for attempt, wait in enumerate(WAITS, 1):
        assert wait <= wait_after(attempt) <= wait * 1.1
    assert wait_after(len(WAITS) + 1) is None


def test_only_those_who_asked_for_a_kind_are_told_and_no_other_hospital(hospital, peer):
    make(hospital, peer, kinds=["feed.late"])
    tell(small_hospital("elsewhere"), kind="feed.late")
    tell(hospital)

    assert peer.taken == []
    with at(hospital):
        assert not WebhookDelivery.objects.exists()


def test_an_address_inside_is_never_called(hospital, peer):
    make(hospital, peer)
    with override_settings(OUTBOUND_ALLOW=frozenset()):
        tell(hospital)

    assert peer.taken == []
    assert "https" in delivery(hospital).last_problem
