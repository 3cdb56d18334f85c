"""The connecting end: a DEALER socket of its own for each channel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import zmq
from zmq.utils.monitor import recv_monitor_message

from services_core import ConnectionFailed, Limits, ServicesError
from services_core.codec import Frame

from .channel import ZmqChannel, lost, readable, receive_batch, send_frames
from .io_thread import IoThread
from .sockets import make_socket

_WATCHED = int(zmq.EVENT_CONNECTED | zmq.EVENT_CLOSED | zmq.EVENT_DISCONNECTED | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL)


class ClientChannel(ZmqChannel):
    """A channel that connects. ZeroMQ tells through the monitor whether anybody is there."""

    def __init__(
        self,
        io: IoThread,
        context: zmq.Context[zmq.Socket[bytes]],
        url: str,
        limits: Limits,
        ended: Callable[[ClientChannel], None],
    ) -> None:
        super().__init__(io, limits, url, threading.Lock())
        self._ended = ended
        self._connected = False
        self._failure: ServicesError | None = None
        self._socket = make_socket(context, zmq.DEALER, url, limits)
        self._monitor = self._socket.get_monitor_socket(_WATCHED)
        self._socket.connect(url)
        self._send = self._socket.send

    def _open(self) -> None:
        if not self._over:
            self._io.watch(self._socket, self._readable)
            self._io.watch(self._monitor, self._watch_connection)

    def _send_frames(self, frames: Sequence[Frame]) -> None:
        send_frames(self._send, frames)

    def _look(self) -> None:
        if readable(self._socket):
            self._io.call(self._readable)

    def _readable(self) -> None:
        if self._over:
            return
        messages, more = receive_batch(self._socket, self._socket_lock)
        for frames in messages:
            self._deliver(frames)
        if more:
            self._io.call(self._readable)
        elif self._failure is not None:
            self._finish(self._failure, tell_peer=False)

    def _watch_connection(self) -> None:
        while not self._over and self._failure is None and self._monitor.poll(0):
            event = recv_monitor_message(self._monitor)["event"]
            if event == zmq.EVENT_CONNECTED:
                self._connected = True
            elif self._connected:
                self._failure = lost(self.peer, "it was closed from the other side")
            else:
                self._failure = ConnectionFailed(
                    f"nobody listens at {self.peer}: the connection was refused; start apvserver there, or check the "
                    "host and the port"
                )
        if self._failure is not None:
            self._readable()  # what had arrived before the connection broke comes first

    def _release(self, *, reachable: bool) -> None:
        self._io.forget(self._socket)
        self._io.forget(self._monitor)
        self._socket.disable_monitor()
        self._monitor.close(0)
        self._socket.close(None if reachable and self._failure is None else 0)
        self._ended(self)
