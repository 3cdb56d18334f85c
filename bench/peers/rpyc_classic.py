"""RPyC: synchronous calls, or asynchronous results on one connection."""

from __future__ import annotations

from typing import Any

from ..running.child import Child
from ..running.driving import pipeline, repeat
from ..running.sample import Timings
from ..running.server import Served, in_thread
from ..running.services import read_only_array
from .peer import Peer

_CONFIG = {"sync_request_timeout": 60}


class Rpyc(Peer):
    """bytes travel by value."""

    label = "rpyc"
    packages = ("rpyc",)

    async def open(self) -> None:
        self._child = Child(serve)
        self._connection = self._connect()

    async def close(self) -> None:
        self._connection.close()
        self._child.close()

    async def requests(self, payload: bytes, in_flight: int, seconds: float) -> Timings:
        import rpyc

        if in_flight == 1:
            echo = self._connection.root.echo
            return repeat(lambda: echo(payload), seconds)
        begin = rpyc.async_(self._connection.root.echo)
        pending: list[Any] = []

        def receive() -> None:
            pending.pop(0).wait()

        return pipeline(lambda: pending.append(begin(payload)), receive, in_flight, seconds)

    async def receive(self, size_bytes: int, seconds: float) -> Timings:
        give = self._connection.root.give

        def fetch() -> None:
            assert len(give(size_bytes)) == size_bytes

        return repeat(fetch, seconds)

    async def first_reply(self) -> None:
        with self._connect() as connection:
            connection.root.echo(b"")

    def _connect(self) -> Any:
        import rpyc

        return rpyc.connect("127.0.0.1", self._child.address, config=_CONFIG)


def serve() -> Served:
    """Run a threaded server."""
    import rpyc
    from rpyc.utils.server import ThreadedServer

    arrays: dict[int, bytes] = {}

    class Echo(rpyc.Service):  # type: ignore[misc]
        def exposed_echo(self, payload: bytes) -> bytes:
            return payload

        def exposed_give(self, size_bytes: int) -> bytes:
            return arrays.setdefault(size_bytes, read_only_array(size_bytes).tobytes())

    server = ThreadedServer(Echo, hostname="127.0.0.1", port=0, protocol_config=_CONFIG)
    server._listen()
    in_thread(server.start)
    return Served(server.port, lambda: None)
