"""What a check works with: backends, channels and engines at one kind of address, deadlines, and a clean end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Final

from ..backend import Backend, Channel, Listener
from ..client.endpoint import ServiceEndpoint
from ..engine import ServicesEngine
from ..hosting.service import Service
from ..limits import DEFAULT_LIMITS, Limits
from ..packet import Packet
from ..protocol.messages import Kind, Message
from .expect import BrokenPromise, expect
from .recorder import Reaction, Recorder

PRIVATE: Final = "private"
"""Addresses of `Backend.private_url()`, where both ends belong to one backend."""

HOST: Final = "host"
"""Addresses of `Backend.private_url(other_processes=True)`, where each end has a backend of its own."""

_WAIT_S: Final = 5.0


class Line:
    """A channel, open at both ends: `near` connected, `far` was accepted."""

    def __init__(self, near: Channel, far: Channel, near_ear: Recorder, far_ear: Recorder) -> None:
        self.near, self.far = near, far
        self.near_ear, self.far_ear = near_ear, far_ear


class Stage:
    """Made for one run of one check; `close` ends what the check began and looks at every receiver once more."""

    def __init__(self, backend: type[Backend], address: str = PRIVATE, *, timeout_scale: float = 1.0) -> None:
        self.backend_class = backend
        self.wait_s = _WAIT_S * timeout_scale
        self.scale = timeout_scale
        self.shared = address == PRIVATE
        self.address = address
        self._backends: list[Backend] = []
        self._engines: list[ServicesEngine] = []
        self._recorders: list[Recorder] = []
        self._releases: list[Callable[[], None]] = []

    # --- channels

    def backend(self, limits: Limits = DEFAULT_LIMITS) -> Backend:
        """Return a backend of the class under test, closed at the end."""
        backend = self.backend_class(self._scaled(limits))
        self._backends.append(backend)
        return backend

    def two_backends(self) -> tuple[Backend, Backend]:
        """Return the backends of a connecting and of a listening side: the same at private addresses."""
        near = self.backend()
        return near, near if self.shared else self.backend()

    def url(self, backend: Backend) -> str:
        """Return an address to listen at."""
        if self.address in (PRIVATE, HOST):
            return backend.private_url(other_processes=not self.shared)
        return self.address

    def recorder(self, name: str, reaction: Reaction | None = None) -> Recorder:
        """Return a receiver that is looked at again in the end."""
        recorder = Recorder(name, self.wait_s, reaction)
        self._recorders.append(recorder)
        return recorder

    def listen(self, backend: Backend) -> tuple[Listener, SimpleQueue[tuple[Channel, Recorder]]]:
        """Listen at a fresh address; accepted channels are started with a recorder and come out of the queue."""
        accepted: SimpleQueue[tuple[Channel, Recorder]] = SimpleQueue()

        def accept(channel: Channel) -> None:
            ear = self.recorder("the accepted end")
            accepted.put((channel, ear))
            channel.start(ear)

        return backend.listen(self.url(backend), accept), accepted

    def open(
        self, backend: Backend, url: str, accepted: SimpleQueue[tuple[Channel, Recorder]], number: int = 0
    ) -> Line:
        """Connect, say one message and wait until the other end has it; it is not among what the line recorded."""
        near_ear = self.recorder("the connecting end")
        near = backend.connect(url)
        near.start(near_ear)
        near.send(message(number, kind=Kind.HELLO))
        near.flush()
        try:
            far, far_ear = accepted.get(timeout=self.wait_s)
        except Empty:
            told = f"nothing; {near_ear.name} has {near_ear.summary()}"
            raise BrokenPromise("the listener to accept a channel", told) from None
        far_ear.wait_messages(1)
        far_ear.messages.clear()
        return Line(near, far, near_ear, far_ear)

    def line(self) -> Line:
        """Return a channel that is open at both ends."""
        near, far = self.two_backends()
        listener, accepted = self.listen(far)
        return self.open(near, listener.url, accepted)

    # --- engines

    def endpoint(self, service: Service, limits: Limits = DEFAULT_LIMITS) -> ServiceEndpoint:
        """Return an endpoint of `service`, which runs in an engine of its own unless addresses are private."""
        url = self.serve(service, limits)
        return self.client(limits).endpoint(service.name, url)

    def serve(self, service: Service, limits: Limits = DEFAULT_LIMITS) -> str:
        """Start an engine that runs `service`, and return the URL where it listens."""
        engine = self.engine(limits)
        engine.add_service(service)
        return engine.listen(self.url(engine.backend)).url

    def client(self, limits: Limits = DEFAULT_LIMITS) -> ServicesEngine:
        """Return the engine to connect from: a new engine, or at private addresses that which serves."""
        return self._engines[-1] if self.shared and self._engines else self.engine(limits)

    def engine(self, limits: Limits = DEFAULT_LIMITS) -> ServicesEngine:
        """Return an engine over the backend under test, closed at the end."""
        engine = ServicesEngine(self.backend_class, limits=self._scaled(limits), name="conformance")
        self._engines.append(engine)
        return engine

    def own(self, engine: ServicesEngine) -> None:
        """Close this engine at the end."""
        self._engines.append(engine)

    def engines(self) -> list[ServicesEngine]:
        """Return the engines so far."""
        return list(self._engines)

    def _scaled(self, limits: Limits) -> Limits:
        """Return these, with as much more time to connect as there is for everything here."""
        return replace(limits, connect_s=limits.connect_s * max(1.0, self.scale))

    # --- waiting, and the end

    def wait(self, event: threading.Event, expected: str) -> None:
        """Wait for an event. Raises BrokenPromise if it does not come."""
        expect(event.wait(self.wait_s), expected, f"nothing within {self.wait_s:g} s")

    def at_end(self, release: Callable[[], None]) -> None:
        """Have `release()` called before everything is closed: it lets go of threads that a check holds up."""
        self._releases.append(release)

    def let_go(self) -> None:
        """Let go of every thread that the check holds up."""
        for release in self._releases:
            release()

    def close(self) -> None:
        """Close all. Raises BrokenPromise if a receiver was called wrongly, or never heard of the end."""
        self.let_go()
        for engine in reversed(self._engines):
            engine.close(2 * self.wait_s)
        for backend in self._backends:
            backend.close(2 * self.wait_s)
        for recorder in self._recorders:
            expect(
                bool(recorder.closings),
                f"on_closed at {recorder.name} when its backend closed",
                "the backend closed without a word",
            )
            recorder.verify()


def message(
    number: int, header: object = None, buffers: tuple[object, ...] = (), *, kind: int = Kind.REQUEST
) -> Message:
    """Return a message as engines make them, known by its number."""
    return Message(kind, number, 0, 0, Packet(header, buffers))
