"""What travels between clients and services: counted where the server passes it on, whatever runs behind."""

from __future__ import annotations

import asyncio
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any, Final

from async_paraview.records import dataclass
from services_core import Channel, ChannelReceiver, ConnectionState, KiB, Kind, Message

BOUNDS_S: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
"""Upper ends of the classes of how long requests took; the last class has none."""

MOST_OPEN: Final = 65536
"""Requests of one connection that are timed: more the protocol does not let it have."""

_REQUEST, _CANCEL = int(Kind.REQUEST), int(Kind.CANCEL)
_ENDS: Final = (int(Kind.REPLY), int(Kind.ERROR))


@dataclass(frozen=True, slots=True)
class Counts:
    """What has travelled so far. Bytes are those of headers and buffers."""

    received_bytes: int = 0
    sent_bytes: int = 0
    requests: int = 0
    """Those that were answered, by a result or an error."""
    request_seconds: float = 0.0
    by_duration: tuple[int, ...] = (0,) * (len(BOUNDS_S) + 1)
    """Of these requests, how many took so long: a class for each of BOUNDS_S, and one for those above."""

    def to_dict(self) -> dict[str, Any]:
        """Return what the operation `status` tells of it."""
        return {
            "requests": self.requests,
            "received_bytes": self.received_bytes,
            "sent_bytes": self.sent_bytes,
            "request_s": self.request_seconds,
        }


class Traffic:
    """Counters of a session, or of a server: what is counted here, counts in `total` as well. Thread-safe."""

    def __init__(self, total: Traffic | None = None) -> None:
        self._total = total
        self._lock = threading.Lock()
        self._received_bytes = self._sent_bytes = self._requests = 0
        self._seconds = 0.0
        self._by_duration = [0] * (len(BOUNDS_S) + 1)

    def received(self, size_bytes: int) -> None:
        """Count bytes that a client has sent."""
        with self._lock:
            self._received_bytes += size_bytes
        if self._total is not None:
            self._total.received(size_bytes)

    def sent(self, size_bytes: int, took_s: float | None = None) -> None:
        """Count bytes that go to a client, and, if they answer a request, how long that took."""
        with self._lock:
            self._sent_bytes += size_bytes
            if took_s is not None:
                self._requests += 1
                self._seconds += took_s
                self._by_duration[bisect_left(BOUNDS_S, took_s)] += 1
        if self._total is not None:
            self._total.sent(size_bytes, took_s)

    def counts(self) -> Counts:
        """Return what was counted so far."""
        with self._lock:
            return Counts(
                self._received_bytes, self._sent_bytes, self._requests, self._seconds, tuple(self._by_duration)
            )


class MeteredChannel(Channel):
    """A client's channel whose messages are counted. Who receives from it calls `arrived` with what arrives."""

    def __init__(self, channel: Channel, traffic: Traffic, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.chunk_bytes = channel.chunk_bytes
        self.peer = channel.peer
        self.peer_key = channel.peer_key
        self._channel = channel
        self._traffic = traffic
        self._clock = clock
        self._begun: dict[int, float] = {}

    def arrived(self, messages: Sequence[Message]) -> None:
        """Count what the client has sent."""
        size_bytes = 0
        for message in messages:
            size_bytes += _size_bytes(message)
            if message.kind == _REQUEST:
                if len(self._begun) < MOST_OPEN:
                    self._begun[message.id] = self._clock()
            elif message.kind == _CANCEL:
                self._begun.pop(message.id, None)
        if size_bytes:
            self._traffic.received(size_bytes)

    def start(self, receiver: ChannelReceiver) -> None:
        """See Channel.start."""
        self._channel.start(receiver)

    def send(self, message: Message) -> None:
        """See Channel.send."""
        begun = self._begun.pop(message.id, None) if message.kind in _ENDS else None
        if message.packet is not None or begun is not None:
            self._traffic.sent(_size_bytes(message), None if begun is None else self._clock() - begun)
        self._channel.send(message)

    def flush(self, gather: int | None = None) -> None:
        """See Channel.flush."""
        self._channel.flush(gather)

    def attach_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """See Channel.attach_loop."""
        self._channel.attach_loop(loop)

    def detach_loop(self) -> None:
        """See Channel.detach_loop."""
        self._channel.detach_loop()

    def watch(self, watcher: Callable[[ConnectionState], None]) -> None:
        """See Channel.watch."""
        self._channel.watch(watcher)

    def close(self) -> None:
        """See Channel.close."""
        self._channel.close()

    def abandon(self) -> None:
        """See Channel.abandon."""
        self._channel.abandon()


def _size_bytes(message: Message) -> int:
    return 0 if message.packet is None else message.packet.size_bytes - KiB  # without what it counts in windows
