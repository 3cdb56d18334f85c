"""The streams of a session as typed items."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar

from async_paraview.records import dataclass
from services_core import Closed, Packet, Subscription

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ProgressStep:
    """How far one proxy's execution is.

    `state` is "started", "running", "finished", "failed" or "interrupted"; of what came `standing` also "modified": it
    has executed, and is out of date since. `fraction` grows from 0 to 1, and is None where VTK does not tell. `request`
    is the id of the `Execution` that it belongs to, None if that is no such request.
    Of what executes there is a step at least twice a second; `silent_s` is for how long the algorithm itself has said
    nothing.
    """

    service: str
    proxy: int
    name: str
    fraction: float | None
    state: str
    request: int | None = None
    silent_s: float = 0.0

    @classmethod
    def from_dict(cls, packet: Packet) -> ProgressStep:
        """Make it of an item of the stream."""
        return cls(**packet.header)


@dataclass(frozen=True, slots=True)
class Message:
    """A warning or error of an algorithm on the server, or that it was stopped.

    `severity` is "warning" or "error", and "information" of what a user has stopped.

    `proxy` is the number of the proxy, `name` its type, `registered` its name among `session.proxies`, as long as it
    has one; `property` the property that it is about, where that is known.
    """

    severity: str
    proxy: int
    name: str
    text: str
    details: dict[str, Any]
    registered: str = ""

    @property
    def property(self) -> str:
        """Return the property that it is about, "" where that is not known."""
        return str(self.details.get("property", ""))

    @classmethod
    def from_dict(cls, packet: Packet) -> Message:
        """Make it of an item of the stream."""
        return cls(**packet.header)


class TypedStream(Generic[T]):
    """An async iterator over a subscription, and a context manager that ends it.

    It ends when the session is closed on this side, and raises ConnectionLost if the server was lost. `prepare` is what
    has to be imported before the first item can be used; it blocks, but never the loop.
    """

    def __init__(
        self, subscription: Subscription, read: Callable[[Packet], T], prepare: Callable[[], None] | None = None
    ) -> None:
        self._subscription = subscription
        self._read = read
        self._prepare = prepare

    def close(self) -> None:
        """Unsubscribe. Never blocks; a task that iterates comes to the end."""
        self._subscription.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        if self._prepare is not None:
            await asyncio.get_running_loop().run_in_executor(None, self._prepare)
            self._prepare = None
        try:
            packet = await self._subscription.__anext__()
        except Closed:  # the session was closed on this side
            raise StopAsyncIteration from None
        return self._read(packet)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.close()


ProgressStream = TypedStream[ProgressStep]
MessageStream = TypedStream[Message]
