"""A client that floods a server: `python -m bench.reliability.flooder URL KIND SECONDS`, a process of its own."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from async_paraview.credentials import find_server
from async_paraview.operations import data, sessions
from services_core import Busy, MiB, Packet, Reply, ServiceEndpoint, ServicesEngine, Subscription

WAIT_S: Final = 60.0
UNDER_WAY: Final = 4096
"""Requests that a flood has open at a time: far more than anybody waits for."""

READS: Final = 8
"""Streams of bulk data that a flood reads at a time."""

LARGE: Final = bytes(4 * MiB)
IMAGE: Final = {"id": 1, "type": "Wavelet", "properties": {"WholeExtent": [-63, 64, -63, 64, -63, 64]}}
"""Of 8 MB."""

Flood = Callable[[ServiceEndpoint], None]


def begin_session(engine: ServicesEngine, url: str) -> tuple[ServiceEndpoint, ServiceEndpoint]:
    """Return connections to the server's front and to the data service of a session of their own."""
    file = find_server(url)
    token = None if file is None else file.token
    front = engine.endpoint("sessions", url, token=token)
    session = front.send_request(sessions.Open().packet()).result(WAIT_S).header["session"]
    own = engine.endpoint("data", url, session=session, token=token)
    own.add_fault_callback(lambda error: None)  # what a wrong message is answered by
    own.send_request(data.Sync().packet()).result(WAIT_S)  # VTK is imported
    return front, own


class _Asking:
    """Sends a request; waits for the oldest where too many are open, or too many bytes."""

    def __init__(self, packet: Packet) -> None:
        self._packet = packet
        self._asked: deque[Reply[Packet]] = deque()

    def __call__(self, own: ServiceEndpoint) -> None:
        asked = self._asked
        asked.append(own.send_request(self._packet))
        while asked and (len(asked) >= UNDER_WAY or asked[0].done()):
            with contextlib.suppress(Exception):  # one that is refused floods as well
                asked.popleft().result(WAIT_S)


class _Reading:
    """Reads an item of a stream of bulk data, of several that are open."""

    def __init__(self, packet: Packet) -> None:
        self._packet = packet
        self._open: deque[Subscription] = deque()

    def __call__(self, own: ServiceEndpoint) -> None:
        while len(self._open) < READS:
            self._open.append(own.subscribe(self._packet))
        oldest = self._open.popleft()
        if oldest.get(WAIT_S) is not None:
            self._open.append(oldest)


def _floods() -> dict[str, Flood]:
    """Return what is done once, and then again, by kind."""
    small = data.HoldBack(reason="a flood").packet()
    large = Packet(small.header, [LARGE])
    sync = data.Sync().packet()
    return {
        "small messages": lambda own: own.send_message(small),
        "large messages": lambda own: own.send_message(large),
        "small requests": _Asking(sync),
        "large requests": _Asking(Packet(sync.header, [LARGE])),
        "small streams": lambda own: own.subscribe(data.Progress().packet()).close(),
        "large streams": _Reading(data.Fetch(id=1).packet()),
    }


KINDS: Final = tuple(_floods())


def flood(own: ServiceEndpoint, kind: str, until: float) -> int:
    """Flood a data service up to this time of `time.monotonic()`; tells how often."""
    own.send_message(data.Update(proxies=(IMAGE,)).packet())
    once, done = _floods()[kind], 0
    while time.monotonic() < until:
        try:
            once(own)
            done += 1
        except Busy:
            own.room().result(WAIT_S)
    return done


def main(url: str, kind: str, seconds: float) -> None:
    """Begin a session, say so, and flood it when told to; prints how often."""
    with ServicesEngine("zmq", name="flood") as engine:
        _front, own = begin_session(engine, url)
        print("ready", flush=True)
        sys.stdin.readline()
        print(flood(own, kind, time.monotonic() + seconds), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
