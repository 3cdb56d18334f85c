"""One of those who are compared: a backend, a floor or a peer, with a server that it can talk to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from .sample import Timings

BACKEND = "backend"
FLOOR = "floor"
PEER = "peer"
REFERENCE = "reference"


class Party(ABC):
    """Opened once, measured many times, closed. What it cannot do it does not override."""

    label: str
    kind: ClassVar[str]

    @classmethod
    def missing(cls) -> str | None:
        """Why it cannot be measured here; None if it can."""
        return None

    @abstractmethod
    async def open(self) -> None:
        """Start the server and connect."""

    @abstractmethod
    async def close(self) -> None:
        """Disconnect and end the server."""

    async def requests(self, payload: bytes, in_flight: int, seconds: float) -> Timings:
        """Round trips of a payload that the server sends back."""
        raise NotImplementedError(f"{self.label} makes no requests here")

    async def receive(self, size_bytes: int, seconds: float) -> Timings:
        """Transfers of an array from the server."""
        raise NotImplementedError(f"{self.label} receives no arrays here")

    async def send(self, size_bytes: int, seconds: float) -> Timings:
        """Transfers of an array to the server, until it says that it has it."""
        raise NotImplementedError(f"{self.label} sends no arrays here")

    async def first_reply(self) -> None:
        """Make a new connection, have one request over it, and end it."""
        raise NotImplementedError(f"{self.label} has no connection")
