"""Programs that the fault tests run in processes of their own, to kill and to stop."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from services_core import Incoming, Packet, Service, ServicesEngine


class Slave(Service):
    """Echoes; with {"do": "spin"} it holds the GIL, with {"do": "sleep"} it waits, for "s" seconds."""

    def process(self, incoming: Incoming) -> Packet:
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
        engine.add_service(Slave("slave"))
        print(engine.listen(url).url, flush=True)
        sys.stdin.read()


def visit(url: str) -> None:
    """Connect to the service there, and stay."""
    with ServicesEngine("zmq") as engine:
        endpoint = engine.endpoint("slave", url)
        endpoint.send_request({}).result(10)
        print("connected", flush=True)
        sys.stdin.read()


def forget(url: str) -> None:
    """Leave engines open at exit, with a request under way."""
    for backend in ("inproc", "zmq"):
        engine = ServicesEngine(backend)
        engine.add_service(Slave("slave"))
        endpoint = engine.endpoint("slave")
        endpoint.send_request({}).result(10)
        endpoint.send_request({"do": "sleep", "s": 0.3})
    print("done", flush=True)


_PROGRAMS: dict[str, Callable[[str], None]] = {"serve": serve, "visit": visit, "forget": forget}

if __name__ == "__main__":
    _PROGRAMS[sys.argv[1]](sys.argv[2])
