"""The listening end: one ROUTER socket for each listener, and a channel for each peer that speaks to it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

import zmq
from zmq.utils.monitor import recv_monitor_message

from services_core import Channel, Keys, Listener
from services_core.protocol.codec import Frame

from .addresses import check_free, keep_to_user, listen_error
from .channel import REFUSE_FRAME, ZmqChannel, lost
from .curve import SCHEME, listening_options, transport_url
from .resources import Resources
from .sockets import LINGER_MS, make_socket
from .transfer import NOBLOCK, SNDMORE, TURN_S, readable, receive_batch, send_frames

LEAVE_S: Final = 0.5
"""How long peers have to close their connections when the listeners end."""


class ServerChannel(ZmqChannel):
    """A channel to one peer of a ROUTER socket, which is known by the routing id that ZeroMQ made up for it."""

    def __init__(self, listener: ZmqListener, routing_id: bytes, peer: str) -> None:
        super().__init__(listener.io, peer, listener.socket_lock, listener.resources)
        self._listener = listener
        self._routing_id = routing_id
        self._send = listener.socket.send

    def _open(self) -> None:
        """Do nothing: it has been open since its peer's first message."""

    def _unreachable(self, reason: str) -> None:
        self._listener.peer_unreachable(self._routing_id)

    def _peer_closed(self) -> None:
        self.finish(None, tell_peer=False)
        self._listener.peer_closed(self._routing_id)

    def _send_frames(self, frames: Sequence[Frame]) -> None:
        self._send(self._routing_id, NOBLOCK | SNDMORE)
        send_frames(self._send, frames)

    def _look(self) -> None:
        self._listener.look()

    def _release(self, *, reachable: bool) -> None:
        """Free nothing: the peer is remembered, to be ignored, until it closes or its connection ends."""


class ZmqListener(Listener):
    """Accepts channels at one address. Everything but the constructor and `close` runs on the communication thread."""

    def __init__(
        self,
        resources: Resources,
        url: str,
        accept: Callable[[Channel], None],
        *,
        keys: Keys | None = None,
    ) -> None:
        self.io = resources.io
        self.resources = resources
        check_free(url)
        self.socket_lock = threading.Lock()
        curve = listening_options(url, keys)
        self.socket = make_socket(resources.context, zmq.ROUTER, url, resources.limits, curve)
        try:
            self.socket.bind(transport_url(url))
            keep_to_user(url)
            self._monitor = self.socket.get_monitor_socket(int(zmq.EVENT_DISCONNECTED))
        except zmq.ZMQError as error:
            self.socket.close(0)
            raise listen_error(url, error) from error
        self._bound = str(self.socket.get_string(zmq.LAST_ENDPOINT)).rstrip("\0")
        self._asks_for_keys = bool(curve)
        self.url = f"{SCHEME}{self._bound.removeprefix('tcp')}" if curve else self._bound
        self._accept = accept
        self._channels: dict[bytes, ServerChannel] = {}
        self._of_descriptor: dict[int, bytes] = {}
        self._dead: list[bytes] = []
        self._received: deque[tuple[bytes, Sequence[Sequence[zmq.Frame]]]] = deque()
        self._closed = False
        self._accepting = True
        self._to_read = False
        self._unbound = False
        self._shut = False
        self.io.call(self._open)

    def close(self) -> None:
        """See Listener.close."""
        self._closed = True  # at once: what is received before the call is made comes too late as well
        self.io.call(self._stop_accepting)

    def channels(self) -> list[ServerChannel]:
        """Return the channels that are open."""
        return list(self._channels.values())

    def dismiss(self) -> None:
        """Close every channel."""
        self._stop_accepting()
        for channel in self.channels():
            channel.finish(None, tell_peer=True)

    def shut(self, until: float) -> None:
        """Close the socket, once all have left who were dismissed, or at that time of `time.monotonic()`."""
        self._let_peers_leave(until)
        self._shut = True
        self.io.forget(self.socket)
        self.io.forget(self._monitor)
        with self.socket_lock:
            self.socket.disable_monitor()
            self._monitor.close(0)
            self.socket.close(LINGER_MS)

    def look(self) -> None:
        """Have received what may have arrived. Under the socket's lock, on any thread."""
        if not self._to_read and readable(self.socket):
            self._read_soon()

    def peer_unreachable(self, routing_id: bytes) -> None:
        """Note that a peer has gone; what it sent may still be here to read."""
        self._dead.append(routing_id)
        self._read_soon()

    def peer_closed(self, routing_id: bytes) -> None:
        """Forget a peer that says nothing more."""
        self._channels.pop(routing_id, None)
        self._unbind_when_empty()

    # --- inside

    def _open(self) -> None:
        self.io.watch(self.socket, self._readable)
        self.io.watch(self._monitor, self._connections_changed)

    def _stop_accepting(self) -> None:
        self._closed = True
        if self._accepting:
            self._accepting = False
            self._unbind_when_empty()

    def _unbind_when_empty(self) -> None:
        """Give the address back. Not before: with it, libzmq would end the connections that were made through it."""
        if not (self._accepting or self._channels or self._unbound or self.url.startswith("inproc://")):
            self._unbound = True
            with self.socket_lock:
                self.socket.unbind(self._bound)

    def _let_peers_leave(self, until: float) -> None:
        """Wait a little until those who were told to close have closed.

        A DEALER that does not connect again drops what it has received and not read when its connection is ended from
        here, such as the goodbye.
        """
        while self._of_descriptor and (left_s := until - time.monotonic()) > 0:
            if self._monitor.poll(max(1, round(left_s * 1000))):
                self._watch_connections()

    def _read_soon(self) -> None:
        """Have a turn of receiving, once, however often it is asked for: other sockets and calls have theirs."""
        if not self._to_read:
            self._to_read = True
            self.io.call(self._readable)

    def _readable(self) -> None:
        self._to_read = False  # before it is looked: what comes later asks for another turn
        if self._shut:
            return
        noted = len(self._dead)  # of those that are noted from here on something may arrive after this look
        if self._take_turn():
            self._read_soon()
            return
        self._bury(noted)  # only now: what they had sent before came first
        if self._dead:
            self._read_soon()

    def _take_turn(self) -> bool:
        """Receive and hand on, or hand on what is left of the turn before; tells whether there may be more."""
        if self._received:
            self._hand_on()
            return True
        until = time.monotonic() + TURN_S
        more = True
        while more and not self._received and time.monotonic() < until:
            messages, more = receive_batch(self.socket, self.socket_lock, routed=True)
            if len(messages) == 1:  # mostly
                routing_id, frames = messages[0]
                self._received.append((routing_id, [frames]))
            else:
                groups = groupby(messages, key=itemgetter(0))
                self._received.extend((routing_id, [frames for _, frames in group]) for routing_id, group in groups)
            self._hand_on()
        return more or bool(self._received)

    def _bury(self, many: int) -> None:
        """End the channels of the first of those that have left: all that they had sent was read."""
        dead = self._dead[:many]
        del self._dead[:many]
        for key in dead:
            if (channel := self._channels.pop(key, None)) is not None:
                channel.finish(lost(channel.peer, "it was closed from the other side"), tell_peer=False)
                self._unbind_when_empty()

    def _hand_on(self) -> None:
        """Deliver what was received, up to a peer who has sent so much that the rest of it is for the next turn."""
        received = self._received
        while received:
            routing_id, arrived = received.popleft()
            if left := self._receive(routing_id, arrived):
                received.appendleft((routing_id, left))
                return

    def _connections_changed(self) -> None:
        if not self._shut:
            self._watch_connections()
            self._readable()  # what those had sent that have left comes first

    def _watch_connections(self) -> None:
        while readable(self._monitor):
            descriptor = recv_monitor_message(self._monitor)["value"]
            if (routing_id := self._of_descriptor.pop(descriptor, None)) is not None:
                self._dead.append(routing_id)

    def _receive(self, routing_id: bytes, arrived: Sequence[Sequence[zmq.Frame]]) -> Sequence[Sequence[zmq.Frame]]:
        channel = self._channels.get(routing_id)
        if channel is None:
            if self._closed:
                self._refuse(routing_id)
                return ()
            channel = self._new_channel(routing_id, arrived[0][0])
        return channel.deliver(arrived)

    def _refuse(self, routing_id: bytes) -> None:
        with self.socket_lock, contextlib.suppress(zmq.ZMQError):  # it has left already
            self.socket.send(routing_id, NOBLOCK | SNDMORE)
            self.socket.send(REFUSE_FRAME, NOBLOCK)

    def _new_channel(self, routing_id: bytes, frame: zmq.Frame) -> ServerChannel:
        # The number of a closed descriptor may be taken again; libzmq reports its end before it closes it, so after
        # this look at the monitor the number can only mean the new connection.
        self._watch_connections()
        channel = self._channels[routing_id] = ServerChannel(self, routing_id, _peer_name(self.url, frame))
        if self._asks_for_keys:  # elsewhere a peer may say of itself what it likes
            channel.peer_key = bytes.fromhex(str(frame.get("User-Id")))
        if (descriptor := _descriptor(frame)) is not None:
            self._of_descriptor[descriptor] = routing_id
        self._accept(channel)
        return channel


def _descriptor(frame: zmq.Frame) -> int | None:
    """Return the connection of a frame, as the monitor will name it; None for zmq's own inproc, which has none."""
    try:
        return int(frame.get("__fd"))
    except (zmq.ZMQError, TypeError, ValueError):
        return None


def _peer_name(url: str, frame: zmq.Frame) -> str:
    try:
        return f"the client at {frame.get('Peer-Address')} of {url}"
    except zmq.ZMQError:
        return f"a client of {url}"
