"""The services that backends are measured with; the same in a process of their own and in ours."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

import numpy as np

from services_core import Busy, Closed, IncomingCall, Kind, Limits, MiB, Packet, Service, ServicesEngine, StreamWriter

from ..variants import Variant
from .server import Served

WHOLE_PIECE_BYTES: Final = 64 * MiB
"""The size of pieces for a client to whom the backend would send data whole."""


class Echo(Service):
    """Answers a request with what it brought, unread. Takes messages and does nothing with them."""

    def process(self, incoming: IncomingCall) -> Packet | None:
        return incoming.packet if incoming.kind is Kind.REQUEST else None


class Bulk(Service):
    """Arrays, streams and images, by the "op" of the header."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(name)
        self._limits = limits
        self._writers: list[StreamWriter] = []
        self._accepted: dict[int, int] = {}
        self._threads: list[threading.Thread] = []
        self._ending = threading.Event()
        self._operations: dict[str, Callable[[IncomingCall, Any], Packet | Iterator[Packet] | None]] = {
            "echo": lambda incoming, header: incoming.packet,
            "take": self._take,
            "give": self._give,
            "pieces": self._pieces,
            "listen": self._listen,
            "publish": self._publish,
            "frames": self._frames,
        }

    def process(self, incoming: IncomingCall) -> Packet | Iterator[Packet] | None:
        header = incoming.packet.header
        return self._operations[header["op"]](incoming, header)

    def stopped(self) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join(5)

    def _take(self, incoming: IncomingCall, header: Any) -> Packet:
        return Packet(sum(view.nbytes for view in incoming.packet.buffers))

    def _give(self, incoming: IncomingCall, header: Any) -> Packet:
        return Packet(None, [read_only_array(header["size"])], limits=self._limits)

    def _pieces(self, incoming: IncomingCall, header: Any) -> Iterator[Packet]:
        whole = memoryview(read_only_array(header["size"]).data)
        step = incoming.client.chunk_bytes or WHOLE_PIECE_BYTES
        for begin in range(0, len(whole), step):
            yield Packet(begin, [whole[begin : begin + step]])

    def _listen(self, incoming: IncomingCall, header: Any) -> None:
        assert incoming.stream is not None
        self._writers.append(incoming.stream)

    def _publish(self, incoming: IncomingCall, header: Any) -> Packet:
        """Put so many items into every stream; a stream that is full misses them. Replies the most one stream took."""
        refused = 0
        for number in range(header["count"]):
            item = Packet(number, [bytes(header["size"])])
            for writer in list(self._writers):
                try:
                    writer.put(item)
                    self._accepted[id(writer)] = self._accepted.get(id(writer), 0) + 1
                except Busy:
                    refused += 1
                except Closed:
                    self._writers.remove(writer)
        fewest = min(self._accepted.values(), default=0)
        return Packet({"refused": refused, "fewest": fewest, "item_bytes": item.size_bytes})

    def _frames(self, incoming: IncomingCall, header: Any) -> None:
        """Produce images, never waiting for the viewer."""
        stream = incoming.stream
        assert stream is not None
        pixels = read_only_array(header["size"])

        def produce() -> None:
            while not stream.over and not self._ending.wait(header["period_s"]):
                try:
                    stream.put(Packet(time.monotonic(), [pixels]))
                except Closed:
                    return

        thread = threading.Thread(target=produce, name="bench-frames", daemon=True)
        self._threads.append(thread)
        thread.start()


@lru_cache(maxsize=2)
def read_only_array(size_bytes: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return an array that travels without a copy; its first byte is 1, its last 2; the last two arrays are kept."""
    array = np.full(size_bytes, 7, np.uint8)
    array[0], array[-1] = 1, 2
    array.flags.writeable = False
    return array


def add_services(engine: ServicesEngine) -> None:
    """Start "echo" and "bulk"."""
    engine.add_service(Echo("echo"))
    engine.add_service(Bulk("bulk", engine.limits))


def serve(variant: list[Any], limits: dict[str, Any]) -> Served:
    """Run the services in a process of their own."""
    chosen = Variant(*variant)
    engine = ServicesEngine(chosen.backend, limits=Limits(**limits))
    add_services(engine)
    return Served(engine.listen(chosen.url(engine.backend)).url, engine.close)
