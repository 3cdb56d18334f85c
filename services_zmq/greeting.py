"""What a server says of its mechanism before a client has said its own: NULL, or CURVE, where keys are asked for.

When the two ends differ in that, both hang up at once, and it is chance whether ZeroMQ comes to see why (RFC 37).
"""

from __future__ import annotations

import socket
from typing import Final

LOOK_S: Final = 1.0
_OURS: Final = b"\xff" + bytes(7) + b"\x01\x7f\x03"
"""Signature and major version: enough to be told the rest, and nothing that could be refused."""

_GREETING_BYTES: Final = 64
_MECHANISM: Final = slice(12, 32)


def mechanism_at(place: str) -> str | None:
    """Return the mechanism of the server at host:port, None if nobody says so. Blocks, for about a second at most."""
    host, _, port = place.rpartition(":")
    greeting = b""
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=LOOK_S) as connection:
            connection.sendall(_OURS)
            while len(greeting) < _GREETING_BYTES and (more := connection.recv(_GREETING_BYTES - len(greeting))):
                greeting += more
    except (OSError, ValueError):
        return None
    if len(greeting) < _GREETING_BYTES or greeting[0] != 0xFF:
        return None
    return greeting[_MECHANISM].rstrip(b"\0").decode("ascii", "replace")
