"""A client and a server conversation, joined by a wire in memory."""

from __future__ import annotations

from collections import deque

from services_core import DEFAULT_LIMITS, Message
from services_core.limits import Limits
from services_core.protocol.client_conversation import ClientConversation
from services_core.protocol.codec import decode, encode
from services_core.protocol.events import Event
from services_core.protocol.server_conversation import ServerConversation


class Wire:
    """Both peers and what is under way between them; bytes are encoded on the way, as over a socket."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS, *, welcome: bool = True) -> None:
        self.now = 0.0
        self.limits = limits
        self.client = ClientConversation({"service": "s"}, peer="tcp://x:1", now=0.0, limits=limits)
        self.server = ServerConversation(limits=limits)
        self.to_server: deque[Message] = deque()
        self.to_client: deque[Message] = deque()
        self.client_events: list[Event] = []
        self.server_events: list[Event] = []
        if welcome:
            self.settle()
            self.server.welcome({"service": "s"})
            self.settle()
            self.client_events.clear()
            self.server_events.clear()

    def ship(self) -> None:
        self.to_server.extend(decode(encode(m)) for m in self.client.outbox.take())
        self.to_client.extend(decode(encode(m)) for m in self.server.outbox.take())

    def step_server(self) -> list[Event]:
        self.ship()
        events = self.server.receive([self.to_server.popleft()], self.now) if self.to_server else []
        self.server_events += events
        return events

    def step_client(self) -> list[Event]:
        self.ship()
        events = self.client.receive([self.to_client.popleft()]) if self.to_client else []
        self.client_events += events
        return events

    def settle(self) -> None:
        self.ship()
        while self.to_server or self.to_client:
            self.step_server()
            self.step_client()
            self.ship()
