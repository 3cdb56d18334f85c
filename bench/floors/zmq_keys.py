"""ZeroMQ alone, with keys and without: a connection up to its first answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import zmq


@contextmanager
def answered_once() -> Iterator[Callable[[bool], float]]:
    """Yield what connects, asks and is answered, with keys or without, and returns how many seconds that took."""
    public, secret = zmq.curve_keypair()
    with ExitStack() as stack:
        context = stack.enter_context(zmq.Context())
        sockets = [stack.enter_context(context.socket(zmq.ROUTER)) for _ in range(2)]
        sockets[True].setsockopt(zmq.CURVE_SERVER, 1)
        sockets[True].setsockopt(zmq.CURVE_SECRETKEY, secret)
        for socket in sockets:
            socket.bind("tcp://127.0.0.1:0")

        def connect(keyed: bool) -> float:
            server = sockets[keyed]
            began = time.perf_counter()
            with context.socket(zmq.DEALER) as client:
                client.setsockopt(zmq.LINGER, 0)
                if keyed:
                    client.setsockopt(zmq.CURVE_SERVERKEY, public)
                    client.setsockopt(zmq.CURVE_PUBLICKEY, public)
                    client.setsockopt(zmq.CURVE_SECRETKEY, secret)
                client.connect(server.getsockopt_string(zmq.LAST_ENDPOINT))
                client.send(b"asked")
                server.send_multipart(server.recv_multipart())
                client.recv()
                return time.perf_counter() - began

        yield connect
