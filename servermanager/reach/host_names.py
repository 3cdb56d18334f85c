"""Whether the host of a URL has an address at all: asked when nobody has answered there, to say why."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit


def unknown_host(url: str) -> str | None:
    """Return what to tell of a URL whose host has no address, None if it has, or has no host. It may block."""
    _, _, plain = url.rpartition("+")  # module:Class+tcp://...
    try:
        address = urlsplit(plain)
    except ValueError:
        return None  # brackets that are not closed: it names no host
    if address.scheme not in ("tcp", "curve") or not address.hostname:
        return None
    try:
        socket.getaddrinfo(address.hostname, None)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or "it is no name of a machine"
        return f"{address.hostname!r} has no address here ({why}): check the host of {plain.partition('?')[0]}"
    return None
