"""The share that one connection may take of the service that all clients talk to."""

from __future__ import annotations

from typing import Final

from services_core import IncomingCall, Kind, Refused, ServiceClient

MOST_OPEN: Final = 64
"""Requests and streams of one connection: nobody needs more, and others wait for all that is queued before them."""


class Share:
    """Ends connections that ask for more than their share: to answer each request of a flood would take as long."""

    def __init__(self, most: int = MOST_OPEN) -> None:
        self._most = most
        self._open: dict[ServiceClient, list[IncomingCall]] = {}

    def take(self, incoming: IncomingCall) -> None:
        """Count what has arrived; ends its connection if more are open than may be. On the thread that delivers it."""
        if incoming.over:
            return  # its connection was ended meanwhile
        asked = self._open.setdefault(incoming.client, [])
        if len(asked) >= self._most:
            asked[:] = [one for one in asked if not (one.over or one.kind is Kind.MESSAGE)]
        if len(asked) >= self._most:
            incoming.client.close(Refused(f"more than {self._most} requests and streams of this connection are open"))
        asked.append(incoming)

    def left(self, client: ServiceClient) -> None:
        """Forget a client, whose connection is over. On any thread."""
        self._open.pop(client, None)
