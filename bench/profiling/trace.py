"""Marks in time along the way of a request: any backend, decorated so that its channels leave them."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from services_core import Backend, Channel, ChannelReceiver, Listener, Message, ServicesError

CLIENT: Final = "client"
SERVER: Final = "server"

_PROBES: Final = {
    CLIENT: ("services_zmq.client", "ClientChannel"),
    SERVER: ("services_zmq.server", "ServerChannel"),
}
"""Where a backend with a communication thread can be watched more closely; what does not exist is left out."""

_PROBED: Final = {"_drain": "io", "_deliver": "deliver"}


class Trace:
    """Marks of one side. Their clock is the system's monotonic one, so those of two processes can be merged."""

    def __init__(self, side: str) -> None:
        self._side = side
        self._marks: list[tuple[int, str]] = []

    def mark(self, name: str) -> None:
        """Something happened now. From any thread."""
        self._marks.append((time.monotonic_ns(), f"{self._side}.{name}"))

    def take(self) -> list[tuple[int, str]]:
        """All marks so far, which are then forgotten."""
        taken, self._marks = self._marks, []
        return taken


class TracedChannel(Channel):
    """Leaves marks when the backend is given a message, has taken it, and delivers one."""

    def __init__(self, channel: Channel, trace: Trace) -> None:
        self.chunk_bytes = channel.chunk_bytes
        self._channel = channel
        self._trace = trace
        self.flush = channel.flush  # type: ignore[method-assign]
        self.attach_loop = channel.attach_loop  # type: ignore[method-assign]
        self.detach_loop = channel.detach_loop  # type: ignore[method-assign]
        self.close = channel.close  # type: ignore[method-assign]

    def start(self, receiver: ChannelReceiver) -> None:
        self._channel.start(_TracedReceiver(receiver, self._trace))

    def send(self, message: Message) -> None:
        self._trace.mark("given")
        self._channel.send(message)
        self._trace.mark("taken")

    def flush(self, gather: int | None = None) -> None:
        raise AssertionError("replaced by the channel's own")

    def close(self) -> None:
        raise AssertionError("replaced by the channel's own")


class _TracedReceiver:
    def __init__(self, receiver: ChannelReceiver, trace: Trace) -> None:
        self._receiver = receiver
        self._mark = trace.mark

    def on_messages(self, messages: Sequence[Message], /) -> None:
        self._mark("message")
        self._receiver.on_messages(messages)
        self._mark("resolved")

    def on_closed(self, error: ServicesError | None, /) -> None:
        self._receiver.on_closed(error)


def traced(backend: type[Backend], connecting: Trace, listening: Trace) -> type[Backend]:
    """Return the same backend, whose channels leave marks in the trace of their side."""

    class Traced(backend):  # type: ignore[valid-type, misc]
        def connect(self, url: str) -> Channel:
            return TracedChannel(super().connect(url), connecting)

        def listen(self, url: str, accept: Callable[[Channel], None]) -> Listener:
            listener: Listener = super().listen(url, lambda channel: accept(TracedChannel(channel, listening)))
            return listener

    return Traced


@contextmanager
def probed(trace: Trace, side: str) -> Iterator[None]:
    """Mark the inside of backends that are known more closely, while the context lasts."""
    with ExitStack() as undo:
        module_name, class_name = _PROBES[side]
        found: Any = getattr(importlib.import_module(module_name), class_name, None)
        for method, mark in _PROBED.items():
            original = getattr(found, method, None)
            if original is not None:
                setattr(found, method, _marking(original, trace, mark))
                undo.callback(delattr, found, method)  # inherited: what was set here hides it
        yield


def _marking(original: Callable[..., Any], trace: Trace, mark: str) -> Callable[..., Any]:
    def probe(*arguments: Any) -> Any:
        trace.mark(mark)
        return original(*arguments)

    return probe
