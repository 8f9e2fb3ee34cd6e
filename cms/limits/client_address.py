"""From which address a request comes, as far as it can be believed.

REMOTE_ADDR is whoever opened the connection, behind a proxy the proxy. The proxy's own word in
X-Forwarded-For counts only when the connection comes from a proxy that settings.TRUSTED_PROXIES names.
"""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

EVERY_PEER = "*"
# A household or an office has a whole network of IPv6 addresses; its machines choose among them freely.
IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """Return the reader's address, or for IPv6 their network; empty when it cannot be known.

    It is not known when a trusted proxy names nobody: all readers would look like one, and one limit would
    stop the shop.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if not is_trusted(peer):
        return _network(peer)
    trusted = tuple(settings.TRUSTED_PROXIES)
    # Each proxy adds whom it heard from at the end; what stands before the first stranger anybody can write.
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    return _network(next((hop for hop in reversed(hops) if not _is_among(hop, trusted)), ""))


def is_trusted(peer: str) -> bool:
    """Return whether the connection was opened by a proxy of ours, whose headers are believed."""
    trusted = tuple(settings.TRUSTED_PROXIES)
    # A connection through a socket file has no address; only this machine's own proxy can open one.
    return not peer or EVERY_PEER in trusted or _is_among(peer, trusted)


@lru_cache(maxsize=1000)
def _is_among(address: str, trusted: tuple[str, ...]) -> bool:
    """Return whether it is one of these addresses, or lies in one of these networks (10.0.0.0/8)."""
    try:
        parsed = ip_address(address)
        return any(parsed in ip_network(entry, strict=False) for entry in trusted if entry != EVERY_PEER)
    except ValueError:
        return False


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, IPV6_PREFIX), strict=False))
