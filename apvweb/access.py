"""Who may have what of the web server: plain decisions about keys, hosts and origins. No I/O."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from services_core import ConfigurationError

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
KEY_BYTES: Final = 32
FEWEST_KEY_CHARACTERS: Final = 20
"""A key of a file that is shorter could be guessed."""


def new_key() -> str:
    """Return a random key, fit for a link."""
    return secrets.token_urlsafe(KEY_BYTES)


def check_key(text: str, where: str) -> str:
    """Return the key that stands in a file. Raises ConfigurationError if it is too short, or unfit for a link."""
    key = text.strip()
    if len(key) < FEWEST_KEY_CHARACTERS or not all(one.isalnum() or one in "-_" for one in key):
        raise ConfigurationError(
            f"{where} holds no key: it must be one line of at least {FEWEST_KEY_CHARACTERS} letters, digits, - and _; "
            "name a file that does not exist, and one is made"
        )
    return key


def _are_equal(given: str, secret: str) -> bool:
    """Tell whether two texts are equal, in a time that tells nothing; what was given may be any bytes of a header."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())


def host_name(host: str) -> str:
    """Return the name in a Host header, without its port: "localhost:8080" is "localhost"; "" of what is no host."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:  # brackets that are no address of IPv6
        return ""


def is_address(name: str) -> bool:
    """Tell whether a name is an IP address: no name service can have led a browser there."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Tell whether what listens at that host is reached from this machine only."""
    if host in LOOPBACK_NAMES:
        return True
    return is_address(host) and ipaddress.ip_address(host).is_loopback


@dataclass(frozen=True, slots=True)
class Guest:
    """What a cookie lets its browser have: all pages, or those that it has joined."""

    owner: bool
    pages: frozenset[str] = frozenset()

    def may_have(self, page: str) -> bool:
        """Tell whether it may have a page."""
        return self.owner or page in self.pages


@dataclass(eq=False, repr=False)  # the fields are secrets
class Access:
    """The keys of one web server, and which hosts it answers to. Belongs to the loop."""

    key: str
    """It stands in the printed link: whoever has it may have everything."""
    host: str
    """Where the server listens."""
    hosts: frozenset[str] = frozenset()
    """Further names by which browsers may know it: behind a proxy, or of this machine."""
    _guests: dict[str, Guest] = field(default_factory=dict)

    def is_key(self, given: str | None) -> bool:
        """Tell whether that is the key, in a time that tells nothing."""
        return given is not None and _are_equal(given, self.key)

    def admit(self, *, page: str | None = None, cookie: str | None = None) -> str:
        """Return a cookie that lets a browser have one more page; without a page, all of them.

        `cookie` is the one that it has already: it stays, if it is a right one.
        """
        before = self.guest(cookie)
        if page is None or (before is not None and before.owner):
            return self._owners_cookie
        token = cookie if before is not None and cookie is not None else new_key()
        pages = before.pages if before is not None else frozenset()
        self._guests[token] = Guest(False, pages | {page})
        return token

    def forget_page(self, page: str) -> None:
        """Note that a page has ended: cookies for nothing else are worth nothing from now on."""
        for token, guest in list(self._guests.items()):
            left = guest.pages - {page}
            if left:
                self._guests[token] = Guest(False, left)
            else:
                del self._guests[token]

    def guest(self, cookie: str | None) -> Guest | None:
        """Return what a cookie lets its browser have; None: nothing."""
        if cookie is None:
            return None
        if _are_equal(cookie, self._owners_cookie):
            return Guest(True)
        return self._guests.get(cookie)

    @property
    def cookie_name(self) -> str:
        """Return what the cookie is called: browsers have one jar for all ports of a host."""
        return f"apvweb-{self._made_of_key('name')[:12]}"

    @property
    def _owners_cookie(self) -> str:
        """Return the cookie of who has the key: the same after a restart with the same key."""
        return self._made_of_key("owner")

    def _made_of_key(self, use: str) -> str:
        return hmac.new(self.key.encode(), use.encode(), hashlib.sha256).hexdigest()

    def answers_to(self, host: str | None) -> bool:
        """Tell whether a Host header names this server: not a name of somebody else's that leads here.

        On loopback that are the names of loopback, and those that were given; elsewhere any address as well.
        """
        name = host_name(host or "").rstrip(".").lower()
        if name in LOOPBACK_NAMES or name in self.hosts or name == self.host.lower():
            return bool(name)
        return is_address(name) and not is_loopback(self.host)


def is_own_origin(origin: str | None, host: str | None) -> bool:
    """Tell whether a request comes from a page of the server that it asks: its origin is that host."""
    if not origin or not host:
        return False
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "; ".join((
        "default-src 'self'",
        "script-src 'self' 'unsafe-eval'",  # Vue compiles the templates of trame in the browser
        "style-src 'self' 'unsafe-inline'",  # Vuetify writes its themes as styles
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
    )),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}  # fmt: skip
"""Headers of every answer."""


def host_names(given: Iterable[str]) -> frozenset[str]:
    """Return the names of hosts as they are compared."""
    return frozenset(host_name(one).rstrip(".").lower() or one.lower() for one in given)
