"""A service for sessions in whose process Python's collector is off: what is freed is freed by its owners."""

from __future__ import annotations

import gc
from collections.abc import Callable

from services_core import IncomingCall, Packet, Service, ServiceEndpoint


class NoCollector(Service):
    """Turns the collector off when the session begins."""

    def __init__(self, connect: Callable[[str], ServiceEndpoint]) -> None:
        super().__init__("no_collector")
        gc.disable()

    def process(self, incoming: IncomingCall) -> Packet:
        """Tell that it is off."""
        return Packet({"off": not gc.isenabled()})
