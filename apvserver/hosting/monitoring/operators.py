"""What operators ask of a server: the operations `status` and `stop`, for whoever has its operator's token."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from async_paraview.operations import Method, Operation, sessions
from services_core import IncomingCall, Packet, Refused, ServiceClient
from services_core.payload import pack_payload

from ..admission.waiting_line import LineState
from ..session_table import SessionTable
from .traffic import Counts

OPERATOR: Final = "operator"
"""Where the HELLO that the server passes on says so. What a client says there is dropped."""

NO_OPERATOR: Final = (
    "only the operator of this server may ask that: the user who started it, on the same machine, by apvserver status, "
    "sessions or stop; tokens of clients and of sessions do not allow it"
)


class OperatorsDesk:
    """Answers operators. Thread-safe."""

    def __init__(self, about: Mapping[str, Any], table: SessionTable) -> None:
        self.stop: Callable[[float | None], float] = _cannot_stop
        """Asks for the end of the server, drained for so many seconds; None: for as long as its options say.

        Returns in how many it ends at the latest.
        """
        self.waiting: Callable[[], LineState] = LineState
        """Returns who waits for a session."""
        self._about = dict(about)
        self._table = table
        self._since = time.time()
        self.methods: dict[type[Operation], Method] = {sessions.Status: self._status, sessions.Stop: self._stop}

    def status(self) -> dict[str, Any]:
        """Return what the operation `status` tells."""
        waiting = self.waiting()
        return {
            **self._about,
            "pid": os.getpid(),
            "since": self._since,
            "now": time.time(),
            "draining": self._table.draining,
            "waiting": waiting.clients,
            "waiting_since": waiting.since,
            **self._table.traffic.counts().to_dict(),
            "sessions": self._table.look(),
        }

    def counts(self) -> Counts:
        """Return what has travelled, in all sessions that there have been."""
        return self._table.traffic.counts()

    def opened(self) -> int:
        """Return how many sessions there have been."""
        return self._table.opened

    def _status(self, incoming: IncomingCall, wanted: sessions.Status) -> Packet:
        require_operator(incoming.client)
        return pack_payload({}, self.status())

    def _stop(self, incoming: IncomingCall, wanted: sessions.Stop) -> Packet:
        require_operator(incoming.client)
        if wanted.drain_s is not None and not wanted.drain_s >= 0:
            raise ValueError(f"drain_s is {wanted.drain_s}; it is a number of seconds, at least 0")
        return Packet({"ends_in_s": self.stop(wanted.drain_s)})


def require_operator(client: ServiceClient) -> None:
    """Raise Refused to whoever has not named the operator's token."""
    if client.info.get(OPERATOR) is not True:
        raise Refused(NO_OPERATOR)


def _cannot_stop(_drain_s: float | None) -> float:
    raise Refused("this server is part of a program, and ends with that")
