"""Programs that the fault tests run in processes of their own, to kill and to stop."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

import zmq

from services_core import IncomingCall, Packet, Service, ServicesEngine
from services_zmq.sockets import HEARTBEAT_MS

from ..harness.time_limits import scaled


class EchoService(Service):
    """Echoes; with {"do": "spin"} it holds the GIL, with {"do": "sleep"} it waits, for "s" seconds."""

    def process(self, incoming: IncomingCall) -> Packet:
        header = incoming.packet.header
        if header.get("do") == "spin":
            sys.setswitchinterval(1e6)  # no other Python thread gets the GIL while this one computes
            until = time.monotonic() + header["s"]
            while time.monotonic() < until:
                pass
            sys.setswitchinterval(0.005)
        elif header.get("do") == "sleep":
            time.sleep(header["s"])  # the work itself
        return Packet(header)


def serve(url: str) -> None:
    """Listen, say where, and serve until standard input ends."""
    with ServicesEngine("zmq") as engine:
        engine.add_service(EchoService("echo"))
        print(engine.listen(url).url, flush=True)
        sys.stdin.read()


def visit(url: str) -> None:
    """Connect to the service there, and stay."""
    with ServicesEngine("zmq") as engine:
        endpoint = engine.endpoint("echo", url)
        endpoint.send_request({}).result(scaled(10))
        print("connected", flush=True)
        sys.stdin.read()


def forget(_url: str) -> None:
    """Leave engines open at exit, with a request under way."""
    for backend in ("inproc", "zmq"):
        engine = ServicesEngine(backend)
        engine.add_service(EchoService("echo"))
        endpoint = engine.endpoint("echo")
        endpoint.send_request({}).result(scaled(10))
        endpoint.send_request({"do": "sleep", "s": 0.3})
    print("done", flush=True)


class Stuck(Service):
    """Its preview of "stick" keeps the communication thread for as long as two heartbeats and more would take."""

    def __init__(self) -> None:
        super().__init__("stuck")
        self.begun = threading.Event()
        self.flooded = threading.Event()

    def preview(self, incoming: IncomingCall) -> None:
        if incoming.packet.header == "stick":
            self.begun.set()
            self.flooded.wait(scaled(20))
            threading.Event().wait(2.5 * HEARTBEAT_MS / 1000)  # the time in which a heartbeat would have been due

    def process(self, incoming: IncomingCall) -> Packet:
        return Packet(incoming.packet.header)


def flooded(url: str) -> None:
    """A server whose communication thread is stuck gets more than libzmq reads ahead from a peer that then vanishes."""
    with ServicesEngine("zmq") as engine, ServicesEngine("zmq") as clients:
        service = Stuck()
        engine.add_service(service)
        there = engine.listen(url).url
        clients.endpoint("stuck", there).send_request("stick")
        service.begun.wait(scaled(10))
        with zmq.Context() as context, context.socket(zmq.DEALER) as flood:
            flood.setsockopt(zmq.LINGER, 0)
            flood.setsockopt(zmq.SNDTIMEO, 500)
            flood.connect(there)
            try:
                while True:
                    flood.send(b"flood")
            except zmq.Again:
                print("flooded", flush=True)  # libzmq reads no more over there, and TCP is full
        service.flooded.set()
        print(clients.endpoint("stuck", there).send_request("after").result(scaled(30)).header, flush=True)


_PROGRAMS: dict[str, Callable[[str], None]] = {
    "serve": serve,
    "visit": visit,
    "forget": forget,
    "flooded": flooded,
}

if __name__ == "__main__":
    _PROGRAMS[sys.argv[1]](sys.argv[2])
