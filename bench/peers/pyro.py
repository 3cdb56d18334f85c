"""Pyro5: a proxy for each thread, one call at a time on each; bytes by serpent's or msgpack's own means."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..running.child import Child
from ..running.driving import now, repeat
from ..running.sample import Timings
from ..running.server import Served, in_thread
from ..running.services import read_only_array
from .peer import Peer


class Pyro(Peer):
    """With msgpack, its fastest serializer that takes bytes as they are."""

    label = "Pyro5"
    packages = ("Pyro5",)

    async def open(self) -> None:
        import Pyro5

        Pyro5.config.SERIALIZER = "msgpack"
        self._child = Child(serve)
        self._proxy = self._connect()
        self._proxy._pyroBind()

    async def close(self) -> None:
        self._proxy._pyroRelease()
        self._child.close()

    async def requests(self, payload: bytes, in_flight: int, seconds: float) -> Timings:
        if in_flight == 1:
            return repeat(lambda: self._proxy.echo(payload), seconds)
        began = now()
        with ThreadPoolExecutor(in_flight) as threads:
            runs = [threads.submit(self._in_thread, payload, seconds) for _ in range(in_flight)]
        return Timings([time_s for run in runs for time_s in run.result().each_s], now() - began)

    async def receive(self, size_bytes: int, seconds: float) -> Timings:
        def fetch() -> None:
            assert len(self._proxy.give(size_bytes)) == size_bytes

        return repeat(fetch, seconds)

    async def first_reply(self) -> None:
        with self._connect() as proxy:
            proxy.echo(b"")

    def _in_thread(self, payload: bytes, seconds: float) -> Timings:
        with self._connect() as proxy:
            proxy.echo(payload)
            return repeat(lambda: proxy.echo(payload), seconds)

    def _connect(self) -> Any:
        import Pyro5.api

        return Pyro5.api.Proxy(self._child.address)


def serve() -> Served:
    """Run a daemon with a thread for each connection."""
    import Pyro5
    import Pyro5.api

    Pyro5.config.SERIALIZER = "msgpack"
    Pyro5.config.THREADPOOL_SIZE = 100
    arrays: dict[int, bytes] = {}

    @Pyro5.api.expose
    class Echo:
        def echo(self, payload: bytes) -> bytes:
            return payload

        def give(self, size_bytes: int) -> bytes:
            return arrays.setdefault(size_bytes, read_only_array(size_bytes).tobytes())

    daemon = Pyro5.api.Daemon(host="127.0.0.1")
    address = str(daemon.register(Echo()))
    in_thread(daemon.requestLoop)
    return Served(address, lambda: None)
