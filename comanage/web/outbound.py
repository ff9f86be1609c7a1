"""Calls to addresses that hospitals name: the keys of their machines, and their webhooks.

Whoever names an address must not reach through us what only we can reach. So: TLS alone, no
redirect followed, every address the name resolves to must be public, the connection goes to the
one that was looked at, and both time and size have an end.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

SECONDS = 10.0
MOST_BYTES = 256 * 1024
_CHUNK = 16 * 1024
_HTTPS = 443
_MOST_CHARACTERS = 300
_WRITE = "Write it as https://host/path."

# Why a call fails, for somebody who can mend it; the first that fits is said.
_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (socket.gaierror, "the name of its host has no address"),
    (ssl.SSLCertVerificationError, "its certificate is not one that is trusted for its name"),
    (ssl.SSLError, "it does not speak TLS as it should"),
    (TimeoutError, "the time for it was over"),
    (ConnectionRefusedError, "its host refused the connection"),
)

# Public by their number, and yet a way to something else: NAT64, 6to4 and Teredo.
_DETOURS = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


class OutboundError(Exception):
    """The call was refused or failed. The words are for the hospital's own log."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status: the HTTP status; a redirect is an answer like any other.
        body: as far as it was asked for.
    """

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart.

    Attributes:
        host: a name, or an address without brackets.
        port: of the connection.
        path: with its query.
        is_tls: false only for what the operator allows by name.
        is_allowed: whether the operator allows this host and port wherever they lie.
    """

    host: str
    port: int
    path: str
    is_tls: bool
    is_allowed: bool


def read_target(url: str) -> Target:
    """Take a URL apart, and refuse every form that is not plainly one of a public host.

    Raises:
        OutboundError: with what to write instead.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _HTTPS
    except ValueError as wrong:
        raise OutboundError(f"This is not an address. {_WRITE}") from wrong
    host = (parts.hostname or "").rstrip(".")
    is_allowed = f"{host}:{port}" in settings.OUTBOUND_ALLOW
    refused = _form_refused(url, parts, host)
    if not refused and not is_allowed:
        refused = _place_refused(parts, host)
    if refused:
        raise OutboundError(refused)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port, path, parts.scheme == "https", is_allowed)


def call(
    url: str,
    *,
    method: str = "GET",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    most_bytes: int = MOST_BYTES,
    seconds: float = SECONDS,
) -> Answer:
    """Make one call and read its answer, within the limits.

    Raises:
        OutboundError: the address is not public, or there was no whole answer in time.
    """
    target, deadline = read_target(url), time.monotonic() + seconds
    connection = _Connection(target, deadline)
    sent = {"User-Agent": "CoManage", "Accept": "application/json", **(headers or {})}
    try:
        connection.request(method, target.path, body or None, sent)
        response = connection.getresponse()
        return Answer(response.status, _read(response, connection, most_bytes))
    except (OSError, http.client.HTTPException, ValueError) as failed:
        raise OutboundError(f"There was no answer: {_in_words(failed)}.") from failed
    finally:
        connection.close()


class _Connection(http.client.HTTPConnection):
    """A connection to the very address that was found to be public."""

    def __init__(self, target: Target, deadline: float) -> None:
        super().__init__(target.host, target.port, timeout=SECONDS)
        self._target = target
        self._deadline = deadline
        self._stream: socket.socket | None = None

    def connect(self) -> None:
        """Resolve, look, and connect to what was looked at."""
        address = _resolve(self._target)
        self.sock = socket.create_connection((address, self._target.port), self.seconds_left())
        if self._target.is_tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._target.host)
        self._stream = self.sock  # http.client lets go of it once the headers are read
        self.shorten()

    def shorten(self) -> None:
        """Let the next read take no longer than there is time.

        Raises:
            TimeoutError: there is none.
        """
        left = self.seconds_left()
        if self._stream is not None:
            self._stream.settimeout(left)

    def seconds_left(self) -> float:
        """Return how long the call may still take.

        Raises:
            TimeoutError: it may not.
        """
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is over")
        return left


def _read(response: http.client.HTTPResponse, connection: _Connection, most_bytes: int) -> bytes:
    """Read to the end; the clock is looked at between reads, for a server that drips."""
    content = bytearray()
    while chunk := response.read1(_CHUNK):
        content += chunk
        if len(content) > most_bytes:
            raise OutboundError(f"The answer is longer than {most_bytes:,} bytes.")
        connection.shorten()
    return bytes(content)


def _resolve(target: Target) -> str:
    """Return an address of the host; all it has must be public, not only the first.

    Raises:
        OutboundError: one of them is not.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not target.is_allowed and not all(map(is_public, addresses)):
        raise OutboundError("The host has an address that is not public. Name a public host.")
    return str(addresses[0])


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Say whether an address belongs to the open internet and to one host there."""
    inner = getattr(address, "ipv4_mapped", None) or address
    if inner.version == 6 and any(inner in network for network in _DETOURS):
        return False
    return inner.is_global and not inner.is_multicast


def _form_refused(url: str, parts: SplitResult, host: str) -> str:
    """Say what is wrong with how an address is written; empty when nothing is."""
    if len(url) > _MOST_CHARACTERS:
        return f"The address is longer than {_MOST_CHARACTERS} characters. Give a shorter one."
    if not (url.isascii() and url.isprintable()) or " " in url or "\\" in url:
        return (
            "The address holds a blank, a backslash or a letter outside ASCII. Write its host as "
            "xn-- and the rest with %."
        )
    if parts.username is not None or parts.fragment:
        return f"An address with a user, a password or a # is not called. {_WRITE}"
    return "" if host else f"The address names no host. {_WRITE}"


def _place_refused(parts: SplitResult, host: str) -> str:
    """Say why an address is not called for where it leads; empty when that is not plain yet."""
    if parts.scheme != "https":
        return f"Only https is called, so that nobody reads along. {_WRITE}"
    try:
        is_outside = is_public(ip_address(host))
    except ValueError:
        is_outside = "." in host  # a name without a dot is one inside somebody's network
    if is_outside:
        return ""
    return (
        f"“{host}” is not on the open internet, and only that is called. Name a public host, or "
        f"ask the operator of this installation to allow this one."
    )


def _in_words(failed: Exception) -> str:
    fits = (words for kind, words in _FAILURES if isinstance(failed, kind))
    return next(fits, type(failed).__name__)
