"""Where a request comes from."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the caller's address: behind our proxies, the one that the outermost of them saw.

    What a caller writes into `X-Forwarded-For` stands left of what our proxies add, and is not
    read.
    """
    count = settings.TRUSTED_PROXIES
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if count and len(hops) >= count:
        return hops[-count]
    return str(request.META.get("REMOTE_ADDR", ""))


def is_inside(address: str, networks: Iterable[str]) -> bool:
    """Say whether an address lies in one of the networks, written as 192.0.2.0/24."""
    try:
        place = ip_address(address)
    except ValueError:
        return False
    place = getattr(place, "ipv4_mapped", None) or place
    return any(place in ip_network(network) for network in networks)
