"""Addresses of the backend, sockets that have them, and why an address will not do."""

from __future__ import annotations

import socket
import sys
from typing import Final

from services_core import ConfigurationError, ConnectionFailed

SCHEME: Final = "socket"
Place = tuple[socket.AddressFamily, tuple[str, int]]
"""The family of an address, and its host and port."""


def parse(url: str) -> Place:
    """Return the family and the address of a URL. Raises ConfigurationError.

    Names are not looked up: that may take seconds, and `connect` returns at once.
    """
    scheme, _, rest = url.partition("://")
    host, _, port = rest.rpartition(":")
    host = "127.0.0.1" if host == "localhost" else host.strip("[]")
    try:
        if scheme != SCHEME or not host or not port.isascii() or not port.isdigit() or int(port) > 0xFFFF:
            raise ValueError("it lacks an address, or a port")
        flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)[0][0]
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"{url!r} is no address of this backend ({error}); they look like {SCHEME}://127.0.0.1:0"
        ) from error
    return family, (host, int(port))


def bound(url: str, where: Place) -> socket.socket:
    """Return a socket that has this address. Raises ConnectionFailed."""
    sock = socket.socket(where[0], socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there it would share the address with those who have it
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(where[1])
    except OSError as error:
        sock.close()
        raise cannot_listen(url, error) from error
    return sock


def url_of(sock: socket.socket) -> str:
    """Return the URL of a bound socket."""
    host, port = sock.getsockname()[:2]
    return f"{SCHEME}://[{host}]:{port}" if ":" in host else f"{SCHEME}://{host}:{port}"


def cannot_listen(url: str, error: OSError) -> ConnectionFailed:
    """Return the error for an address that is taken, or not of this machine."""
    return ConnectionFailed(f"cannot listen at {url}: {error.strerror}; choose another port, or 0 for any free one")
