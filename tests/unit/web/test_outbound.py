"""Calls to addresses that hospitals name reach public hosts and nothing else."""

import socket
import ssl
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest
from django.test import override_settings

from comanage.web.outbound import OutboundError, call, is_public, read_target


class Peer(BaseHTTPRequestHandler):
    """A server that does what its path says."""

    def do_GET(self):
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/fine")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        if self.path == "/drip":
            for _ in range(200):
                self.wfile.write(b"x")
                time.sleep(0.05)
        else:
            self.wfile.write(b"x" * (1000 if self.path == "/fine" else 1001))

    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def peer(*, is_allowed=True):
    """Run the server on loopback; give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    place = f"127.0.0.1:{server.server_port}"
    with override_settings(OUTBOUND_ALLOW=frozenset({place} if is_allowed else ())):
        yield f"http://{place}"
    server.shutdown()
    server.server_close()


def test_what_an_operator_allows_is_called():
    with peer() as address:
        answer = call(f"{address}/fine", most_bytes=1000)

    assert (answer.status, answer.body) == (200, b"x" * 1000)


def test_what_nobody_allows_is_not():
    with peer(is_allowed=False) as address, pytest.raises(OutboundError, match="https"):
        call(f"{address}/fine")


def test_a_redirect_is_an_answer_and_not_followed():
    with peer() as address:
        assert call(f"{address}/moved").status == 302


def test_an_answer_has_an_end_in_size():
    with peer() as address, pytest.raises(OutboundError, match="longer than 1,000"):
        call(f"{address}/long", most_bytes=1000)


def test_an_answer_has_an_end_in_time_also_when_it_drips():
    with peer() as address, pytest.raises(OutboundError, match="no answer"):
        call(f"{address}/drip", seconds=0.2)


@pytest.mark.parametrize(
    "url",
    [
        "http://hospital.example/keys",
        "ftp://hospital.example/keys",
        "file:///etc/passwd",
        "https://",
        "https:///keys",
        "//hospital.example",
        "https://user@hospital.example/",
        "https://user:word@hospital.example/",
        "https://hospital.example/#x",
        "https://hospital.example:99999/",
        "https://hospital.example:x/",
        "https://hospital.example/a b",
        "https://hospital.example\\@evil.example/",
        "https://hospital.example/\n",
        "https://h\u00f6spital.example/",
        "https://[::1",
        "https://hospital.example/" + "x" * 300,
        "",
    ],
)
def test_an_address_that_is_not_plainly_https_is_refused(url):
    with pytest.raises(OutboundError):
        read_target(url)


# Who resolves a name is the outside world; these stand in for what it may say.
INSIDE = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:224.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "2002:a00:1::",
    "2001:0:a00:1::",
    "2001:db8::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8"])
def test_an_address_of_the_open_internet_is_public(address):
    assert is_public(ip_address(address))


def resolves_to(monkeypatch, *answers):
    """Let a name resolve to addresses, each time to the next list; count connections."""
    told, connected = iter(answers), []
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *args, **kwargs: [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in next(told)
        ],
    )

    def connect(place, *args, **kwargs):
        connected.append(place[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    return connected


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.1", "169.254.169.254"])
def test_a_name_that_leads_inside_is_never_connected_to(monkeypatch, inside):
    for answers in ([inside], ["8.8.8.8", inside], [inside, "8.8.8.8"]):
        connected = resolves_to(monkeypatch, answers)
        with pytest.raises(OutboundError, match="not public"):
            call("https://rebind.example/")
        assert connected == []


def test_the_address_that_was_looked_at_is_the_one_connected_to(monkeypatch):
    """A name that answers otherwise the second time gains nothing: nobody asks twice."""
    connected = resolves_to(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])

    with pytest.raises(OutboundError, match="no answer"):
        call("https://rebind.example/")

    assert connected == ["8.8.8.8"]


def test_numbers_written_otherwise_lead_inside_too():
    """2130706433 and 0x7f.1 are 127.0.0.1 to a resolver."""
    for host in ("2130706433", "0x7f.1", "127.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"):
        with pytest.raises(OutboundError):
            call(f"https://{host}/", seconds=2)


def test_a_certificate_is_checked_against_the_name(monkeypatch):
    """A public host with another's certificate is not the host that was named."""
    contexts = []
    make = ssl.create_default_context
    monkeypatch.setattr(
        ssl, "create_default_context", lambda: contexts.append(make()) or contexts[-1]
    )
    with peer() as address, pytest.raises(OutboundError, match="no answer"):
        call(address.replace("http://", "https://"))

    assert (contexts[0].check_hostname, contexts[0].verify_mode) == (True, ssl.CERT_REQUIRED)
