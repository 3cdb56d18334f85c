"""Listeners and channels of one process, found by name."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from typing import ClassVar

from services_core import (
    DEFAULT_LIMITS,
    Backend,
    Channel,
    ChannelReceiver,
    Closed,
    ConfigurationError,
    ConnectionFailed,
    ConnectionLost,
    Limits,
    Listener,
    Message,
    ServicesError,
    goodbye,
)

from .delivery_thread import DeliveryThread
from .pipe import END, Pipe

_log = logging.getLogger(__name__)
_names = itertools.count(1)
_listeners: dict[str, InprocListener] = {}
_listeners_lock = threading.Lock()


class InprocBackend(Backend):
    """Messages change hands by reference: nothing is encoded or copied beyond what making a packet does.

    They are delivered by the thread that flushes; after a burst the rest is left to the backend's delivery thread,
    so that no sender is kept delivering for others. URLs look like `thread://name` and reach any engine of the process.
    """

    schemes: ClassVar[tuple[str, ...]] = ("thread",)
    crosses_processes: ClassVar[bool] = False

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self.delivery = DeliveryThread()
        self._lock = threading.Lock()
        self._channels: set[InprocChannel] = set()
        self._own_listeners: list[InprocListener] = []
        self._closed = False

    def listen(self, url: str, accept: Callable[[Channel], None]) -> Listener:
        """See Backend.listen."""
        listener = InprocListener(_name(url), self, accept)
        with self._lock:
            self._check_open()
            with _listeners_lock:
                if listener.name in _listeners:
                    raise ConnectionFailed(f"{url} is taken already in this process; choose another name")
                _listeners[listener.name] = listener
            self._own_listeners.append(listener)
        return listener

    def connect(self, url: str) -> Channel:
        """See Backend.connect."""
        name = _name(url)
        ours = InprocChannel(self, Pipe(self.delivery))
        if not self.keep(ours):
            raise self._refusal()
        with _listeners_lock:
            listener = _listeners.get(name)
        if listener is not None:
            theirs = InprocChannel(listener.backend, Pipe(listener.backend.delivery))
            ours.outgoing, theirs.outgoing = theirs.incoming, ours.incoming
            if listener.backend.keep(theirs):
                listener.accept(theirs)
                return ours
        ours.incoming.put((END, ConnectionFailed(f"nobody listens at {url} in this process")))
        return ours

    def private_url(self, *, other_processes: bool = False) -> str:
        """See Backend.private_url."""
        if other_processes:
            raise ConfigurationError("the inproc backend cannot be reached from another process; use zmq for that")
        return f"thread://private-{next(_names)}"

    def close(self, timeout_s: float = 10.0) -> None:
        """See Backend.close."""
        with self._lock:
            self._closed = True
            channels, listeners = list(self._channels), list(self._own_listeners)
        for listener in listeners:
            listener.close()
        for channel in channels:
            channel.close()
        if not self.delivery.close(timeout_s):
            raise ServicesError(f"the delivery thread of the inproc backend did not end within {timeout_s:g} s")

    def keep(self, channel: InprocChannel) -> bool:
        """Have the channel closed with this backend; False if that is closed already."""
        with self._lock:
            if not self._closed:
                self._channels.add(channel)
            return not self._closed

    def forget(self, channel: InprocChannel) -> None:
        """Close that channel no more with this backend: it has ended."""
        with self._lock:
            self._channels.discard(channel)

    def _check_open(self) -> None:
        if self._closed:
            raise self._refusal()

    def _refusal(self) -> Closed:
        return Closed("this inproc backend is closed")


class InprocListener(Listener):
    """A name that channels of this process can be opened to."""

    def __init__(self, name: str, backend: InprocBackend, accept: Callable[[Channel], None]) -> None:
        self.name = name
        self.url = f"thread://{name}"
        self.backend = backend
        self.accept = accept

    def close(self) -> None:
        """See Listener.close."""
        with _listeners_lock:
            if _listeners.get(self.name) is self:
                del _listeners[self.name]


class InprocChannel(Channel):
    """One end of a pair of pipes."""

    chunk_bytes: int | None = None

    def __init__(self, backend: InprocBackend, incoming: Pipe) -> None:
        self.incoming = incoming
        self.outgoing: Pipe | None = None
        self._backend = backend
        self._closed = False

    def start(self, receiver: ChannelReceiver) -> None:
        """See Channel.start."""

        def ended(error: ServicesError | None) -> None:
            self._closed = True
            self._backend.forget(self)
            if self.outgoing is not None:  # the peer knows, unless it was this receiver that failed
                if error is not None:
                    self.outgoing.put(goodbye(ConnectionLost(str(error))))
                self.outgoing.put((END, None))
                self.outgoing.flush()
            receiver.on_closed(error)

        self.incoming.start(receiver.on_messages, ended)

    def send(self, message: Message) -> None:
        """See Channel.send."""
        if self.outgoing is not None and not self._closed:
            self.outgoing.put(message)

    def flush(self, gather: int | None = None) -> None:
        """See Channel.flush."""
        if self.outgoing is not None:
            self.outgoing.flush()

    def close(self) -> None:
        """See Channel.close."""
        if self._closed:
            return
        self._closed = True
        for pipe in (self.outgoing, self.incoming):
            if pipe is not None:
                pipe.put((END, None))
                pipe.flush()


def _name(url: str) -> str:
    scheme, separator, name = url.partition("://")
    if scheme != "thread" or not separator or not name:
        raise ConfigurationError(f"{url!r} is no address of the inproc backend; they look like thread://name")
    return name
