"""Keys that a machine serves itself, at an address of a real server."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import override_settings
from django.utils import timezone

from scorecards.feeds.queries import READ_SCORECARDS
from tests.clock import stand_at
from tests.signers import Signer, key_pair, register

OLD, NEW = key_pair("old"), key_pair("new")
PAUSE = timedelta(seconds=61)


class KeyServer:
    """A hospital's server: serves the keys it is told to, and counts who asks."""

    def __init__(self):
        self.pairs, self.status, self.asked, outer = [OLD], 200, 0, self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked += 1
                self.send_response(outer.status)
                self.end_headers()
                self.wfile.write(json.dumps({"keys": [pair.jwk for pair in outer.pairs]}).encode())

            def log_message(self, *args):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.place = f"127.0.0.1:{self.server.server_port}"


@pytest.fixture
def served():
    """The server, where this installation may call it."""
    served = KeyServer()
    threading.Thread(target=served.server.serve_forever, args=(0.01,), daemon=True).start()
    with override_settings(OUTBOUND_ALLOW=frozenset({served.place})):
        yield served
    served.server.shutdown()
    served.server.server_close()


@pytest.fixture
def machine(hospital, served):
    """A machine that is registered by the address of its keys."""
    address = f"http://{served.place}/jwks"
    return register(hospital, scopes=[READ_SCORECARDS], pair=OLD, jwks_url=address)


def status(machine, pair):
    """Sign in with a pair, naming the address as SMART asks."""
    signer = Signer(machine.tenant, machine.client, pair)
    return signer.knock(signer.assertion(header={"jku": machine.client.jwks_url})).status_code


def test_an_unknown_key_is_asked_for_once_a_minute(machine, served, monkeypatch):
    now = timezone.now()
    assert [status(machine, OLD) for _ in range(2)] == [200, 200]
    assert served.asked == 1

    stand_at(monkeypatch, now + PAUSE)
    assert [status(machine, NEW) for _ in range(3)] == [401, 401, 401]
    assert served.asked == 2


def test_served_keys_are_changed_without_a_run_being_refused(machine, served, monkeypatch):
    now = timezone.now()
    assert status(machine, OLD) == 200

    served.pairs = [OLD, NEW]
    stand_at(monkeypatch, now + PAUSE)
    assert (status(machine, NEW), status(machine, OLD)) == (200, 200)

    served.pairs = [NEW]
    stand_at(monkeypatch, now + timedelta(hours=2))
    assert (status(machine, NEW), status(machine, OLD)) == (200, 401)


def test_an_address_that_is_down_keeps_out_nobody_for_a_day(machine, served, monkeypatch):
    now = timezone.now()
    assert status(machine, OLD) == 200

    served.status = 503
    stand_at(monkeypatch, now + timedelta(hours=23))
    assert status(machine, OLD) == 200
    stand_at(monkeypatch, now + timedelta(hours=25))
    assert status(machine, OLD) == 401
