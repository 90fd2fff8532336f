"""Who may knock: the hosts we answer to, the origins we act for, the proxies we believe."""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from portal.config import Settings
from portal.settings.deployment import is_within

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FOR_MACHINES = "/api/v1/"
"""Below it a key counts and no cookie does: nothing there can be done in a browser's name."""


FOR_PAYMENTS = "/pay/"
"""Below it payment systems knock, of which the address, a password or a certificate vouches."""
CERTIFICATE = "x-client-certificate"
"""The fingerprint of the certificate that a proxy was shown, in the proxy's words."""


class Doors:
    def __init__(self, settings: Settings) -> None:
        self._origins = frozenset(settings.allowed_origins)
        self._hosts = frozenset(urlsplit(origin).netloc for origin in self._origins)
        self._proxies = settings.trusted_proxies

    def knows_host(self, headers: Headers) -> bool:
        """A foreign name that was pointed at our address (DNS rebinding) is not our host."""
        hosts = headers.getlist("host")
        return len(hosts) == 1 and hosts[0].lower() in self._hosts

    def lets_write(self, method: str, path: str, headers: Headers) -> bool:
        """Whether a request that may change something comes from one of our own pages, or to the
        machines' door with a key, which no page of others has.  Payment systems pay by GET, so
        that at their door no page may do anything: it would pay in the name of this computer.
        """
        if is_for_payments(path):
            return not _comes_from_a_page(headers)
        return method in _SAFE_METHODS or self.is_own(headers) or _brings_a_key(path, headers)

    def is_own(self, headers: Headers) -> bool:
        """Whether it comes from one of our own pages: by Origin, or without it by the browser's
        own word, which no page can forge.
        """
        origins = headers.getlist("origin")
        if origins:
            return len(origins) == 1 and origins[0] in self._origins
        return headers.get("sec-fetch-site") == "same-origin"

    def is_own_socket(self, headers: Headers) -> bool:
        """A browser always says from which page a WebSocket comes: without it, nobody of ours."""
        origins = headers.getlist("origin")
        return len(origins) == 1 and origins[0] in self._origins

    def address(self, peer: str, headers: Headers) -> str:
        """Whose request it is: the last address of X-Forwarded-For that is no trusted proxy."""
        address = peer
        heard = [
            hop.strip() for line in headers.getlist("x-forwarded-for") for hop in line.split(",")
        ]
        while heard and self.trusts(address):
            hop = _without_port(heard.pop())
            if not _is_address(hop):
                break
            address = hop
        return address

    def scheme(self, peer: str, headers: Headers, seen: str) -> str:
        """`https` or `wss` where a trusted proxy took the TLS off."""
        told = headers.get("x-forwarded-proto", "").lower()
        if not self.trusts(peer) or told not in {"http", "https"}:
            return seen
        secure = {"http": "https", "ws": "wss"}
        return secure.get(seen, seen) if told == "https" else seen

    def trusts(self, address: str) -> bool:
        """Whether this is a proxy whose word we believe."""
        return is_within(address, self._proxies)

    def hides_somebody(self, peer: str, headers: Headers) -> bool:
        """Whether this computer passes on what somebody else has sent, and nobody has said that it
        is a proxy: then the request is not this computer's own.
        """
        is_here = _is_address(peer) and ipaddress.ip_address(peer).is_loopback
        return is_here and "x-forwarded-for" in headers and not self.trusts(peer)


def is_for_machines(path: str) -> bool:
    """Whether neither a cookie nor a page has anything to do there."""
    return path.startswith(FOR_MACHINES) or is_for_payments(path)


def is_for_payments(path: str) -> bool:
    return path.startswith(FOR_PAYMENTS)


def _comes_from_a_page(headers: Headers) -> bool:
    """A browser says so itself; `none` is an address that somebody has typed."""
    return "origin" in headers or headers.get("sec-fetch-site", "none") != "none"


def _brings_a_key(path: str, headers: Headers) -> bool:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return path.startswith(FOR_MACHINES) and scheme.lower() == "bearer" and bool(key.strip())


def _without_port(hop: str) -> str:
    """Some proxies write «203.0.113.7:51234» or «[2001:db8::7]:51234»."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
