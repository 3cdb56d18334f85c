"""The service that the checks of engines talk to: it does what the header says, and tells what it has begun."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

from ..hosting.incoming_call import IncomingCall, ServiceClient
from ..hosting.service import Service
from ..packet import Packet
from .stage import Stage


class PlannedFailure(Exception):
    """What the workbench raises when it is told to fail."""

    def __init__(self, message: str, details: dict[str, Any]) -> None:
        super().__init__(message)
        self.details = details


class Workbench(Service):
    """Header: `{"do": what, "n": number}`; a request without "do" is echoed."""

    def __init__(self, stage: Stage, name: str = "workbench") -> None:
        super().__init__(name)
        self.begun: list[int] = []
        self.made = 0
        self.kept: list[Packet] = []
        self.entered = threading.Event()
        self.gate = threading.Event()
        self.later_gate = threading.Event()
        self.cancels: SimpleQueue[int] = SimpleQueue()
        self.left = threading.Event()
        self.subscribed: SimpleQueue[IncomingCall] = SimpleQueue()
        self._hold_s = 4 * stage.wait_s
        stage.at_end(self.gate.set)
        stage.at_end(self.later_gate.set)
        self._ways: dict[str, Callable[[IncomingCall, dict[str, Any]], Packet | Iterator[Packet] | None]] = {
            "hold": self._hold,
            "hold later": self._hold_later,
            "fail": self._fail,
            "keep": self._keep,
            "sum": self._sum,
            "count": self._count,
            "push": self._push,
        }

    def process(self, incoming: IncomingCall) -> Packet | Iterator[Packet] | None:
        """See Service.process."""
        header = incoming.packet.header
        self.begun.append(header["n"])
        way = self._ways.get(header.get("do", ""))
        return way(incoming, header) if way else Packet(header, incoming.packet.buffers)

    def cancelled(self, incoming: IncomingCall) -> None:
        """See Service.cancelled."""
        self.cancels.put(incoming.packet.header["n"])

    def client_left(self, client: ServiceClient) -> None:
        """See Service.client_left."""
        self.left.set()

    def _hold(self, _incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        """Hold until the check opens the gate."""
        self.entered.set()
        self.gate.wait(self._hold_s)
        return Packet(header)

    def _hold_later(self, _incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        """Hold until the check opens the other gate."""
        self.later_gate.wait(self._hold_s)
        return Packet(header)

    def _fail(self, _incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        raise PlannedFailure(f"failed on purpose at {header['n']}", {"proxy": 7, "where": "here"})

    def _keep(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        """Keep the packet beyond its processing."""
        self.kept.append(incoming.packet)
        return Packet(header)

    def _sum(self, incoming: IncomingCall, _header: dict[str, Any]) -> Packet:
        """Return what a big buffer holds, in a few numbers."""
        view = incoming.packet.buffers[0]
        return Packet({"bytes": view.nbytes, "crc": zlib.crc32(view), "first": view[0], "last": view[-1]})

    def _count(self, _incoming: IncomingCall, header: dict[str, Any]) -> Iterator[Packet]:
        """Yield the numbers up to "items", on demand, with "size" bytes each; fails at "fail_at"."""
        for number in range(header["items"]):
            if number == header.get("fail_at"):
                raise PlannedFailure(f"failed on purpose at item {number}", {})
            self.made += 1
            yield Packet(number, (bytes(header["size"]),) if "size" in header else ())

    def _push(self, incoming: IncomingCall, _header: dict[str, Any]) -> None:
        """Keep a stream that the check writes itself, from its own thread."""
        self.subscribed.put(incoming)
