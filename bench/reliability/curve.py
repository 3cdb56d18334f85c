"""What keys cost: a connection, and a request of 1 KiB, at curve:// and at tcp://, in turn."""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Final

from services_core import IncomingCall, Keys, Packet, Service, ServicesEngine, backend_class

from ..floors.zmq_keys import answered_once
from .figures import Figure, Measurement, at_most

WAIT_S: Final = 10.0
REQUESTS: Final = 200
KIB: Final = bytes(1024)


class _Echo(Service):
    def process(self, incoming: IncomingCall) -> Packet:
        return Packet(None, incoming.packet.buffers)


def _connect(client: ServicesEngine, url: str) -> float:
    began = time.perf_counter()
    endpoint = client.endpoint("echo", url)
    endpoint.connected().result(WAIT_S)
    took = time.perf_counter() - began
    endpoint.close()
    return took


def _ask(client: ServicesEngine, url: str) -> float:
    endpoint = client.endpoint("echo", url)
    endpoint.connected().result(WAIT_S)
    began = time.perf_counter()
    for _ in range(REQUESTS):
        endpoint.send_request(None, [KIB]).result(WAIT_S)
    took = (time.perf_counter() - began) / REQUESTS
    endpoint.close()
    return took


def _measure(quick: bool) -> Iterator[Figure]:
    pair = backend_class("zmq").new_key_pair()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(ServicesEngine("zmq", keys=Keys(own=pair, admits=lambda key: key == pair.public)))
        server.add_service(_Echo("echo"))
        plain, keyed = (server.listen(f"{scheme}://127.0.0.1:0").url for scheme in ("tcp", "curve"))
        servers = {keyed.partition("://")[2]: pair.public}
        client = stack.enter_context(ServicesEngine("zmq", keys=Keys(own=pair, servers=servers)))
        alone = stack.enter_context(answered_once())
        subjects: tuple[tuple[str, Callable[[bool], float], int, float | None], ...] = (
            ("connection of ZeroMQ alone", alone, 40 if quick else 200, None),
            ("connection", lambda keys: _connect(client, keyed if keys else plain), 40 if quick else 200, 2.0),
            ("request of 1 KiB", lambda keys: _ask(client, keyed if keys else plain), 10 if quick else 40, 1.4),
        )
        for name, once, rounds, bound in subjects:
            times = [(once(False), once(True)) for _ in range(rounds)]
            without, with_keys = (statistics.median(column) * 1e3 for column in zip(*times, strict=True))
            yield Figure(f"{name}, plain", without, "ms", rounds)
            yield Figure(f"{name}, keys", with_keys, "ms", rounds)
            target = None if bound is None else at_most(bound)
            yield Figure(f"{name}, keys to plain", with_keys / without, "x", rounds, target)


MEASUREMENTS: Final = (
    Measurement("curve", "Both sides prove by keys who they are: what that costs, measured in turn.", _measure),
)
