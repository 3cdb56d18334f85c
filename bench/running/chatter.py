"""An own service of sessions, for requests in either direction: it answers, and it sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from services_core import IncomingCall, Kind, Packet, Service, ServiceEndpoint

NAME = "chatter"


class Chatter(Service):
    """Answers a request with what it brought; a subscription gets as many items as it asks for, numbered."""

    def __init__(self, connect: Callable[[str], ServiceEndpoint]) -> None:
        super().__init__(NAME)

    def process(self, incoming: IncomingCall) -> Packet | Iterator[Packet]:
        """Do what this service does."""
        if incoming.kind is Kind.REQUEST:
            return incoming.packet
        return (Packet(number, [b"item"]) for number in range(incoming.packet.header))
