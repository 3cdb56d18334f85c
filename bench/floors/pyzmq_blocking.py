"""ZeroMQ without us: a blocking DEALER here, a blocking ROUTER in its own process, one frame each way."""

from __future__ import annotations

import zmq

from ..running.child import Child
from ..running.driving import now, pipeline, repeat
from ..running.party import FLOOR, Party
from ..running.sample import Timings
from ..running.server import Served, in_thread
from ..running.services import read_only_array
from ..subject import check

NOTE = b"n"
GIVE = b"g"
TAKE = b"t"


class PyzmqBlocking(Party):
    """Over tcp on loopback; `curve` encrypts, for what that costs."""

    kind = FLOOR

    def __init__(self, *, curve: bool = False) -> None:
        self.label = "pyzmq CURVE" if curve else "pyzmq"
        self._curve = curve

    async def open(self) -> None:
        public, secret = zmq.curve_keypair() if self._curve else (b"", b"")
        self._child = Child(serve, public=public.decode(), secret=secret.decode())
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._server_key = public
        self._socket = self._connect()

    async def close(self) -> None:
        self._socket.close(0)
        self._context.term()
        self._child.close()

    async def requests(self, payload: bytes, in_flight: int, seconds: float) -> Timings:
        send, receive = self._socket.send, self._socket.recv
        return pipeline(lambda: send(payload), receive, in_flight, seconds)

    async def one_way(self, payload: bytes, seconds: float) -> Timings:
        """Messages that nobody answers, until the server says that it had them all."""
        send = self._socket.send
        note = NOTE + payload[1:]
        began = now()
        sent = repeat(lambda: send(note), seconds)
        send(b"")
        self._socket.recv()
        return Timings(sent.each_s, now() - began)

    async def receive(self, size_bytes: int, seconds: float) -> Timings:
        def fetch() -> None:
            self._socket.send(GIVE + size_bytes.to_bytes(8, "little"))
            check(self._socket.recv(copy=False).buffer, size_bytes)

        return repeat(fetch, seconds)

    async def send(self, size_bytes: int, seconds: float) -> Timings:
        array = read_only_array(size_bytes)

        def give() -> None:
            self._socket.send(TAKE, zmq.SNDMORE)
            self._socket.send(array.data, copy=False)
            self._socket.recv()

        return repeat(give, seconds)

    async def first_reply(self) -> None:
        with self._connect() as socket:
            socket.send(b"")
            socket.recv()

    def _connect(self) -> zmq.Socket[bytes]:
        socket = self._context.socket(zmq.DEALER)
        socket.linger = 0
        if self._curve:
            socket.curve_serverkey = self._server_key
            socket.curve_publickey, socket.curve_secretkey = zmq.curve_keypair()
        socket.connect(self._child.address)
        return socket


def serve(public: str, secret: str) -> Served:
    """Run the ROUTER."""
    socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.ROUTER)
    socket.set(zmq.RCVHWM, 0)
    if secret:
        socket.curve_server = True
        socket.curve_publickey, socket.curve_secretkey = public.encode(), secret.encode()
    socket.bind("tcp://127.0.0.1:*")
    address = socket.get_string(zmq.LAST_ENDPOINT)
    in_thread(lambda: _answer(socket))
    return Served(address, lambda: None)


def _answer(socket: zmq.Socket[bytes]) -> None:
    more = int(zmq.SNDMORE)
    while True:
        peer, payload = socket.recv(), socket.recv()
        if payload[:1] == NOTE:
            continue
        socket.send(peer, more)
        if payload[:1] == GIVE:
            size_bytes = int.from_bytes(payload[1:], "little")
            socket.send(read_only_array(size_bytes).data, copy=False)
        elif payload == TAKE:
            socket.recv(copy=False)
            socket.send(b"")
        else:
            socket.send(payload)
