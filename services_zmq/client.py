"""The connecting end: a DEALER socket of its own for each channel."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Sequence

import zmq
from zmq.utils.monitor import recv_monitor_message

from services_core import ConnectionFailed, Keys, ServicesError
from services_core.protocol.codec import Frame

from .channel import CLOSE_FRAME, REFUSE_FRAME, ZmqChannel, lost
from .curve import (
    FAILURES,
    connecting_options,
    handshake_failure,
    mechanism,
    mismatch,
    transport_url,
    wrong_server_key,
)
from .greeting import mechanism_at
from .resources import Resources
from .sockets import LINGER_MS, make_socket
from .threads.io_thread import TICK_S
from .threads.strand import Strand
from .transfer import TURN_S, readable, receive_batch, send_frames, send_last

_WATCHED = FAILURES | int(
    zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_CLOSED | zmq.EVENT_DISCONNECTED | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
)


class ClientChannel(ZmqChannel):
    """A channel that connects. ZeroMQ tells through the monitor whether anybody is there."""

    def __init__(
        self,
        resources: Resources,
        url: str,
        ended: Callable[[ClientChannel], None],
        *,
        keys: Keys | None = None,
        failure: ServicesError | None = None,
    ) -> None:
        self._io = resources.io
        self._ended = ended
        self._crosses_machines = url.startswith(("tcp://", "curve://"))
        self._asking = False
        self._to_read = False
        self._received: Sequence[Sequence[zmq.Frame]] = ()
        self._connected = url.startswith("inproc://")  # these are connected from the start, without an event
        self._hopeless_after = time.monotonic() + resources.limits.connect_s
        self._failure = failure
        self._spoken = False
        self._disposed = False
        self._leave_by = 0.0
        """At that time of `time.monotonic()` the sockets are closed, whatever has left; 0: without waiting."""
        self._departure: zmq.MessageTracker | None = None
        self._keys = keys
        curve = connecting_options(url, keys)
        self._patience = resources.patience
        self._dead_after_ms = self._patience.with_peer(url)
        self._begun = self._heard = self._sent = time.monotonic()
        self._socket = make_socket(
            resources.context, zmq.DEALER, url, resources.limits, curve, dead_after_ms=self._dead_after_ms
        )
        self._strand: Strand
        super().__init__(Strand(self._io, self._socket, self._readable), url, threading.Lock(), resources)
        self._send = self._socket.send
        try:
            self._monitor = self._socket.get_monitor_socket(_WATCHED)
        except zmq.ZMQError:  # there are as many sockets as there may be
            self._socket.close(0)
            raise
        if failure is None:
            try:
                self._socket.connect(transport_url(url))
            except zmq.ZMQError:
                self._close_sockets()
                raise

    def attach_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """See Channel.attach_loop."""
        with self._socket_lock:
            if not self._closing and not self._over:
                self._strand.attach_loop(loop)

    def detach_loop(self) -> None:
        """See Channel.detach_loop."""
        self._strand.detach_loop()

    def is_connected(self) -> bool:
        """See Channel.is_connected. ZeroMQ's own threads make the handshake, and send heartbeats from then on."""
        return self._connected and not self._over

    def shut(self) -> None:
        """Close now. On the communication thread."""
        # Who has said nothing is not known to the peer, and need not take leave of it.
        self._strand.exclusively(lambda: self.finish(None, tell_peer=self._spoken or bool(self._outgoing)))
        self._dispose()  # if another thread has finished it, and left that to this one

    def let_leave(self) -> None:
        """Wait until what was sent has left, or cannot any more. On the communication thread, after `shut`."""
        while not self._close_if_left():
            assert self._departure is not None
            with contextlib.suppress(zmq.NotDone):
                self._departure.wait(TICK_S)

    def _open(self) -> None:
        self._io.call(self._watch)

    def _watch(self) -> None:
        if not self._over:
            self._strand.open()
            self._io.watch(self._monitor, lambda: self._strand.call(self._watch_connection))

    def _send_frames(self, frames: Sequence[Frame]) -> None:
        self._sent = time.monotonic()
        self._spoken = True
        send_frames(self._send, frames)

    def _look(self) -> None:
        if not self._to_read and readable(self._socket):
            self._read_soon()

    def _read_soon(self) -> None:
        """Have a turn of receiving, once, however often it is asked for: other sockets and calls have theirs."""
        if not self._to_read:
            self._to_read = True
            self._strand.call(self._readable)

    def _readable(self) -> None:
        self._to_read = False  # before it is looked: what comes later asks for another turn
        if self._over:
            return
        more = self._take_turn()
        if self._failure is not None and not more:
            self.finish(self._failure, tell_peer=False)
        elif more:
            self._read_soon()

    def _take_turn(self) -> bool:
        """Receive and deliver, or deliver what is left of the turn before; tells whether there may be more."""
        received, self._received = self._received, ()
        if received:
            self._received = self.deliver(received)
            return True
        until = time.monotonic() + TURN_S
        more = True
        while more and not self._received and not self._over and time.monotonic() < until:
            messages, more = receive_batch(self._socket, self._socket_lock, routed=False)
            if messages:
                self._heard = time.monotonic()
            self._received = self.deliver(self._without_refusal([frames for _, frames in messages]))
        return more or bool(self._received)

    def _without_refusal(self, arrived: list[list[zmq.Frame]]) -> list[list[zmq.Frame]]:
        """Return what comes before the word that the listener takes no more channels, and note that."""
        for index, frames in enumerate(arrived):
            if len(frames) == 1 and len(frames[0]) == 1 and frames[0].bytes == REFUSE_FRAME:
                self._failure = nobody(self.peer, "its listener was closed")
                return arrived[:index]
        return arrived

    def _unreachable(self, reason: str) -> None:
        if not self._over:
            self._watch_connection()
            if self._failure is None and self._connected:  # else the monitor is about to tell why it never was
                self._failure = lost(self.peer, reason)
                self._readable()

    def _watch_connection(self) -> None:
        while not self._over and self._failure is None and readable(self._monitor):
            told = recv_monitor_message(self._monitor)
            event = told["event"]
            if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                self._connected = True
                self._begun = self._heard = self._sent = time.monotonic()
            elif mistake := handshake_failure(event, told["value"], self.peer, self._keys):
                self._failure = mistake
            elif self._connected:
                self._failure = self._lost()
            elif event == zmq.EVENT_CLOSED or not self._crosses_machines:
                self._failure = nobody(self.peer, "the connection was refused")
            else:
                self._ask_why(wrong_server_key(event, told["value"], self.peer, self._keys))
        if self._failure is not None:
            self._readable()  # what had arrived before the connection broke comes first

    def _lost(self) -> ServicesError:
        """Return the error of a connection that broke; the next one to there is given longer if this fell silent."""
        if self._crosses_machines:
            now = time.monotonic()
            silent_s, idle_s = now - self._heard, now - max(self._heard, self._sent)
            lived_s = now - self._begun
            self._patience.lost(self.peer, self._dead_after_ms, lived_s=lived_s, silent_s=silent_s, idle_s=idle_s)
        return lost(self.peer, "it was closed from the other side")

    def _ask_why(self, suspected: ServicesError | None) -> None:
        """Find out why a server has hung up before it was connected, on a thread: it takes a connection of its own."""
        if self._asking:
            return
        self._asking = True
        error = suspected or hung_up(self.peer)

        def ask() -> None:
            found = mechanism_at(self.peer.partition("://")[2])
            other = found is not None and found != mechanism(self.peer)
            self._strand.call(lambda: self._fail(mismatch(self.peer) if other else error))

        threading.Thread(target=ask, name="services-zmq-greeting", daemon=True).start()

    def _fail(self, error: ServicesError) -> None:
        if not self._over and self._failure is None:
            self._failure = error
            self._readable()

    def _peer_closed(self) -> None:
        # Within a process no connection ends, so that the listener is told when it may forget this peer.
        self.finish(None, tell_peer=self.peer.startswith("inproc://"))

    def _send_close(self) -> None:
        if self.peer.startswith("inproc://"):  # there it has left when it is read, and there is no connection to end
            super()._send_close()
        else:
            self._departure = send_last(self._socket, CLOSE_FRAME)

    def _release(self, *, reachable: bool) -> None:
        hopeless = not self._connected and time.monotonic() > self._hopeless_after
        if reachable and self._failure is None and not hopeless:
            self._leave_by = time.monotonic() + LINGER_MS / 1000
        if self._io.is_current():
            self._dispose()
        else:
            self._io.call(self._dispose)

    def _dispose(self) -> None:
        """Close the sockets as soon as may be. On the communication thread, which watches them."""
        if not self._disposed:
            self._disposed = True
            self._strand.forget()
            self._io.forget(self._monitor)
            if self._has_left():
                self._close_sockets()
            else:
                self._io.look_after(self._leave)

    def _leave(self) -> None:
        if not self._close_if_left():
            self._io.look_after(self._leave)

    def _close_if_left(self) -> bool:
        left = self._has_left()
        if left:
            self._close_sockets()
        else:
            receive_batch(self._socket, self._socket_lock, routed=False)  # nobody wants it, but it has to give way
        return left

    def _has_left(self) -> bool:
        """Return whether all that was sent has left, or cannot any more.

        ZeroMQ would keep what waits for a connection that has ended until the time of a closed socket is over, and
        nobody could close its context before.
        """
        if self._socket.closed or self._departure is None or self._departure.done:
            return True
        if time.monotonic() >= self._leave_by or self._has_ended():
            self._leave_by = 0.0
            return True
        return False

    def _has_ended(self) -> bool:
        while readable(self._monitor):
            if recv_monitor_message(self._monitor)["event"] != zmq.EVENT_HANDSHAKE_SUCCEEDED:
                return True
        return False

    def _close_sockets(self) -> None:
        """Close the sockets, once."""
        if not self._socket.closed:
            self._socket.disable_monitor()
            self._monitor.close(0)
            self._socket.close(LINGER_MS if self._leave_by else 0)
            self._ended(self)


def nobody(url: str, reason: str) -> ConnectionFailed:
    """Return the error for a connection that was never made."""
    return ConnectionFailed(f"nobody listens at {url}: {reason}; start apvserver there, or check the host and the port")


def hung_up(url: str) -> ConnectionFailed:
    """Return the error for a connection that was closed from there before anything was said."""
    return ConnectionFailed(
        f"what answers at {url} has closed the connection before it said what it is: it is no apvserver, or nobody "
        "listens behind a tunnel or a proxy there; start apvserver there, or check the host and the port"
    )
