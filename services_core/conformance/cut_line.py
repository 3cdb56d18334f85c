"""A backend under test whose channels are cut at will: what carries a lasting connection is lost, again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from ..backend import Backend, Channel, ChannelReceiver, Listener
from ..errors import ConnectionLost, ServicesError
from ..limits import DEFAULT_LIMITS, Limits
from ..protocol.messages import Message


class CutChannel(Channel):
    """A connected channel, until it is cut: then nothing of it arrives any more, and its receiver is told so."""

    def __init__(self, inner: Channel) -> None:
        self.chunk_bytes = inner.chunk_bytes
        self.peer = inner.peer
        self._inner = inner
        self._receiver: ChannelReceiver | None = None
        self._cut = False
        self._closing = False

    def start(self, receiver: ChannelReceiver) -> None:
        """See Channel.start."""
        self._receiver = receiver
        self._inner.start(self)

    def send(self, message: Message) -> None:
        """See Channel.send."""
        if not self._cut:
            self._inner.send(message)

    def flush(self, gather: int | None = None) -> None:
        """See Channel.flush."""
        self._inner.flush(gather)

    def close(self) -> None:
        """See Channel.close."""
        self._closing = True
        self._inner.close()

    def cut(self) -> None:
        """Lose it: what is under way in either direction may arrive, or not."""
        if not self._closing:
            self._cut = True
            self._inner.abandon()

    def on_messages(self, messages: Sequence[Message]) -> None:
        """See ChannelReceiver.on_messages."""
        if not self._cut and self._receiver is not None:
            self._receiver.on_messages(messages)

    def on_closed(self, error: ServicesError | None) -> None:
        """See ChannelReceiver.on_closed."""
        if self._receiver is not None:
            self._receiver.on_closed(ConnectionLost("it was cut on purpose") if self._cut else error)


def cutting(backend: type[Backend]) -> type[CuttingBackend]:
    """Return a class of backends that are as `backend`, but connect by channels that can be cut."""
    names = {"inner_class": backend, "schemes": backend.schemes, "crosses_processes": backend.crosses_processes}
    return type(f"Cutting{backend.__name__}", (CuttingBackend,), names)


class CuttingBackend(Backend):
    """See `cutting`."""

    inner_class: type[Backend]

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self._inner = self.inner_class(limits)
        self._lock = threading.Lock()
        self._channels: list[CutChannel] = []
        self.made = 0
        """How many channels there were."""

    def listen(self, url: str, accept: Callable[[Channel], None]) -> Listener:
        """See Backend.listen."""
        return self._inner.listen(url, accept)

    def connect(self, url: str) -> Channel:
        """See Backend.connect."""
        channel = CutChannel(self._inner.connect(url))
        with self._lock:
            self._channels.append(channel)
            self.made += 1
        return channel

    def cut(self) -> None:
        """Cut all that is connected."""
        with self._lock:
            cut, self._channels = self._channels, []
        for channel in cut:
            channel.cut()

    def private_url(self, *, other_processes: bool = False) -> str:
        """See Backend.private_url."""
        return self._inner.private_url(other_processes=other_processes)

    def close(self, timeout_s: float = 10.0) -> None:
        """See Backend.close."""
        self._inner.close(timeout_s)
