"""Backends that each break one promise, by wrapping what the inproc backend does. The suite must reject them all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import ClassVar

from services_core import Backend, Channel, ChannelReceiver, Kind, Limits, Listener, Message, Packet, ServicesError
from services_core.limits import DEFAULT_LIMITS
from services_inproc import InprocBackend


class WrongChannel(Channel):
    """Passes everything on; subclasses do one thing wrong."""

    def __init__(self, inner: Channel) -> None:
        self.inner = inner
        self.sent = 0

    def start(self, receiver: ChannelReceiver) -> None:
        self.inner.start(receiver)

    def send(self, message: Message) -> None:
        self.sent += 1
        self.inner.send(message)

    def flush(self, gather: int | None = None) -> None:
        self.inner.flush(gather)

    def close(self) -> None:
        self.inner.close()


class WrongBackend(Backend):
    """Wraps each channel of an inproc backend."""

    schemes: ClassVar[tuple[str, ...]] = InprocBackend.schemes
    crosses_processes: ClassVar[bool] = False
    wrap: ClassVar[type[WrongChannel]] = WrongChannel

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self.inner = InprocBackend(limits)

    def listen(self, url: str, accept: Callable[[Channel], None]) -> Listener:
        return self.inner.listen(url, lambda channel: accept(self.wrap(channel)))

    def connect(self, url: str) -> Channel:
        return self.wrap(self.inner.connect(url))

    def private_url(self, *, other_processes: bool = False) -> str:
        return self.inner.private_url(other_processes=other_processes)

    def close(self, timeout_s: float = 10.0) -> None:
        self.inner.close(timeout_s)


class _Ear:
    """A receiver that passes everything on; subclasses do one thing wrong."""

    def __init__(self, inner: ChannelReceiver) -> None:
        self.inner = inner

    def on_messages(self, messages: Sequence[Message]) -> None:
        self.inner.on_messages(messages)

    def on_closed(self, error: ServicesError | None) -> None:
        self.inner.on_closed(error)


class DroppingChannel(WrongChannel):
    """Loses one message in 100."""

    def send(self, message: Message) -> None:
        self.sent += 1
        if self.sent % 100:
            self.inner.send(message)


class ReorderingChannel(WrongChannel):
    """Sends every 50th message after its successor."""

    held: Message | None = None

    def send(self, message: Message) -> None:
        self.sent += 1
        if self.sent % 50 == 0:
            self.held = message
            return
        self.inner.send(message)
        if self.held is not None:
            self.inner.send(self.held)
            self.held = None


class DuplicatingChannel(WrongChannel):
    """Sends every 100th message twice."""

    def send(self, message: Message) -> None:
        super().send(message)
        if self.sent % 100 == 0:
            self.inner.send(message)


class _AliasingEar(_Ear):
    memory = bytearray(1 << 20)

    def on_messages(self, messages: Sequence[Message]) -> None:
        self.inner.on_messages([self.aliased(message) for message in messages])

    def aliased(self, message: Message) -> Message:
        packet = message.packet
        if packet is not None and packet.buffers and packet.size_bytes < len(self.memory):
            views, at = [], 0
            for view in packet.buffers:
                self.memory[at : at + view.nbytes] = view
                views.append(memoryview(self.memory)[at : at + view.nbytes].toreadonly())
                at += view.nbytes
            message = message._replace(packet=Packet.received(packet.header_bytes, tuple(views)))
        return message


class AliasingChannel(WrongChannel):
    """Receives every message into the same memory."""

    def start(self, receiver: ChannelReceiver) -> None:
        self.inner.start(_AliasingEar(receiver))


class _WritableEar(_Ear):
    def on_messages(self, messages: Sequence[Message]) -> None:
        self.inner.on_messages([self.writable(message) for message in messages])

    def writable(self, message: Message) -> Message:
        packet = message.packet
        if packet is not None and packet.buffers:
            views = tuple(memoryview(bytearray(view)) for view in packet.buffers)
            message = message._replace(packet=Packet.received(packet.header_bytes, views))
        return message


class WritableChannel(WrongChannel):
    """Hands over views that can be written to."""

    def start(self, receiver: ChannelReceiver) -> None:
        self.inner.start(_WritableEar(receiver))


class ClosingEarlyChannel(WrongChannel):
    """Drops what was not flushed when it closes."""

    def __init__(self, inner: Channel) -> None:
        super().__init__(inner)
        self.held: list[Message] = []

    def send(self, message: Message) -> None:
        self.held.append(message)

    def flush(self, gather: int | None = None) -> None:
        held, self.held = self.held, []
        for message in held:
            self.inner.send(message)
        self.inner.flush()


class BlockingChannel(WrongChannel):
    """Waits in `send` until the receiver has taken the message before."""

    def __init__(self, inner: Channel) -> None:
        super().__init__(inner)
        self.lock = threading.Lock()

    def send(self, message: Message) -> None:
        with self.lock:
            self.inner.send(message)
            self.inner.flush()

    def flush(self, gather: int | None = None) -> None:
        with self.lock:
            self.inner.flush()


class LosingBeforeStartChannel(WrongChannel):
    """Begins before it is started, and has nobody to give the messages to."""

    def __init__(self, inner: Channel) -> None:
        super().__init__(inner)
        self.receiver: ChannelReceiver | None = None
        inner.start(self)

    def start(self, receiver: ChannelReceiver) -> None:
        self.receiver = receiver

    def on_messages(self, messages: Sequence[Message]) -> None:
        if self.receiver is not None:
            self.receiver.on_messages(messages)

    def on_closed(self, error: ServicesError | None) -> None:
        if self.receiver is not None:
            self.receiver.on_closed(error)


class OverlappingChannel(WrongChannel):
    """Delivers on the sender's thread, whoever else does so at the time."""

    peers: ClassVar[list[OverlappingChannel]] = []

    def start(self, receiver: ChannelReceiver) -> None:
        self.receiver = receiver
        self.inner.start(receiver)
        self.peers.append(self)

    def send(self, message: Message) -> None:
        other = next((p for p in self.peers if getattr(p.inner, "outgoing", None) is self.inner.incoming), None)  # type: ignore[attr-defined]
        if other is not None and self.inner.outgoing is other.inner.incoming:  # type: ignore[attr-defined]
            other.receiver.on_messages([message])
        else:
            self.inner.send(message)


class _SilentEar(_Ear):
    def on_closed(self, error: ServicesError | None) -> None:
        """Says nothing."""


class SilentChannel(WrongChannel):
    """Never says that it is closed."""

    def start(self, receiver: ChannelReceiver) -> None:
        self.inner.start(_SilentEar(receiver))


class _RepeatingEar(_Ear):
    def on_closed(self, error: ServicesError | None) -> None:
        self.inner.on_closed(error)
        self.inner.on_closed(error)


class RepeatingCloseChannel(WrongChannel):
    """Says twice that it is closed."""

    def start(self, receiver: ChannelReceiver) -> None:
        self.inner.start(_RepeatingEar(receiver))


class _DeafEar(_Ear):
    closing = False

    def on_closed(self, error: ServicesError | None) -> None:
        if self.closing or error is not None:
            self.inner.on_closed(error)


class DeafChannel(WrongChannel):
    """Ignores that its peer closed; reports only its own close."""

    def start(self, receiver: ChannelReceiver) -> None:
        self.ear = _DeafEar(receiver)
        self.inner.start(self.ear)

    def close(self) -> None:
        self.ear.closing = True
        self.inner.close()


class _TalkativeEar(_Ear):
    last: Message | None = None

    def on_messages(self, messages: Sequence[Message]) -> None:
        self.last = messages[-1]
        self.inner.on_messages(messages)

    def on_closed(self, error: ServicesError | None) -> None:
        self.inner.on_closed(error)
        if self.last is not None:
            self.inner.on_messages([self.last])


class TalkativeChannel(WrongChannel):
    """Goes on after it said that it is closed."""

    def start(self, receiver: ChannelReceiver) -> None:
        self.inner.start(_TalkativeEar(receiver))


class HoldingChannel(ClosingEarlyChannel):
    """Takes the hint that more follows for a promise."""

    def flush(self, gather: int | None = None) -> None:
        if not gather:
            super().flush(gather)

    def close(self) -> None:
        self.flush()
        self.inner.close()


class LoopBoundChannel(WrongChannel):
    """Once a loop has waited, everything is delivered in that loop."""

    loop: asyncio.AbstractEventLoop | None = None

    def start(self, receiver: ChannelReceiver) -> None:
        self.inner.start(_LoopBoundEar(self, receiver))

    def attach_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = self.loop or loop


class _LoopBoundEar(_Ear):
    def __init__(self, channel: LoopBoundChannel, inner: ChannelReceiver) -> None:
        super().__init__(inner)
        self.channel = channel

    def on_messages(self, messages: Sequence[Message]) -> None:
        loop = self.channel.loop
        if loop is None or loop.is_closed():
            self.inner.on_messages(messages)
        else:
            loop.call_soon_threadsafe(self.inner.on_messages, messages)


class MuteChannel(WrongChannel):
    """Closes without the goodbye."""

    def send(self, message: Message) -> None:
        if message.kind != Kind.GOODBYE:
            self.inner.send(message)


def _backend(channel: type[WrongChannel]) -> type[WrongBackend]:
    name = channel.__name__.replace("Channel", "Backend")
    return type(name, (WrongBackend,), {"wrap": channel, "__doc__": channel.__doc__})


DroppingBackend = _backend(DroppingChannel)
ReorderingBackend = _backend(ReorderingChannel)
DuplicatingBackend = _backend(DuplicatingChannel)
AliasingBackend = _backend(AliasingChannel)
HoldingBackend = _backend(HoldingChannel)
LoopBoundBackend = _backend(LoopBoundChannel)
WritableBackend = _backend(WritableChannel)
ClosingEarlyBackend = _backend(ClosingEarlyChannel)
MuteBackend = _backend(MuteChannel)
BlockingBackend = _backend(BlockingChannel)
LosingBeforeStartBackend = _backend(LosingBeforeStartChannel)
OverlappingBackend = _backend(OverlappingChannel)
SilentBackend = _backend(SilentChannel)
RepeatingCloseBackend = _backend(RepeatingCloseChannel)
DeafBackend = _backend(DeafChannel)
TalkativeBackend = _backend(TalkativeChannel)
RightBackend = _backend(WrongChannel)


class LeakyBackend(WrongBackend):
    """Leaves a thread behind when it closes."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        threading.Thread(target=threading.Event().wait, args=(20.0,), name="leaked-on-purpose", daemon=True).start()


class CarelessBackend(WrongBackend):
    """Takes any address for its own."""

    def connect(self, url: str) -> Channel:
        return super().connect(url if url.startswith("thread://") and len(url) > 9 else "thread://x")
